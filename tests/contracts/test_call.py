"""What a flow may rely on: the same for the fake Call and for a real one over a socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from agi_scripts.agi_call import AgiCall, AgiConnection
from ivr.call import Call, CallerGone
from ivr.prompt_book import Prompt
from tests.fakes.asterisk_channel import AsteriskChannel
from tests.fakes.call import FakeCall

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
    ours, theirs = socket.socketpair()
    asterisk = asyncio.create_task(channel.talk(*await asyncio.open_connection(sock=theirs)))
    reader, writer = await asyncio.open_connection(sock=ours)
    connection = AgiConnection(reader, writer)
    yield (
        AgiCall(arrival=await connection.arrival(), connection=connection, prompts=Path("/prompts")),
        channel,
    )
    writer.close()
    await asterisk


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
