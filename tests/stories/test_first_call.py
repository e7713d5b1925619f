"""第一通电话: a citizen dials 12345, a seat answers, they talk, and a draft lies in the database.

Everything on the way is real: SIP and RTP on loopback, Asterisk, our flow, the queue, the seat's
telephone, the recording, Vosk, the words, the database.

A citizen smells gas in a stairwell. The hotline greets her and says that the call is recorded, seat
8001 answers, they talk. Two seconds after she has hung up the whole conversation is there in words,
and an urgent draft waits for the seat, with the words that made it urgent.
"""

from dataclasses import dataclass

import pytest_asyncio

from core.events import CallEnded, TranscriptReady
from core.understanding import Side, Urgency
from simulator.scenario import DEMO_CITIZENS
from tests.stories.hotline import Hotline
from tests.stories.people import (
    HARDLY,
    MOST,
    SEAT_WORDS,
    CitizenCalling,
    assert_they_heard_each_other,
    they_talk,
)
from tests.stories.records import Record, assert_told_once
from tests.stories.sounds import share_heard, sides_of

GAS = DEMO_CITIZENS[1]
TRANSCRIPT_SECONDS = 2.0
"""So long after the hang-up the words may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GasCall:
    """The call of this story, after its end."""

    citizen: CitizenCalling
    record: Record
    gas_sound: bytes
    seat_sound: bytes


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def gas_call(hotline: Hotline) -> GasCall:
    gas_sound = await hotline.sounds.of(GAS.text, GAS)
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        talk = await seat.answers()
        await they_talk(citizen, talk, GAS.text)
    await assert_they_heard_each_other(citizen, talk, GAS.text)
    return GasCall(
        citizen=citizen,
        record=await hotline.records.complete_from(citizen.number),
        gas_sound=gas_sound,
        seat_sound=await hotline.sounds.of(SEAT_WORDS),
    )


async def test_the_citizen_hears_the_whole_greeting(hotline: Hotline, gas_call: GasCall) -> None:
    assert await gas_call.citizen.has_heard_sound(hotline.greeting)


async def test_a_key_cuts_the_greeting_short(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await talk.says(SEAT_WORDS)
        await talk.hangs_up()
    assert await citizen.has_heard(SEAT_WORDS)
    assert not await citizen.has_heard_sound(hotline.greeting)


async def test_it_can_be_proved_that_the_citizen_was_told_of_the_recording(
    hotline: Hotline, gas_call: GasCall
) -> None:
    _, right = sides_of(gas_call.record.file)
    assert await share_heard(hotline.greeting, right) >= MOST


async def test_everything_about_the_call_is_told_once(gas_call: GasCall) -> None:
    assert_told_once(gas_call.record)
    assert gas_call.record.row.caller == gas_call.citizen.number
    assert gas_call.record.row.seat == "8001"
    assert gas_call.record.row.dialled == "12345"


async def test_the_citizen_is_left_and_the_seat_right_in_the_recording(gas_call: GasCall) -> None:
    left, right = sides_of(gas_call.record.file)
    assert await share_heard(gas_call.gas_sound, left) >= MOST
    assert await share_heard(gas_call.seat_sound, right) >= MOST
    assert await share_heard(gas_call.gas_sound, right) <= HARDLY
    assert await share_heard(gas_call.seat_sound, left) <= HARDLY


async def test_the_draft_is_urgent_and_shows_the_words_that_made_it_so(gas_call: GasCall) -> None:
    ticket = gas_call.record.ticket
    assert ticket is not None
    assert ticket.suggestion is not None
    assert ticket.phone == gas_call.citizen.number
    assert "煤气" in ticket.content
    assert ticket.urgency is not Urgency.ORDINARY
    assert any("煤气" in evidence.word for evidence in ticket.suggestion.evidence)


async def test_both_sides_stand_in_the_transcript(gas_call: GasCall) -> None:
    segments = gas_call.record.transcript.segments
    assert any("煤气" in segment.text for segment in segments if segment.side is Side.CITIZEN)
    assert any("您好" in segment.text for segment in segments if segment.side is Side.SEAT)


async def test_the_words_are_there_two_seconds_after_the_hang_up(gas_call: GasCall) -> None:
    ended, heard = gas_call.record.the(CallEnded), gas_call.record.the(TranscriptReady)
    assert (heard.at - ended.at).total_seconds() <= TRANSCRIPT_SECONDS
