"""转给示忙的座席: a seat hands a citizen to a colleague who is at lunch.

Nobody waits for an empty chair: the citizen hears that the other cannot answer and is the first to reach
somebody else. The colleague's telephone does not ring.
"""

from ivr.prompt_book import Prompt
from tests.stories.ami_trace import traced
from tests.stories.handing_on import assert_all_on_one_recording
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import SEAT_WORDS, they_talk
from tests.stories.records import has_ended
from tests.stories.waiting import PATIENCE_SECONDS

WORDS = "社保卡丢了怎么补办"


async def test_a_citizen_is_handed_to_a_colleague_who_is_paused(hotline: Hotline) -> None:
    await hotline.sounds.prepare(WORDS)
    async with (
        hotline.seat(SEATS[0]) as first,
        hotline.seat(SEATS[1]) as at_lunch,
        traced(hotline.instance, "blind_transfer_to_paused") as told,
        hotline.citizen() as citizen,
    ):
        await at_lunch.dials("*142")
        await citizen.skips_the_greeting()
        talk = await first.answers()
        await talk.says(SEAT_WORDS)
        await talk.call.hand_on(SEATS[1], within=PATIENCE_SECONDS)
        await told.until("QueueLeft")
        await they_talk(citizen, await first.answers(), WORDS)
    assert [event["status"] for event in told.of("QueueLeft")] == ["JOINEMPTY"]
    assert not at_lunch.rung
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.HANDED_BACK))
    row = await hotline.records.call_from(citizen.number, has_ended)
    kept = await hotline.records.stays_of(row.call_id)
    refused = kept[1]
    assert (refused.queue, refused.seat, refused.waited_seconds) == (f"seat-{SEATS[1]}", None, 0.0)
    await assert_all_on_one_recording(hotline, citizen, WORDS)
