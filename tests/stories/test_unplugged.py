"""话机断线: a seat's telephone is unplugged in the middle of a talk, without a word to anybody.

Asterisk notices that nothing comes from it any more, tells the citizen, and gives her to another seat before
everybody else: one call, one recording, a talk of each seat. The log names it. Whoever was put through by an
attended transfer, or is on hold, is cared for in the same way.
"""

import json
from pathlib import Path

from core.events import EndReason, Party
from core.ids import SeatNo
from ivr.prompt_book import Prompt
from queue_manager.model import SegmentEnd, Via
from tests.stories.handing_on import assert_all_on_one_recording
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import (
    SEAT_WORDS,
    CitizenCalling,
    SeatAtPhone,
    SeatTalking,
    assert_they_heard_each_other,
    they_talk,
)
from tests.stories.records import has_ended
from tests.stories.waiting import PATIENCE_SECONDS

FIRST_WORDS = "我家楼道里闻到煤气味"
SECOND_WORDS = "社保卡丢了怎么补办"
SAID = "座席话机在通话中断线, 市民回到队首"


async def test_a_telephone_is_unplugged_in_the_middle_of_a_talk(hotline: Hotline) -> None:
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.telephone_of(SEATS[0]) as unplugged,
        hotline.telephone_of(SEATS[1]) as other,
        hotline.citizen() as citizen,
    ):
        await unplugged.dials("*12")
        await citizen.skips_the_greeting()
        await unplugged.answers()
        await other.dials("*12")
        await citizen.says(FIRST_WORDS)
        await unplugged.phone.unplug()
        talk = await other.answers()
        await they_talk(citizen, talk, SECOND_WORDS)
        await other.dials("*15")
        await other.dials("*13")
    async with hotline.seat(SEATS[0]):
        pass  # plugged in again, and logged off in the end
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.TALK_CUT_OFF))
    await assert_they_heard_each_other(citizen, talk, SECOND_WORDS)
    await assert_talks(
        hotline,
        citizen,
        (SEATS[0], Via.QUEUE, SegmentEnd.SYSTEM_FAILURE),
        (SEATS[1], Via.QUEUE, SegmentEnd.TALK_OVER),
    )
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_a_telephone_that_was_handed_a_citizen_is_unplugged(hotline: Hotline) -> None:
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as asks,
        hotline.telephone_of(SEATS[1]) as unplugged,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await asks.answers()
        await citizen.says(FIRST_WORDS)
        await unplugged.dials("*12")
        await asks_and_hands_over(asks, talk, unplugged)
        await asks.dials("*15")
        await unplugged.phone.unplug()
        again = await asks.answers()
        await citizen.says(SECOND_WORDS)
        await again.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
    async with hotline.seat(SEATS[1]):
        pass
    assert await again.has_heard(SECOND_WORDS)
    await assert_talks(
        hotline,
        citizen,
        (SEATS[0], Via.QUEUE, SegmentEnd.PASSED_ON),
        (SEATS[1], Via.ATTENDED, SegmentEnd.SYSTEM_FAILURE),
        (SEATS[0], Via.QUEUE, SegmentEnd.TALK_OVER),
    )
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_a_telephone_that_holds_a_citizen_is_unplugged(hotline: Hotline) -> None:
    await hotline.sounds.prepare(SECOND_WORDS)
    async with (
        hotline.telephone_of(SEATS[0]) as unplugged,
        hotline.telephone_of(SEATS[1]) as other,
        hotline.citizen() as citizen,
    ):
        await unplugged.dials("*12")
        await citizen.skips_the_greeting()
        await (await unplugged.answers()).call.hold()
        await other.dials("*12")
        await unplugged.phone.unplug()
        talk = await other.answers()
        await they_talk(citizen, talk, SECOND_WORDS)
        await other.dials("*15")
        await other.dials("*13")
    async with hotline.seat(SEATS[0]):
        pass
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.TALK_CUT_OFF))
    await assert_talks(
        hotline,
        citizen,
        (SEATS[0], Via.QUEUE, SegmentEnd.SYSTEM_FAILURE),
        (SEATS[1], Via.QUEUE, SegmentEnd.TALK_OVER),
    )


async def asks_and_hands_over(asks: SeatAtPhone, talk: SeatTalking, colleague: SeatAtPhone) -> None:
    """Hold, dial the colleague, press the transfer key."""
    await talk.call.hold()
    question = asks.phone.dial(SEATS[1])
    asked = await colleague.answers()
    await question.until_answered(PATIENCE_SECONDS)
    await asked.says(SEAT_WORDS)
    await talk.call.hand_on_to(question, PATIENCE_SECONDS)
    await talk.call.until_over(PATIENCE_SECONDS)


async def assert_talks(
    hotline: Hotline, citizen: CitizenCalling, *talks: tuple[SeatNo, Via, SegmentEnd]
) -> None:
    """Each seat has a segment, the one that was cut off was ended by us; the log names the call."""
    row = await hotline.records.call_from(citizen.number, has_ended)
    assert (row.end_reason, row.ended_by) == (EndReason.ANSWERED, Party.SEAT)
    kept = await hotline.records.stays_of(row.call_id)
    assert [(one.seat, one.via, one.end) for one in kept] == list(talks)
    cut_off = [one.ended_by for one in kept if one.end is SegmentEnd.SYSTEM_FAILURE]
    assert cut_off == [Party.SYSTEM]
    assert row.call_id in calls_cut_off(hotline.instance.logs / "engine.jsonl")


def calls_cut_off(log: Path) -> set[str]:
    """Give the calls of which the log says that the seat's telephone was lost."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if SAID in line]
    return {str(line.get("call_id")) for line in lines}
