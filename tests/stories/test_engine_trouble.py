"""引擎出事: the engine is killed, hangs or is away, and no citizen notices.

Asterisk owns the call: whatever becomes of the engine, the citizen is greeted, reaches a seat, and talks.
What the engine missed it finds in Asterisk's queue log and in the notes of the script that greets in its
place. In the end there is one row, one recording, one transcript and one work order for each call.
"""

import signal

from app.parts import engine_part
from core.events import EndReason
from tests.stories.hotline import Hotline
from tests.stories.people import (
    CITIZEN_WORDS,
    MOST,
    CitizenCalling,
    SeatAtPhone,
    assert_they_heard_each_other,
    they_talk,
)
from tests.stories.records import assert_told_once
from tests.stories.sounds import share_heard, sides_of

SEAT_WITHIN_SECONDS = 15.0
"""GB/T 33358: a person answers within 15 seconds, also now."""


async def test_the_engine_dies_during_the_greeting(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.hears_something()
        dead = hotline.send("engine", signal.SIGKILL)
        await assert_reaches_a_seat_in_time(citizen, seat)
        await hotline.until_back("engine", dead)
    assert await citizen.has_heard_sound(hotline.greeting)
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_dies_during_the_talk(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        dead = hotline.send("engine", signal.SIGKILL)
        await they_talk(citizen, talk)
        await hotline.until_back("engine", dead)
    await assert_they_heard_each_other(citizen, talk)
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_dies_in_the_moment_of_the_hang_up(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await they_talk(citizen, talk)
        dead = hotline.send("engine", signal.SIGKILL)
        await hotline.until_back("engine", dead)
    await assert_one_of_everything(hotline, citizen)


async def test_listeners_are_told_everything_twice(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        await they_talk(citizen, await seat.answers())
    before = await hotline.records.complete_from(citizen.number)
    hotline.records.tell_again(before.row.call_id)
    after = await hotline.records.complete_from(citizen.number)
    assert after == before
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_hangs_during_the_greeting(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.hears_something()
        with hotline.hanging("engine"):
            await assert_reaches_a_seat_in_time(citizen, seat)
    assert await citizen.has_heard_sound(hotline.greeting)
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_hangs_before_the_call(hotline: Hotline) -> None:
    async with hotline.seat() as seat:
        with hotline.hanging("engine"):
            async with hotline.citizen() as citizen:
                await assert_reaches_a_seat_in_time(citizen, seat)
    assert await citizen.has_heard_sound(hotline.greeting)
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_hangs_during_the_talk(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        with hotline.hanging("engine"):
            await they_talk(citizen, talk)
    await assert_they_heard_each_other(citizen, talk)
    await assert_one_of_everything(hotline, citizen)


async def test_the_engine_is_away_for_a_whole_call(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.without(engine_part(hotline.instance)):
        async with hotline.citizen() as citizen:
            await assert_reaches_a_seat_in_time(citizen, seat)
        assert hotline.records.calls_from(citizen.number) == []
    assert await citizen.has_heard_sound(hotline.greeting)
    await assert_one_of_everything(hotline, citizen)


async def test_a_key_skips_the_greeting_also_while_the_engine_is_away(hotline: Hotline) -> None:
    async with (
        hotline.seat() as seat,
        hotline.without(engine_part(hotline.instance)),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        await assert_reaches_a_seat_in_time(citizen, seat)
    assert not await citizen.has_heard_sound(hotline.greeting)
    await assert_one_of_everything(hotline, citizen)


async def test_a_citizen_who_gives_up_while_the_engine_is_away_is_on_record(hotline: Hotline) -> None:
    async with hotline.without(engine_part(hotline.instance)), hotline.citizen() as citizen:
        await citizen.hears_something()
        await citizen.says()
        await citizen.hangs_up()
    record = await hotline.records.complete_from(citizen.number)
    assert record.row.end_reason in (EndReason.HUNG_UP_IN_PROMPT, EndReason.UNKNOWN_END)
    assert record.ticket is None
    left, _ = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) >= MOST


async def assert_reaches_a_seat_in_time(citizen: CitizenCalling, seat: SeatAtPhone) -> None:
    """A seat rings soon, and the two have a conversation that nothing disturbs."""
    talk = await seat.answers(within=SEAT_WITHIN_SECONDS)
    await they_talk(citizen, talk)
    await assert_they_heard_each_other(citizen, talk)


async def assert_one_of_everything(hotline: Hotline, citizen: CitizenCalling) -> None:
    """One row, one end, one recording with the citizen in it, one transcript, one work order."""
    record = await hotline.records.complete_from(citizen.number)
    assert len(hotline.records.calls_from(citizen.number)) == 1
    assert_told_once(record)
    assert "社保卡" in record.said
    assert len(list(record.file.parent.glob(f"{record.row.call_id}*"))) == 1
    left, _ = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) >= MOST
