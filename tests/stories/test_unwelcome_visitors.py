"""不速之客: garbage and port scanners at every door, while a citizen talks with a seat.

Somebody knocks at the AGI door, the manager interface, the engine's own line, the broker and the SIP port:
says nothing, says far too much, speaks HTTP or TLS, and goes. Nobody in a call notices, nothing is restarted.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random

import pytest

from app.demo import CITIZENS_ADDRESS
from simulator.outgoing import CallRefused
from tests.stories.hotline import Hotline
from tests.stories.people import assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once
from tests.stories.waiting import PATIENCE_SECONDS

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Knock = Callable[[], Awaitable[Streams]]

VISITS = (
    b"",
    b"\n",
    b"\0" * 1000,
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xff" * 500,
    b"agi_network: yes\nagi_arg_1: ../../etc/passwd\n\n",
    b"Action: Login\r\nUsername: engine\r\nSecret: wrong\r\n\r\n",
    b"Action: Originate\r\nChannel: Local/x\r\n\r\n",
    b"CallEnded\t{}\nTranscriptReady\tnothing\nNoSuchFact\t{}\n",
    Random(12345).randbytes(100_000),
    b"x" * 9_000_000,
)
SCANS = 100
STRANGERS_ADDRESS = "127.0.0.66"
PARTS = ("asterisk", "engine", "recogniser", "broker")


@pytest.mark.parametrize("door", ["agi", "ami", "intercom", "broker"])
async def test_garbage_at_a_door_disturbs_no_call(hotline: Hotline, door: str) -> None:
    knock = doors_of(hotline)[door]
    async with nothing_happens_to_a_call(hotline):
        for words in VISITS:
            await visit(knock, words)
        for _ in range(SCANS):
            _, writer = await knock()
            writer.transport.abort()


async def test_a_listener_on_the_engines_line_that_never_listens_holds_up_nobody(hotline: Hotline) -> None:
    _, writer = await doors_of(hotline)["intercom"]()
    async with nothing_happens_to_a_call(hotline):
        writer.write(b"half a li")
    writer.close()


async def test_garbage_at_the_sip_port_disturbs_no_call(hotline: Hotline) -> None:
    port = ("127.0.0.1", hotline.instance.settings.sip.port)
    async with nothing_happens_to_a_call(hotline):
        for source in (CITIZENS_ADDRESS, STRANGERS_ADDRESS):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
                stranger.bind((source, 0))
                for words in VISITS:
                    stranger.sendto(words[:60_000], port)


async def test_a_stranger_cannot_call(hotline: Hotline) -> None:
    """Only trunks and seats may."""
    async with hotline.phone("scanner", STRANGERS_ADDRESS) as phone:
        with pytest.raises(CallRefused, match="status=401"):
            await phone.dial("12345").until_answered(PATIENCE_SECONDS)


def doors_of(hotline: Hotline) -> dict[str, Knock]:
    """Give how to come to each door."""
    settings = hotline.instance.settings
    return {
        "agi": lambda: asyncio.open_connection("127.0.0.1", settings.doors.agi),
        "ami": lambda: asyncio.open_connection("127.0.0.1", settings.doors.ami),
        "intercom": lambda: asyncio.open_unix_connection(hotline.instance.intercom),
        "broker": lambda: asyncio.open_connection("127.0.0.1", settings.broker.port),
    }


async def visit(knock: Knock, words: bytes) -> None:
    """Say something, listen for a moment, and go."""
    reader, writer = await knock()
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(0.2):
            writer.write(words)
            await writer.drain()
            await reader.read(1000)
    writer.transport.abort()


@contextlib.asynccontextmanager
async def nothing_happens_to_a_call(hotline: Hotline) -> AsyncIterator[None]:
    """A citizen and a seat talk meanwhile; afterwards everything is as if nobody had come."""
    before = [hotline.pid(part) for part in PARTS]
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        talking = asyncio.ensure_future(they_talk(citizen, talk))
        yield
        await talking
    await assert_they_heard_each_other(citizen, talk)
    assert_told_once(await hotline.records.complete_from(citizen.number))
    assert [hotline.pid(part) for part in PARTS] == before
