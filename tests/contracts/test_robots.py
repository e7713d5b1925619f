"""机器市民和机器座席: they talk to each other over two real telephones without a hotline between."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest

from simulator.alaw import to_alaw
from simulator.call import EndedBy
from simulator.citizen import Citizen, CitizenPlan, NobodyTalked
from simulator.outgoing import CallRefused
from simulator.phone import Phone
from simulator.seat_robot import CodeIgnored, SeatRobot, SeatScript
from simulator.signalling import Line
from simulator.turns import Talks

NOBODY = ("127.0.0.33", 9)


def tone(hertz: float) -> bytes:
    return to_alaw(round(8000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(2400))


GREETING, LINE, CLOSING = tone(440), tone(660), tone(880)
SCRIPT = SeatScript(greeting=GREETING, closing=CLOSING, answers_after_seconds=0.1)
PLAN = CitizenPlan(number="13800001111", lines=(LINE,), dialled="8001", patience_seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    citizen: Phone
    seat: Phone
    talks: Talks
    folder: Path


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        seat = await stack.enter_async_context(
            Phone(Line(number="8001", server=NOBODY, ip="127.0.0.32"), Random(1))
        )
        citizen = await stack.enter_async_context(
            Phone(Line(number="trunk", server=seat.address, ip="127.0.0.31"), Random(2))
        )
        yield Place(citizen=citizen, seat=seat, talks=Talks(), folder=tmp_path)


async def test_a_citizen_and_a_seat_have_a_whole_talk(place: Place) -> None:
    seat = SeatRobot(place.seat, SCRIPT, place.talks)
    citizen = Citizen(place.citizen, PLAN, place.talks, place.folder)
    report, _ = await asyncio.gather(citizen.call(), seat.serve(1))
    [talk] = seat.talks_held
    assert LINE[400:2000] in talk.heard.sound()
    assert talk.answered_at is not None
    assert talk.answered_at - talk.rang_at >= 0.1
    assert (talk.caller, report.ended_by) == ("13800001111", EndedBy.THEM)
    assert report.invited_at < report.answered_at < report.seat_spoke_at < report.ended_at
    assert report.heard.stat().st_size > 2 * (len(GREETING) + len(LINE) + len(CLOSING))


async def test_a_seat_serves_citizens_one_after_the_other(place: Place) -> None:
    seat = SeatRobot(place.seat, SCRIPT, place.talks)
    plans = [replace(PLAN, number=number) for number in ("13800001111", "13800002222")]
    citizens = [Citizen(place.citizen, plan, place.talks, place.folder) for plan in plans]
    first, second, _ = await asyncio.gather(citizens[0].call(), citizens[1].call(), seat.serve(2))
    assert first.ended_at < second.seat_spoke_at


async def test_a_citizen_who_gives_up_while_it_rings_is_a_missed_talk(place: Place) -> None:
    seat = SeatRobot(place.seat, replace(SCRIPT, answers_after_seconds=5), place.talks)
    serving = asyncio.create_task(seat.serve(1))
    call = place.citizen.dial("8001")
    await call.until_ringing(within=2)
    await call.hang_up()
    await serving
    assert seat.talks_held[0].answered_at is None
    assert seat.talks_held[0].ended_by is EndedBy.THEM


async def test_a_citizen_whom_nobody_greets_says_so(place: Place) -> None:
    citizen = Citizen(place.citizen, replace(PLAN, patience_seconds=0.3), place.talks, place.folder)
    calling = asyncio.create_task(citizen.call())
    await (await place.seat.next_call(within=2)).answer()
    with pytest.raises(NobodyTalked, match="13800001111"):
        await calling


async def test_a_citizen_who_is_refused_says_so(place: Place) -> None:
    calling = asyncio.create_task(Citizen(place.citizen, PLAN, place.talks, place.folder).call())
    (await place.seat.next_call(within=2)).decline()
    with pytest.raises(CallRefused, match="486"):
        await calling


async def test_a_caller_who_is_no_robot_is_listened_to_and_let_go(place: Place) -> None:
    seat = SeatRobot(place.seat, replace(SCRIPT, listens_seconds=0.2), place.talks)
    serving = asyncio.create_task(seat.serve(1))
    call = place.citizen.dial("8001")
    await call.until_answered(within=2)
    await serving
    await call.until_over(within=2)
    assert call.audio.heard.loudness() > 1000


async def test_a_feature_code_that_is_not_answered_is_a_clear_sentence(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.seat_robot._ANNOUNCEMENT_SECONDS", 0.2)
    with pytest.raises(CodeIgnored, match="12"):
        await SeatRobot(place.citizen, SCRIPT, place.talks).dial_code("*12")
