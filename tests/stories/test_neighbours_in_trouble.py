"""邻居出事: the recogniser or the broker is away, and no call waits for either.

Words that were spoken while the recogniser was dead are heard afterwards, from the recording. Facts that
became true while the broker was away reach those who listen there as soon as it is back.
"""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from app.parts import BROKER_USER, broker_part, recogniser_part
from tests.stories.hotline import Hotline
from tests.stories.people import SEAT_BYE, CitizenCalling, they_talk
from tests.stories.records import Record, assert_told_once
from tests.stories.waiting import PATIENCE_SECONDS

GAS_WORDS = "我家楼道里闻到煤气味"
CARD_WORDS = "社保卡丢了怎么补办"
EVERYTHING = "hotline/v1/#"


async def test_the_recogniser_dies_during_a_talk(hotline: Hotline) -> None:
    await hotline.sounds.prepare(GAS_WORDS, CARD_WORDS)
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        talk = await seat.answers()
        await citizen.says(GAS_WORDS)
        dead = hotline.send("recogniser", signal.SIGKILL)
        await citizen.says(CARD_WORDS)
        await talk.says(SEAT_BYE)
        await talk.hangs_up()
        await hotline.until_back("recogniser", dead)
    record = await hotline.records.complete_from(citizen.number)
    assert_told_once(record)
    assert "煤气" in record.said
    assert "社保卡" in record.said


async def test_the_recogniser_hangs_during_a_call(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        with hotline.hanging("recogniser"):
            await they_talk(citizen, await seat.answers())
    await assert_heard_later(hotline, citizen)


async def test_the_recogniser_is_away_for_a_whole_call(hotline: Hotline) -> None:
    async with (
        hotline.seat() as seat,
        hotline.without(recogniser_part(hotline.instance)),
        hotline.citizen() as citizen,
    ):
        await citizen.skips_the_greeting()
        await they_talk(citizen, await seat.answers())
    await assert_heard_later(hotline, citizen)


async def test_the_broker_is_away_during_a_call(hotline: Hotline) -> None:
    ear = Ear(hotline=hotline, name="ear-of-the-away-story")
    async with ear.connected():
        pass
    async with hotline.without(broker_part(hotline.instance)):
        record = await one_call(hotline)
    await ear.assert_hears_all_of(record)


async def test_the_broker_hangs_during_a_call(hotline: Hotline) -> None:
    ear = Ear(hotline=hotline, name="ear-of-the-hanging-story")
    async with ear.connected():
        pass
    with hotline.hanging("broker"):
        record = await one_call(hotline)
    await ear.assert_hears_all_of(record)


async def one_call(hotline: Hotline) -> Record:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        await they_talk(citizen, await seat.answers())
    return await hotline.records.complete_from(citizen.number)


async def assert_heard_later(hotline: Hotline, citizen: CitizenCalling) -> None:
    record = await hotline.records.complete_from(citizen.number)
    assert_told_once(record)
    assert "社保卡" in record.said


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """Another system at the broker, whose messages wait for it while it is not connected."""

    hotline: Hotline
    name: str

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[aiomqtt.Client]:
        kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        kept.SessionExpiryInterval = 3600
        instance = self.hotline.instance
        async with aiomqtt.Client(
            "127.0.0.1",
            instance.settings.broker.port,
            username=BROKER_USER,
            password=instance.secret("broker"),
            protocol=aiomqtt.ProtocolVersion.V5,
            identifier=self.name,
            clean_start=False,
            properties=kept,
        ) as client:
            await client.subscribe(EVERYTHING, qos=1)
            yield client

    async def assert_hears_all_of(self, record: Record) -> None:
        """Every fact of this call arrives, with the citizen's number masked."""
        missing = {type(fact).__name__ for fact in record.facts}
        async with self.connected() as client, asyncio.timeout(PATIENCE_SECONDS):
            async for message in client.messages:
                body = message.payload.decode() if isinstance(message.payload, bytes) else ""
                if json.loads(body)["call_id"] == record.row.call_id:
                    assert record.row.caller not in body
                    missing.discard(message.topic.value.rsplit("/", 1)[-1])
                if not missing:
                    return
