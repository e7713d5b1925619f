"""Kill −9: of the broker in a talk, and of the engine ten times on a short day; no call is lost or doubled.

The engine's and Asterisk's own stories are ``test_engine_trouble`` and ``test_asterisk_crash``.
"""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

import aiomqtt

from benchmarks.kills import KillDay
from tests.stories.hotline import Hotline
from tests.stories.people import assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once
from tests.stories.test_neighbours_in_trouble import Ear
from tests.stories.waiting import PATIENCE_SECONDS, until_true

KILLS = 10


async def test_the_broker_is_killed_in_the_middle_of_a_talk(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        dead = hotline.send("broker", signal.SIGKILL)
        await until_true(lambda: hotline.pid("broker") != dead, "another broker")
        async with listening_again(Ear(hotline=hotline, name="ear-of-the-kill-story")) as ear:
            await they_talk(citizen, talk)
            await assert_hears_of_the_end(ear)
    await assert_they_heard_each_other(citizen, talk)
    record = await hotline.records.complete_from(citizen.number)
    assert_told_once(record)
    assert len(hotline.records.calls_from(citizen.number)) == 1


async def test_the_engine_is_killed_ten_times_on_a_short_day(hotline: Hotline) -> None:
    day = await KillDay(hotline, Random(12345)).live(KILLS)
    assert day.rows == day.arrivals >= KILLS
    assert day.reasons.total() == day.arrivals
    assert "None" not in day.reasons
    assert not day.harmed, day


@asynccontextmanager
async def listening_again(ear: Ear) -> AsyncIterator[aiomqtt.Client]:
    """Connect as soon as there is a broker again."""
    async with contextlib.AsyncExitStack() as stack, asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                client = await stack.enter_async_context(ear.connected())
                break
            except aiomqtt.MqttError:
                await asyncio.sleep(0.1)
        yield client


async def assert_hears_of_the_end(client: aiomqtt.Client) -> None:
    async for message in client.messages:
        if message.topic.value.endswith("/CallEnded"):
            body = message.payload.decode() if isinstance(message.payload, bytes) else ""
            assert json.loads(body)["end_reason"] == "answered"
            return
