"""功能码: everything that a seat needs in a call, from a plain telephone, with spoken answers.

Codes are dialled on a free line, on the second line while a citizen is on hold, or pressed in the talk; then
the citizen hears neither the keys nor the answer. With the engine away a seat can still log in and off and be
ready; with the engine hanging a talk goes on.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.parts import engine_part
from ivr.prompt_book import Prompt
from recordings.model import BYTES_PER_SECOND, GapReason
from simulator.call import Call
from tests.stories.ami_trace import traced
from tests.stories.codes import answer_to, assert_answered, assert_heard, presses
from tests.stories.hotline import POLICE, SEATS, Hotline
from tests.stories.people import HARDLY, MOST, SEAT_BYE, SEAT_WORDS
from tests.stories.records import has_ended, is_answered, is_queued
from tests.stories.sounds import share_heard, sides_of
from tests.stories.waiting import PATIENCE_SECONDS, until_true

CITIZEN_WORDS = "社保卡丢了怎么补办"
SECRET_WORDS = "我家楼道里闻到煤气味"
A_FEW_TRIES_SECONDS = 4.0
"""The queue looks for a seat once a second."""


async def test_logging_in_and_off_is_answered(hotline: Hotline) -> None:
    said = [
        ("*15", Prompt.SEAT_NOT_LOGGED_IN),
        ("*12", Prompt.SEAT_LOGGED_IN),
        ("*12", Prompt.SEAT_ALREADY_LOGGED_IN),
        ("*15", Prompt.SEAT_ALREADY_READY),
        ("*13", Prompt.SEAT_LOGGED_OFF),
        ("*13", Prompt.SEAT_NOT_LOGGED_IN),
    ]
    async with hotline.telephone_of(SEATS[3]) as seat:
        await assert_answered(hotline, seat, said)


async def test_pausing_and_being_ready_is_answered(hotline: Hotline) -> None:
    said = [
        ("*141", Prompt.SEAT_PAUSED_BREAK),
        ("*141", Prompt.SEAT_ALREADY_PAUSED),
        ("*145", Prompt.SEAT_PAUSED_OTHER),
        ("*149", Prompt.SEAT_PAUSE_REASON_UNKNOWN),
        ("*15", Prompt.SEAT_READY),
        ("*16", Prompt.SEAT_WRAP_UP_OVER),
    ]
    async with hotline.seat(SEATS[3]) as seat:
        await assert_answered(hotline, seat, said)


async def test_what_needs_a_call_is_answered_without_one(hotline: Hotline) -> None:
    async with hotline.telephone_of(SEATS[3]) as seat:
        await assert_answered(hotline, seat, [("*17", Prompt.SEAT_HAS_NO_CALL)])
    async with hotline.seat(SEATS[3]) as seat:
        await assert_answered(
            hotline, seat, [(code, Prompt.SEAT_HAS_NO_CALL) for code in ("*18", "*19", "*23")]
        )


async def test_what_a_seat_may_not_dial_and_what_there_is_not_is_answered(hotline: Hotline) -> None:
    said = [
        (f"*20{SEATS[1]}", Prompt.NOT_ALLOWED),
        ("*20", Prompt.CODE_UNKNOWN),
        ("*99", Prompt.CODE_UNKNOWN),
        ("999", Prompt.NUMBER_UNKNOWN),
    ]
    async with hotline.seat(SEATS[3]) as seat:
        await assert_answered(hotline, seat, said)


async def test_a_pause_without_a_reason_is_asked_for_one(hotline: Hotline) -> None:
    async with hotline.seat(SEATS[3]) as seat:
        call = seat.phone.dial("*14")
        await call.until_answered(PATIENCE_SECONDS)
        await until_true(lambda: len(call.audio.heard.packets) > 50, "the question")
        await call.press("2")
        await call.until_over(PATIENCE_SECONDS)
        await assert_heard(hotline, call, Prompt.SEAT_PAUSED_MEAL, "the answer was not")


async def test_a_paused_seat_is_not_rung_until_it_is_ready(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await seat.dials("*141")
        await citizen.skips_the_greeting()
        await hotline.records.call_from(citizen.number, is_queued)
        with pytest.raises(TimeoutError):
            await seat.rings(within=A_FEW_TRIES_SECONDS)
        await seat.dials("*15")
        talk = await seat.answers()
        await talk.hangs_up()
        await assert_heard(hotline, await answer_to(seat, "*16"), Prompt.SEAT_WRAP_UP_EXTENDED, "not")


async def test_a_call_is_marked_urgent_in_the_talk_and_on_the_second_line(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        with unheard_by(citizen.call):
            await presses(hotline, talk, "*17", Prompt.CALL_URGENT)
        await hotline.records.call_from(citizen.number, lambda row: row.urgent_at is not None)
        await talk.call.hold()
        again = await answer_to(seat, "*17")
        await assert_heard(hotline, again, Prompt.CALL_ALREADY_URGENT, "the second line was not answered by")
        await talk.call.resume()
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
    assert await citizen.has_heard(SEAT_BYE)


async def test_what_is_said_while_the_recording_is_paused_is_nowhere(hotline: Hotline) -> None:
    await hotline.sounds.prepare(CITIZEN_WORDS, SECRET_WORDS)
    async with (
        hotline.seat() as seat,
        traced(hotline.instance, "recording_paused"),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await presses(hotline, talk, "*18", Prompt.RECORDING_PAUSED)
        await citizen.says(SECRET_WORDS)
        await presses(hotline, talk, "*18", Prompt.RECORDING_ALREADY_PAUSED)
        await presses(hotline, talk, "*19", Prompt.RECORDING_RESUMED)
        await citizen.says(CITIZEN_WORDS)
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
    assert await talk.has_heard(SECRET_WORDS)
    record = await hotline.records.complete_from(citizen.number)
    left, right = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(SECRET_WORDS), left) <= HARDLY
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) >= MOST
    assert await share_heard(await hotline.sounds.of(SEAT_BYE), right) >= MOST
    assert "煤气" not in record.said
    assert [gap.reason for gap in record.recording.gaps] == [GapReason.PAUSED_BY_SEAT]
    assert record.row.gone_at is not None
    assert record.row.arrived_at is not None
    lasted = (record.row.gone_at - record.row.arrived_at).total_seconds()
    assert record.file.stat().st_size / BYTES_PER_SECOND == pytest.approx(lasted, abs=1.5)


async def test_a_pause_that_was_forgotten_ends_when_the_citizen_goes_on(hotline: Hotline) -> None:
    await hotline.sounds.prepare(CITIZEN_WORDS, SECRET_WORDS)
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await presses(hotline, talk, "*18", Prompt.RECORDING_PAUSED)
        await citizen.says(SECRET_WORDS)
        await talk.call.hand_on("*31", within=PATIENCE_SECONDS)
        await seat.dials("*15")
        again = await seat.answers()
        await citizen.says(CITIZEN_WORDS)
        await again.hangs_up()
    record = await hotline.records.complete_from(citizen.number)
    left, _ = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(SECRET_WORDS), left) <= HARDLY
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) >= MOST
    assert [gap.reason for gap in record.recording.gaps] == [GapReason.PAUSED_BY_SEAT]


async def test_the_police_is_called_into_the_talk(hotline: Hotline) -> None:
    await hotline.sounds.prepare(CITIZEN_WORDS, SECRET_WORDS)
    async with (
        hotline.seat() as seat,
        hotline.telephone_outside(POLICE) as police,
        traced(hotline.instance, "three_way"),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await presses(hotline, talk, "*23", Prompt.THIRD_PARTY_CALLED)
        third = await police.answers()
        await asyncio.sleep(1)
        await citizen.says(CITIZEN_WORDS)
        await third.says(SEAT_BYE)
        await presses(hotline, talk, "*23", Prompt.THIRD_PARTY_ALREADY)
        await talk.hangs_up()
        await citizen.says(SECRET_WORDS)
        await third.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
    assert third.call.caller == "12345"
    assert await third.has_heard(CITIZEN_WORDS)
    assert await third.has_heard(SECRET_WORDS)
    assert await talk.has_heard(SEAT_BYE)
    assert await citizen.has_heard(SEAT_BYE)
    record = await hotline.records.complete_from(citizen.number)
    left, right = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(SECRET_WORDS), left) >= MOST
    assert await share_heard(await hotline.sounds.of(SEAT_BYE), right) >= MOST


async def test_with_the_engine_away_a_seat_logs_in_and_off_all_the_same(hotline: Hotline) -> None:
    said = [
        ("*12", Prompt.SEAT_LOGGED_IN),
        ("*12", Prompt.SEAT_ALREADY_LOGGED_IN),
        ("*15", Prompt.SEAT_READY),
        ("*141", Prompt.SYSTEM_AWAY),
        ("*17", Prompt.SYSTEM_AWAY),
        ("*13", Prompt.SEAT_LOGGED_OFF),
        ("*13", Prompt.SEAT_NOT_LOGGED_IN),
        ("*15", Prompt.SEAT_NOT_LOGGED_IN),
    ]
    async with hotline.telephone_of(SEATS[3]) as seat, hotline.without(engine_part(hotline.instance)):
        await assert_answered(hotline, seat, said)


async def test_who_logged_in_without_the_engine_is_rung_when_it_is_back(hotline: Hotline) -> None:
    async with hotline.telephone_of(SEATS[3]) as seat:
        async with hotline.without(engine_part(hotline.instance)):
            await assert_heard(hotline, await answer_to(seat, "*12"), Prompt.SEAT_LOGGED_IN, "not by")
        async with hotline.citizen() as citizen:
            await citizen.skips_the_greeting()
            talk = await seat.answers()
            await talk.says(SEAT_WORDS)
            await talk.hangs_up()
        await assert_heard(hotline, await answer_to(seat, "*141"), Prompt.SEAT_PAUSED_BREAK, "not by")
        await assert_heard(hotline, await answer_to(seat, "*13"), Prompt.SEAT_LOGGED_OFF, "not by")
    row = await hotline.records.call_from(citizen.number, has_ended)
    assert row.seat == SEATS[3]


async def test_with_the_engine_hanging_a_talk_goes_on_and_codes_say_so(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await hotline.records.call_from(citizen.number, is_answered)
        with hotline.hanging("engine"):
            await presses(hotline, talk, "*17", Prompt.SYSTEM_AWAY)
            await talk.call.hold()
            again = await answer_to(seat, "*17")
            await assert_heard(hotline, again, Prompt.SYSTEM_AWAY, "the second line was not answered by")
            await talk.call.resume()
            await citizen.says(CITIZEN_WORDS)
            await talk.says(SEAT_BYE)
        await talk.hangs_up()
    assert await talk.has_heard(CITIZEN_WORDS)
    assert await citizen.has_heard(SEAT_BYE)


@contextmanager
def unheard_by(call: Call) -> Iterator[None]:
    """Whatever happens meanwhile, nothing of it is heard here."""
    since = asyncio.get_running_loop().time()
    keys = call.audio.keys_heard
    yield
    assert call.audio.heard.loudness(since=since) < 100
    assert call.audio.keys_heard == keys
