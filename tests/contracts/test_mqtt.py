"""Messages to the outside on a real mosquitto: MQTT 5, QoS 1, masked, and nothing lost while it is away."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiomqtt
import jsonschema
import pytest
import pytest_asyncio
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from app.instance import Instance
from app.parts import BROKER_USER, broker_part
from app.supervisor import Supervisor
from console.mqtt import ROOT, Publisher
from core.database import Connection, Database
from core.events import KEPT, CallArrived, KeptFact
from core.ids import CallId
from core.outbox import Outbox
from core.settings import Broker
from core.wire import FACTS, schema_of
from tests.fakes.database import fresh_database
from tests.fakes.facts import arrived, one_of_each
from tests.instances import own_instance

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "contract"
PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.02
MANY = 250


@dataclass(slots=True, kw_only=True)
class RealBroker:
    """The broker that ``up`` would start."""

    instance: Instance
    supervisor: Supervisor

    @property
    def door(self) -> Broker:
        port = self.instance.settings.broker.port
        return Broker(port=port, user=BROKER_USER, password=self.instance.secret("broker"))

    @property
    def said(self) -> str:
        return (self.instance.logs / "broker.out").read_text()

    async def stop(self) -> None:
        await self.supervisor.stop_part("broker")

    async def start(self) -> None:
        await self.supervisor.start(broker_part(self.instance))


@dataclass(slots=True, kw_only=True)
class Subscriber:
    """Another system that was told, whose place the broker keeps while either is away."""

    messages: list[aiomqtt.Message] = field(default_factory=list)

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [(_name(one), _body(one)["call_id"]) for one in self.messages]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def broker() -> AsyncIterator[RealBroker]:
    with own_instance("contract-mqtt") as instance:
        one = RealBroker(instance=instance, supervisor=Supervisor())
        await one.start()
        try:
            yield one
        finally:
            await one.supervisor.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def subscriber(broker: RealBroker) -> AsyncIterator[Subscriber]:
    async with _subscribed(broker.door) as one:
        yield one


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/hotline.db") as fresh:
        yield fresh


@asynccontextmanager
async def _subscribed(door: Broker) -> AsyncIterator[Subscriber]:
    one = Subscriber()
    task = asyncio.ensure_future(_listen(door, one, subscribed := asyncio.Event()))
    await asyncio.wait_for(subscribed.wait(), PATIENCE_SECONDS)
    try:
        yield one
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _listen(door: Broker, one: Subscriber, subscribed: asyncio.Event) -> None:
    kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho's
    kept.SessionExpiryInterval = 3600
    while True:
        client = aiomqtt.Client(
            door.host,
            door.port,
            username=door.user,
            password=door.password,
            protocol=aiomqtt.ProtocolVersion.V5,
            identifier="another-system",
            clean_start=False,
            properties=kept,
        )
        try:
            async with client:
                await client.subscribe(f"{ROOT}/#", qos=1)
                subscribed.set()
                async for message in client.messages:
                    one.messages.append(message)
        except aiomqtt.MqttError:
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def _publishing(door: Broker, database: Database) -> AsyncIterator[Outbox]:
    publisher = Publisher(door, NODE)
    outbox = Outbox(database)
    outbox.connect(publisher.listener)
    tasks = [asyncio.ensure_future(publisher.run()), asyncio.ensure_future(outbox.deliver())]
    try:
        yield outbox
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _append(database: Database, outbox: Outbox, *facts: KeptFact) -> None:
    def work(connection: Connection) -> None:
        for fact in facts:
            outbox.append(connection, fact)

    database.now(work)
    outbox.wake()


async def _until(true: Callable[[], bool]) -> None:
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not true():
        assert asyncio.get_running_loop().time() < until
        await asyncio.sleep(LOOK_SECONDS)


def _name(message: aiomqtt.Message) -> str:
    return str(message.topic).rsplit("/", 1)[1]


def _body(message: aiomqtt.Message) -> dict[str, str]:
    assert isinstance(message.payload, bytes)
    body = json.loads(message.payload)
    assert isinstance(body, dict)
    return body


def _calls(first: int, behind: int) -> list[CallArrived]:
    return [arrived(CallId(f"contract-{number}")) for number in range(first, behind)]


async def test_every_kept_fact_arrives_masked_and_fits_its_schema(
    broker: RealBroker, subscriber: Subscriber, database: Database
) -> None:
    async with _publishing(broker.door, database) as outbox:
        _append(database, outbox, *one_of_each())
        await _until(lambda: len(subscriber.messages) == len(KEPT))
    assert [_name(message) for message in subscriber.messages] == [type(f).__name__ for f in one_of_each()]
    for message in subscriber.messages:
        assert str(message.topic) == f"hotline/v1/{NODE}/{_name(message)}"
        assert (message.qos, message.retain) == (1, False)
        jsonschema.validate(_body(message), schema_of(FACTS[_name(message)]))
    everything = json.dumps([_body(message) for message in subscriber.messages], ensure_ascii=False)
    assert "138****5678" in everything
    assert "13812345678" not in everything
    assert "煤气味" not in everything


async def test_we_speak_mqtt_5(broker: RealBroker, database: Database) -> None:
    async with _publishing(broker.door, database):
        await _until(lambda: f"as hotline-{NODE} (p5," in broker.said)


async def test_while_the_broker_is_away_nothing_is_lost_and_the_order_is_kept(
    broker: RealBroker, subscriber: Subscriber, database: Database
) -> None:
    calls = _calls(0, MANY)
    async with _publishing(broker.door, database) as outbox:
        for number, fact in enumerate(calls):
            if number == MANY // 3:
                await broker.stop()
            if number == 2 * MANY // 3:
                assert (await outbox.waiting())["mqtt"][0] >= MANY // 3 - 1
                await broker.start()
            _append(database, outbox, fact)
            await asyncio.sleep(0)
        wanted = {("CallArrived", fact.call_id) for fact in calls}
        await _until(lambda: wanted <= set(subscriber.facts))
        while await outbox.waiting():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(LOOK_SECONDS)
    first_told = list(dict.fromkeys(subscriber.facts))
    assert first_told == [("CallArrived", fact.call_id) for fact in calls]


async def test_a_restart_of_ours_goes_on_with_what_was_not_told(
    broker: RealBroker, subscriber: Subscriber, database: Database
) -> None:
    async with _publishing(_locked_out(broker.door), database) as outbox:
        _append(database, outbox, *_calls(0, 3))
        await asyncio.sleep(1.5)
        assert subscriber.facts == []
        assert await outbox.waiting() == {"mqtt": (3, 0)}
    async with _publishing(broker.door, database):
        await _until(lambda: len(subscriber.facts) == 3)
    assert subscriber.facts == [("CallArrived", f"contract-{number}") for number in range(3)]


def _locked_out(door: Broker) -> Broker:
    """With it the broker lets nobody in."""
    return door.model_copy(update={"password": "not-the-password"})


async def test_nobody_gets_in_without_the_password(broker: RealBroker) -> None:
    for user, password in ((None, None), (BROKER_USER, "guessed")):
        client = aiomqtt.Client("127.0.0.1", broker.door.port, username=user, password=password)
        with pytest.raises(aiomqtt.MqttError):
            async with client:
                pass


async def test_two_nodes_share_a_broker(
    broker: RealBroker, subscriber: Subscriber, database: Database
) -> None:
    other = Publisher(broker.door, "other")
    task = asyncio.ensure_future(other.run())
    try:
        async with _publishing(broker.door, database) as outbox:
            _append(database, outbox, arrived())
            await _until(lambda: other._client is not None)
            await other.publish(replace(arrived(), node="other"))
            await _until(lambda: len(subscriber.messages) == 2)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    topics = {str(message.topic) for message in subscriber.messages}
    assert topics == {f"{ROOT}/{NODE}/CallArrived", f"{ROOT}/other/CallArrived"}
