"""对外消息: facts over MQTT 5, QoS 1, masked; nothing is lost while the broker is away."""

import asyncio
import json

import aiomqtt
import structlog

from core.events import KEPT, KeptFact
from core.outbox import Listener, NotNow
from core.settings import Broker
from core.wire import outward

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 2.0
PUBLISH_SECONDS = 10.0
ROOT = "hotline/v1"


def topic_of(node: str, fact: KeptFact) -> str:
    """``hotline/v1/NODE/FactName``, e.g. ``hotline/v1/hotline/CallAnswered``."""
    return f"{ROOT}/{node}/{type(fact).__name__}"


class Publisher:
    """Stays connected to the broker and publishes what the outbox hands over."""

    def __init__(self, broker: Broker, node: str) -> None:
        """``node`` stands in every topic, so that several engines can share a broker."""
        self._broker = broker
        self._node = node
        self._client: aiomqtt.Client | None = None

    @property
    def listener(self) -> Listener:
        """All kept facts."""
        return Listener(name="mqtt", wants=dict.fromkeys(KEPT, self.publish))

    async def run(self) -> None:
        """Connect, and again whenever the broker was away, until cancelled."""
        told = False
        while True:
            try:
                async with self._connection() as client:
                    log.info("已连上消息代理", host=self._broker.host, port=self._broker.port)
                    told = False
                    self._client = client
                    # Nothing is subscribed: the iteration only ends when the connection does.
                    async for _message in client.messages:
                        continue
            except aiomqtt.MqttError as error:
                if not told:
                    log.warning("消息代理不在, 事实先留在发件箱里", reason=str(error))
                    told = True
            finally:
                self._client = None
            await asyncio.sleep(AGAIN_SECONDS)

    async def publish(self, fact: KeptFact) -> None:
        """Publish one fact and wait for the broker's acknowledgement; raises NotNow without one."""
        client = self._client
        if client is None:
            raise NotNow(to="mqtt")
        body = json.dumps(outward(fact), ensure_ascii=False)
        try:
            await client.publish(topic_of(self._node, fact), body, qos=1, timeout=PUBLISH_SECONDS)
        except aiomqtt.MqttError as error:
            raise NotNow(to="mqtt") from error

    def _connection(self) -> aiomqtt.Client:
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.user or None,
            password=self._broker.password or None,
            protocol=aiomqtt.ProtocolVersion.V5,
            identifier=f"hotline-{self._node}",
        )
