"""对外回调: facts for other systems, signed, in order, until each has confirmed them."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from console.api_keys import derived
from console.http_post import HttpPost, NoAnswer, NotReached
from console.webhook_store import (
    Delivery,
    DeliveryState,
    Target,
    add_deliveries,
    next_delivery,
    settle_delivery,
    targets_known,
)
from core.clock import Clock
from core.database import Database, DatabaseTrouble
from core.events import KEPT, KeptFact
from core.outbox import Listener
from core.wire import outward, to_json

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 1800, 3600))
MOST_TRIES = 90
"""About three days of an hour between two tries."""
MOST_REFUSALS = 6
"""A receiver that says no to the content says so again."""
AGAIN_LATER = (408, 425, 429)
LOOK_SECONDS = 1.0
TARGETS_FRESH = timedelta(seconds=3)
"""So long a target that was added or removed may be unknown."""
IN_A_ROW = 100
TEST_FACT = "Test"


def signature_of(secret: str, timestamp: str, body: str) -> str:
    """Give ``sha256=…`` over ``TIMESTAMP.BODY``, which the receiver computes anew and compares."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def body_of(fact: KeptFact, once: str) -> str:
    """Give what is told of a fact: masked, as everything that leaves the house."""
    told = {"id": once, "fact": type(fact).__name__, "data": outward(fact)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


class WebhookDesk:
    """The outbox's listener: keeps for each target what it is to be told, and sends nothing itself."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Look at nothing yet."""
        self._database = database
        self._clock = clock
        self._targets: list[Target] = []
        self._looked_at: datetime | None = None

    @property
    def listener(self) -> Listener:
        """All kept facts."""
        return Listener(name="webhooks", wants=dict.fromkeys(KEPT, self.keep))

    async def keep(self, fact: KeptFact) -> None:
        """Keep it for whoever wants it; told twice is once."""
        name = type(fact).__name__
        wanted = [target for target in await self._known() if name in target.facts]
        if not wanted:
            return
        once = hashlib.sha256(f"{name}{to_json(fact)}".encode()).hexdigest()
        body = body_of(fact, once)
        fresh = [_delivery(target, name, (once, body), fact.at) for target in wanted]
        await self._database.in_transaction(lambda connection: add_deliveries(connection, fresh))

    async def _known(self) -> list[Target]:
        """Give the targets; most hotlines have none, and every call tells a dozen facts."""
        now = self._clock.now()
        if self._looked_at is None or abs(now - self._looked_at) >= TARGETS_FRESH:
            self._targets = await self._database.in_transaction(targets_known)
            self._looked_at = now
        return self._targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one try."""

    state: DeliveryState
    said: str


class WebhookPost:
    """Sends what waits, each target for itself: one that is away holds up no other."""

    def __init__(self, database: Database, post: HttpPost, clock: Clock, secret: str) -> None:
        """``secret`` is the hotline's own, of which those of the targets are derived."""
        self._database = database
        self._post = post
        self._clock = clock
        self._secret = secret

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                await self.send_due()
            except DatabaseTrouble as error:
                log.warning("数据库不在, 回调稍后再送", reason=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def send_due(self) -> int:
        """Send what is due; gives how many were confirmed."""
        known = await self._database.in_transaction(targets_known)
        return sum(await asyncio.gather(*(self._serve(target) for target in known)))

    async def send(self, target: Target, delivery: Delivery) -> Tried:
        """Try once."""
        timestamp = str(int(self._clock.now().timestamp()))
        secret = derived(self._secret, "webhook", target.name)
        headers = {
            "X-Hotline-Id": delivery.once,
            "X-Hotline-Timestamp": timestamp,
            "X-Hotline-Signature": signature_of(secret, timestamp, delivery.body),
        }
        try:
            status = await self._post.send(target.url, delivery.body, headers)
        except (NotReached, NoAnswer) as error:
            return Tried(state=_after(delivery, MOST_TRIES), said=str(error))
        if 200 <= status < 300:
            return Tried(state=DeliveryState.DONE, said=f"HTTP {status}")
        refused = 400 <= status < 500 and status not in AGAIN_LATER
        return Tried(
            state=_after(delivery, MOST_REFUSALS if refused else MOST_TRIES), said=f"对方回答 HTTP {status}"
        )

    async def _serve(self, target: Target) -> int:
        confirmed = 0
        for _ in range(IN_A_ROW):
            waiting = await self._database.in_transaction(lambda c: next_delivery(c, target.name))
            if waiting is None or waiting.next_at > self._clock.now():
                break
            tried = await self.send(target, waiting)
            await self._settle(waiting, tried)
            if tried.state is not DeliveryState.DONE:
                break
            confirmed += 1
        return confirmed

    async def _settle(self, waiting: Delivery, tried: Tried) -> None:
        pause = PAUSES[min(waiting.tries, len(PAUSES) - 1)]
        next_at = self._clock.now() + pause
        if tried.state is DeliveryState.GIVEN_UP:
            log.error("回调送不出去, 已放弃", target=waiting.target, fact=waiting.fact, reason=tried.said)
        await self._database.in_transaction(
            lambda c: settle_delivery(c, waiting, tried.state, said=tried.said, next_at=next_at)
        )


def trial(target: Target, at: datetime) -> Delivery:
    """Give what is sent to try a target: no fact, and marked as a test."""
    once = f"test-{int(at.timestamp())}"
    body = json.dumps({"id": once, "fact": TEST_FACT, "data": {"at": at.isoformat()}}, ensure_ascii=False)
    return replace(_delivery(target, TEST_FACT, (once, body), at), tries=MOST_TRIES)


def _after(delivery: Delivery, most: int) -> DeliveryState:
    return DeliveryState.GIVEN_UP if delivery.tries + 1 >= most else DeliveryState.WAITING


def _delivery(target: Target, fact: str, told: tuple[str, str], at: datetime) -> Delivery:
    once, body = told
    return Delivery(
        target=target.name,
        once=once,
        fact=fact,
        body=body,
        at=at,
        state=DeliveryState.WAITING,
        tries=0,
        next_at=at,
        said="",
    )
