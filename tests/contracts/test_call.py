"""What a flow may rely on: the same for the fake Call and for a real one over a socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from agi_scripts.agi_call import AgiCall, AgiConnection, AgiSeatCall
from core.ids import SeatNo
from ivr.call import Call, CallerGone, SeatCall
from ivr.prompt_book import Prompt
from tests.fakes.asterisk_channel import AsteriskChannel
from tests.fakes.call import FakeCall, FakeSeatCall

HANGS_UP = {"hangs_up_in": Prompt.GREETING}


class Witness(Protocol):
    heard: list[Prompt]


Line = Callable[..., AbstractAsyncContextManager[tuple[Call, Witness]]]


@asynccontextmanager
async def fake_line(**story: Prompt) -> AsyncIterator[tuple[Call, Witness]]:
    call = FakeCall(**story)  # type: ignore[arg-type]
    yield call, call


@asynccontextmanager
async def real_line(**story: Prompt) -> AsyncIterator[tuple[Call, Witness]]:
    channel = AsteriskChannel(**story)  # type: ignore[arg-type]
    async with connected(channel) as connection:
        arrival = (await connection.opening()).arrival()
        yield AgiCall(arrival=arrival, connection=connection, prompts=Path("/prompts")), channel


@asynccontextmanager
async def connected(channel: AsteriskChannel) -> AsyncIterator[AgiConnection]:
    ours, theirs = socket.socketpair()
    asterisk = asyncio.create_task(channel.talk(*await asyncio.open_connection(sock=theirs)))
    reader, writer = await asyncio.open_connection(sock=ours)
    yield AgiConnection(reader, writer)
    writer.close()
    await asterisk


@asynccontextmanager
async def fake_seat_line(**story: str) -> AsyncIterator[tuple[SeatCall, Witness]]:
    call = FakeSeatCall(code="*208002", supervisor=True, **story)  # type: ignore[arg-type]
    yield call, call


@asynccontextmanager
async def real_seat_line(**story: str) -> AsyncIterator[tuple[SeatCall, Witness]]:
    channel = AsteriskChannel(arguments=("8001", "*208002", "yes"), **story)  # type: ignore[arg-type]
    async with connected(channel) as connection:
        arrival = (await connection.opening()).seat_arrival()
        yield AgiSeatCall(arrival=arrival, connection=connection, prompts=Path("/prompts")), channel


SeatLine = Callable[..., AbstractAsyncContextManager[tuple[SeatCall, Witness]]]


@pytest.fixture(params=[fake_seat_line, real_seat_line])
def seat_line(request: pytest.FixtureRequest) -> SeatLine:
    chosen: SeatLine = request.param
    return chosen


@pytest.fixture(params=[fake_line, real_line])
def line(request: pytest.FixtureRequest) -> Line:
    chosen: Line = request.param
    return chosen


async def test_says_who_calls_and_which_number(line: Line) -> None:
    async with line() as (call, _):
        assert (call.call_id, call.caller, call.dialled) == ("hotline-1772413200.1", "13812345678", "12345")


async def test_prompts_are_heard_in_the_order_in_which_they_are_said(line: Line) -> None:
    async with line() as (call, citizen):
        await call.say(Prompt.GREETING)
        await call.say(Prompt.PLEASE_WAIT)
        assert citizen.heard == [Prompt.GREETING, Prompt.PLEASE_WAIT]


async def test_a_citizen_who_hangs_up_in_a_prompt_ends_the_flow(line: Line) -> None:
    async with line(**HANGS_UP) as (call, citizen):
        with pytest.raises(CallerGone):
            await call.say(Prompt.GREETING)
        assert citizen.heard == [Prompt.GREETING]


async def test_a_citizen_who_is_gone_stays_gone(line: Line) -> None:
    async with line(**HANGS_UP) as (call, citizen):
        for _ in range(2):
            with pytest.raises(CallerGone):
                await call.say(Prompt.GREETING)
        assert citizen.heard == [Prompt.GREETING]


async def test_says_which_seat_dialled_what(seat_line: SeatLine) -> None:
    async with seat_line() as (call, _):
        assert (call.seat, call.code, call.supervisor) == (SeatNo("8001"), "*208002", True)


@pytest.mark.parametrize("key", ["3", ""])
async def test_a_seat_is_asked_for_a_key(seat_line: SeatLine, key: str) -> None:
    async with seat_line(key=key) as (call, seat):
        assert await call.ask_key(Prompt.SEAT_PAUSE_REASON) == key
        assert seat.heard == [Prompt.SEAT_PAUSE_REASON]


async def test_a_seat_that_hangs_up_while_it_is_asked_ends_the_flow(seat_line: SeatLine) -> None:
    async with seat_line(hangs_up_in=Prompt.SEAT_PAUSE_REASON) as (call, _):
        with pytest.raises(CallerGone):
            await call.ask_key(Prompt.SEAT_PAUSE_REASON)
