"""转接: a seat hands a citizen on with its telephone's own keys, and she is never lost on the way.

Blindly to a colleague, to a group, to nobody at all; after asking the colleague on the second line; while the
colleague's telephone still rings. One recording holds all of it, and each seat talks only to whom it should.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from ivr.prompt_book import Prompt
from simulator.call import EndedBy
from tests.stories.ami_trace import Trace, traced
from tests.stories.codes import presses
from tests.stories.handing_on import (
    TALK_MARGIN,
    Talk,
    assert_all_on_one_recording,
    assert_segments,
    whole,
)
from tests.stories.hotline import POLICE, SEATS, Hotline
from tests.stories.people import SEAT_BYE, SEAT_WORDS, CitizenCalling, SeatAtPhone, SeatTalking
from tests.stories.records import has_ended
from tests.stories.waiting import PATIENCE_SECONDS

FIRST_WORDS = "我家楼道里闻到煤气味"
SECOND_WORDS = "社保卡丢了怎么补办"
COLLEAGUE_WORDS = "您好"
SECONDS_QUEUE = f"seat-{SEATS[1]}"
NOBODY = "8999"
NONSENSE = "12345678"


async def test_a_citizen_is_handed_on_to_a_colleague(hotline: Hotline) -> None:
    async with the_first_talk(hotline, "blind_transfer_to_seat") as scene:
        talk, citizen, second = scene.talk, scene.citizen, scene.second
        await talk.call.hand_on(SEATS[1], within=PATIENCE_SECONDS)
        next_talk = await second.answers()
        assert next_talk.call.caller == citizen.number
        await citizen.says(SECOND_WORDS)
        await next_talk.says(SEAT_BYE)
        await citizen.hangs_up()
        await next_talk.call.until_over(PATIENCE_SECONDS)
        await scene.told.until("AgentComplete", times=2)
        await second.dials("*13")
    assert await talk.has_heard(FIRST_WORDS)
    assert not await talk.has_heard(SECOND_WORDS)
    assert await next_talk.has_heard(SECOND_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    assert [event["reason"] for event in scene.told.of("AgentComplete")] == ["transfer", "caller"]
    assert [event["queue"] for event in scene.told.of("QueueCallerJoin")] == ["intake", SECONDS_QUEUE]
    begun, gone_on = whole(SEATS[0], "intake", talk.call), whole(SEATS[1], SECONDS_QUEUE, next_talk.call)
    await assert_segments(hotline, citizen, begun, gone_on)
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_a_seat_asks_a_colleague_and_hands_the_citizen_over(hotline: Hotline) -> None:
    async with the_first_talk(hotline, "attended_transfer") as scene:
        talk, citizen, second = scene.talk, scene.citizen, scene.second
        await talk.call.hold()
        asking = scene.first.phone.dial(SEATS[1])
        next_talk = await second.answers()
        await asking.until_answered(PATIENCE_SECONDS)
        await asking.say(await hotline.sounds.of(COLLEAGUE_WORDS))
        await talk.call.hand_on_to(asking, within=PATIENCE_SECONDS)
        await asking.until_over(PATIENCE_SECONDS)
        await presses(hotline, next_talk, "*17", Prompt.CALL_URGENT)
        await citizen.says(SECOND_WORDS)
        await next_talk.says(SEAT_BYE)
        await next_talk.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
        await second.dials("*13")
    assert citizen.call.ended_by is EndedBy.THEM
    assert await talk.has_heard(FIRST_WORDS)
    assert await next_talk.has_heard(COLLEAGUE_WORDS)
    assert await next_talk.has_heard(SECOND_WORDS)
    assert not await citizen.has_heard(COLLEAGUE_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    handed_over, ended = talk.call.times.ended_at, next_talk.call.times.ended_at
    row = await hotline.records.call_from(citizen.number, has_ended)
    assert row.urgent_at is not None
    begun = whole(SEATS[0], "intake", talk.call)
    gone_on = Talk(seat=SEATS[1], queue="", began=handed_over, ended=ended)
    await assert_segments(hotline, citizen, begun, gone_on)
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_a_citizen_is_handed_over_while_the_colleagues_telephone_rings(hotline: Hotline) -> None:
    async with the_first_talk(hotline, "attended_transfer_while_ringing") as scene:
        talk, citizen, second = scene.talk, scene.citizen, scene.second
        await talk.call.hold()
        asking = scene.first.phone.dial(SEATS[1])
        ringing = await second.rings()
        await asking.until_ringing(PATIENCE_SECONDS)
        await talk.call.hand_on_to(asking, within=PATIENCE_SECONDS)
        await asyncio.sleep(1)
        await ringing.answer()
        next_talk = SeatTalking(call=ringing, sounds=hotline.sounds)
        await citizen.says(SECOND_WORDS)
        await next_talk.says(SEAT_BYE)
        await next_talk.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
        await second.dials("*13")
    assert await next_talk.has_heard(SECOND_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    begun, gone_on = whole(SEATS[0], "intake", talk.call), whole(SEATS[1], SECONDS_QUEUE, next_talk.call)
    await assert_segments(hotline, citizen, begun, gone_on)
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_a_colleague_who_does_not_answer_gives_the_citizen_back_to_the_others(hotline: Hotline) -> None:
    async with the_first_talk(hotline, "blind_transfer_unanswered") as scene:
        talk, citizen, second = scene.talk, scene.citizen, scene.second
        await talk.call.hand_on(SEATS[1], within=PATIENCE_SECONDS)
        await second.rings()
        await second.dials("*13")
        back = await scene.first.answers()
        await citizen.says(SECOND_WORDS)
        await back.says(SEAT_BYE)
        await back.hangs_up()
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.HANDED_BACK))
    await assert_segments(
        hotline, citizen, whole(SEATS[0], "intake", talk.call), whole(SEATS[0], "intake", back.call)
    )
    assert [event["status"] for event in scene.told.of("QueueLeft")] in (["TIMEOUT"], ["LEAVEEMPTY"])
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


@pytest.mark.parametrize("number", [NOBODY, NONSENSE, "#", "0", SEATS[2]], ids=str)
async def test_a_transfer_to_nobody_gives_the_citizen_back_to_the_others(
    hotline: Hotline, number: str
) -> None:
    await hotline.sounds.prepare(SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as first,
        traced(hotline.instance, f"blind_transfer_to_nobody_{number}"),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await first.answers()
        await talk.says(SEAT_WORDS)
        await talk.call.hand_on(number, within=PATIENCE_SECONDS)
        back = await first.answers()
        await citizen.says(SECOND_WORDS)
        await back.says(SEAT_BYE)
        await back.hangs_up()
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.HANDED_BACK))
    await assert_all_on_one_recording(hotline, citizen, SECOND_WORDS)


async def test_a_citizen_is_handed_on_to_a_group(hotline: Hotline) -> None:
    await hotline.sounds.prepare(SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as first,
        hotline.telephone_of(SEATS[1]) as second,
        traced(hotline.instance, "blind_transfer_to_group"),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await first.answers()
        await second.dials("*12")
        await talk.call.hand_on("*31", within=PATIENCE_SECONDS)
        next_talk = await second.answers()
        await citizen.says(SECOND_WORDS)
        await next_talk.says(SEAT_BYE)
        await next_talk.hangs_up()
        await second.dials("*13")
    assert await next_talk.has_heard(SECOND_WORDS)
    await assert_segments(
        hotline, citizen, whole(SEATS[0], "intake", talk.call), whole(SEATS[1], "intake", next_talk.call)
    )
    await assert_all_on_one_recording(hotline, citizen, SECOND_WORDS)


async def test_a_citizen_is_handed_on_to_an_outside_number(hotline: Hotline) -> None:
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as seat,
        hotline.telephone_outside() as police,
        traced(hotline.instance, "blind_transfer_outside") as told,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await citizen.says(FIRST_WORDS)
        await talk.call.hand_on(POLICE, within=PATIENCE_SECONDS)
        outside = await police.answers()
        await citizen.says(SECOND_WORDS)
        await outside.says(SEAT_BYE)
        await outside.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
    assert outside.call.caller == "12345"
    assert await outside.has_heard(SECOND_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    assert told.of("LeftUs")[0]["to"] == POLICE
    await assert_segments(hotline, citizen, whole(SEATS[0], "intake", talk.call))
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


async def test_an_outside_number_that_does_not_answer_gives_the_citizen_back(hotline: Hotline) -> None:
    async with (
        hotline.seat(SEATS[0]) as seat,
        hotline.telephone_outside() as police,
        traced(hotline.instance, "blind_transfer_outside_refused") as told,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await talk.call.hand_on(POLICE, within=PATIENCE_SECONDS)
        (await police.rings()).decline()
        back = await seat.answers()
        await citizen.says(SECOND_WORDS)
        await back.says(SEAT_BYE)
        await back.hangs_up()
    assert told.of("LeftUs") == []
    assert await citizen.has_heard_sound(hotline.prompt(Prompt.HANDED_BACK))
    await assert_all_on_one_recording(hotline, citizen, SECOND_WORDS)


async def test_a_citizen_on_hold_hears_that_somebody_is_there_and_the_recording_goes_on(
    hotline: Hotline,
) -> None:
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as seat,
        traced(hotline.instance, "hold") as told,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await citizen.says(FIRST_WORDS)
        await talk.call.hold()
        await told.until("MusicOnHoldStart", times=2)
        await asyncio.sleep(1)
        await talk.call.resume()
        await citizen.says(SECOND_WORDS)
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
    await assert_segments(hotline, citizen, whole(SEATS[0], "intake", talk.call))
    held = (await hotline.records.call_from(citizen.number, has_ended)).hold_seconds
    assert held == pytest.approx(1, abs=TALK_MARGIN)
    assert told.kinds(("Hold", "Unhold", "AgentComplete")) == ["Hold", "Unhold", "AgentComplete"]
    await assert_all_on_one_recording(hotline, citizen, FIRST_WORDS, SECOND_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Two seats are logged in, and the first talks with a citizen."""

    first: SeatAtPhone
    second: SeatAtPhone
    citizen: CitizenCalling
    talk: SeatTalking
    told: Trace


@asynccontextmanager
async def the_first_talk(hotline: Hotline, trace: str) -> AsyncIterator[Scene]:
    """Everything up to the transfer."""
    await hotline.sounds.prepare(FIRST_WORDS, SECOND_WORDS)
    async with (
        hotline.seat(SEATS[0]) as first,
        hotline.telephone_of(SEATS[1]) as second,
        traced(hotline.instance, trace) as told,
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await first.answers()
        await second.dials("*12")
        await citizen.says(FIRST_WORDS)
        yield Scene(first=first, second=second, citizen=citizen, talk=talk, told=told)
