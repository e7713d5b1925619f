"""What leaves the house, on a real broker: masked, as the schema says, and nothing lost."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiomqtt
import jsonschema
import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from app.demo import demo_instance
from app.instance import Instance
from app.parts import BROKER_USER, broker_part
from app.supervisor import Supervisor
from console.mqtt import Publisher
from core.database import Database
from core.events import KeptFact
from core.outbox import Outbox
from core.settings import Broker
from core.wire import FACTS, schema_of
from tests.fakes.database import fresh_database
from tests.fakes.facts import CALLER, answered, arrived, queued, suggestion, transcript

FACTS_TOLD: list[KeptFact] = [arrived(), queued(), answered(), transcript(), suggestion()]
SOON_SECONDS = 20.0


class House:
    """A broker, an outbox and a publisher between them."""

    def __init__(self, instance: Instance, database: Database) -> None:
        self.instance = instance
        self.database = database
        self.supervisor = Supervisor()
        self.broker = Broker(
            port=instance.settings.broker.port, user=BROKER_USER, password=instance.secret("broker")
        )
        self.publisher = Publisher(self.broker, "hotline")
        self.outbox = Outbox(database)
        self.outbox.connect(self.publisher.listener)

    def keep(self, *facts: KeptFact) -> None:
        for fact in facts:
            self.database.now(lambda c, fact=fact: self.outbox.append(c, fact))  # type: ignore[misc]
        self.outbox.wake()

    async def start_broker(self) -> None:
        await self.supervisor.start(broker_part(self.instance))

    async def stop_broker(self) -> None:
        await self.supervisor.stop_part("broker")

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[Callable[[], Awaitable[aiomqtt.Message]]]:
        """A subscriber whose session the broker keeps while he, or the broker, is away."""
        remembered = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        remembered.SessionExpiryInterval = 3600
        async with aiomqtt.Client(
            "127.0.0.1",
            self.broker.port,
            username=self.broker.user,
            password=self.broker.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            identifier="subscriber",
            clean_start=False,
            properties=remembered,
        ) as client:
            await client.subscribe("hotline/v1/#", qos=1)
            messages = aiter(client.messages)

            async def next_message() -> aiomqtt.Message:
                async with asyncio.timeout(SOON_SECONDS):
                    return await anext(messages)

            yield next_message

    async def until_told(self) -> None:
        async with asyncio.timeout(SOON_SECONDS):
            while await self.outbox.waiting():  # noqa: ASYNC110 - what is awaited has no event
                await asyncio.sleep(0.05)


@pytest.fixture
async def house(tmp_path: Any) -> AsyncIterator[House]:
    instance = demo_instance("contract-mqtt")
    with instance.claimed(afresh=True), fresh_database(f"sqlite:///{tmp_path}/hotline.db") as database:
        instance.make_folders()
        house = House(instance, database)
        await house.start_broker()
        working = [asyncio.ensure_future(work) for work in (house.publisher.run(), house.outbox.deliver())]
        try:
            yield house
        finally:
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
            await house.supervisor.stop()


async def test_every_fact_arrives_in_order_masked_and_as_its_schema_says(house: House) -> None:
    async with house.subscribed() as next_message:
        house.keep(*FACTS_TOLD)
        for fact in FACTS_TOLD:
            message = await next_message()
            name = type(fact).__name__
            assert str(message.topic) == f"hotline/v1/hotline/{name}"
            assert message.qos == 1
            body = bytes(message.payload).decode()
            jsonschema.validate(json.loads(body), schema_of(FACTS[name]))
            assert CALLER not in body
            assert "煤气味" not in body


async def test_while_the_broker_is_away_nothing_is_lost_and_the_order_is_kept(house: House) -> None:
    async with house.subscribed() as next_message:
        house.keep(arrived())
        await next_message()
    await house.until_told()
    await house.stop_broker()
    house.keep(queued(), answered(), transcript())
    await asyncio.sleep(2.5)
    assert await house.outbox.waiting() == {"mqtt": (3, 0)}
    await house.start_broker()
    await house.until_told()
    async with house.subscribed() as next_message:
        told = [str((await next_message()).topic).rsplit("/", 1)[1] for _ in range(3)]
    assert told == ["CallQueued", "CallAnswered", "TranscriptReady"]


async def test_a_stranger_without_the_password_is_not_let_in(house: House) -> None:
    with pytest.raises(aiomqtt.MqttError):
        async with aiomqtt.Client("127.0.0.1", house.broker.port, protocol=aiomqtt.ProtocolVersion.V5):
            pass
