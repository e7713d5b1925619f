"""Webhooks: signed, masked, in order, until confirmed; a receiver that is away holds up no other."""

import hashlib
import hmac
import json
from collections.abc import Mapping

import pytest

from console.api_keys import derived
from console.http_post import NotReached
from console.webhook_store import (
    Delivery,
    DeliveryState,
    Target,
    deliveries_known,
    put_target,
    remove_target,
)
from console.webhooks import MOST_REFUSALS, WebhookDesk, WebhookPost
from core.database import Database
from core.events import CallArrived
from core.ids import CallId
from tests.fakes.clock import StandingClock

SECRET = "the hotline's own"


class Receivers:
    """Other systems by their address: what each was sent, and what it answers."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Mapping[str, str]]] = []
        self.answers: dict[str, int] = {}

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        status = self.answers.get(url, 204)
        if status == 0:
            raise NotReached(reason="away")
        self.sent.append((url, body, headers))
        return status

    async def close(self) -> None:
        return


class Exchange:
    """A hotline that tells other systems."""

    def __init__(self, database: Database) -> None:
        self.clock = StandingClock()
        self.database = database
        self.receivers = Receivers()
        self.desk = WebhookDesk(database, self.clock)
        self.post = WebhookPost(database, self.receivers, self.clock, SECRET)  # type: ignore[arg-type]  # a fake
        self.calls = 0

    def add(self, name: str, *facts: str) -> None:
        target = Target(
            name=name,
            url=f"https://{name}.example/hook",
            facts=facts or ("CallArrived",),
            added_at=self.clock.now(),
            added_by="root",
        )
        self.database.now(lambda c: put_target(c, target))

    async def call(self, times: int = 1) -> CallArrived:
        self.calls += 1
        fact = CallArrived(
            call_id=CallId(f"hotline-1.{self.calls}"),
            at=self.clock.forward(1),
            node="hotline",
            caller="13812341234",
            dialled="12345",
            recording="/r/1.raw",
        )
        for _ in range(times):
            await self.desk.keep(fact)
        return fact

    def kept(self, name: str) -> list[Delivery]:
        return self.database.now(lambda c: deliveries_known(c, name, 100))


@pytest.fixture
def exchange(database: Database) -> Exchange:
    return Exchange(database)


async def test_a_fact_is_told_signed_and_masked(exchange: Exchange) -> None:
    exchange.add("city")
    await exchange.call()
    assert await exchange.post.send_due() == 1
    [(url, body, headers)] = exchange.receivers.sent
    expected = hmac.new(
        derived(SECRET, "webhook", "city").encode(),
        f"{headers['X-Hotline-Timestamp']}.{body}".encode(),
        hashlib.sha256,
    ).hexdigest()
    assert url == "https://city.example/hook"
    assert headers["X-Hotline-Signature"] == f"sha256={expected}"
    assert json.loads(body)["data"]["caller"] == "138****1234"
    assert json.loads(body)["id"] == headers["X-Hotline-Id"]


async def test_every_target_has_a_secret_of_its_own(exchange: Exchange) -> None:
    exchange.add("city")
    exchange.add("province")
    await exchange.call()
    await exchange.post.send_due()
    first, second = (headers["X-Hotline-Signature"] for _, _, headers in exchange.receivers.sent)
    assert first != second


async def test_only_what_a_target_wants_is_told_and_nothing_after_it_was_removed(exchange: Exchange) -> None:
    exchange.add("city", "CallEnded")
    exchange.add("gone")
    await exchange.desk.keep(await exchange.call())
    exchange.database.now(lambda c: remove_target(c, "gone", exchange.clock.now()))
    exchange.clock.forward(3)
    await exchange.call()
    assert await exchange.post.send_due() == 0
    assert (len(exchange.kept("city")), len(exchange.kept("gone"))) == (0, 1)


async def test_a_fact_that_is_told_again_is_sent_once(exchange: Exchange) -> None:
    exchange.add("city")
    await exchange.call(times=3)
    assert await exchange.post.send_due() == 1
    assert await exchange.post.send_due() == 0


async def test_who_is_away_gets_everything_later_in_order_and_holds_up_nobody(exchange: Exchange) -> None:
    exchange.add("away")
    exchange.add("city")
    exchange.receivers.answers["https://away.example/hook"] = 0
    for _ in range(3):
        await exchange.call()
    await exchange.post.send_due()
    assert [url for url, _, _ in exchange.receivers.sent] == ["https://city.example/hook"] * 3
    del exchange.receivers.answers["https://away.example/hook"]
    assert await exchange.post.send_due() == 0
    exchange.clock.forward(5)
    assert await exchange.post.send_due() == 3
    late = [json.loads(body)["data"]["call_id"] for url, body, _ in exchange.receivers.sent if "away" in url]
    assert late == ["hotline-1.1", "hotline-1.2", "hotline-1.3"]


async def test_the_pauses_grow(exchange: Exchange) -> None:
    exchange.add("city")
    exchange.receivers.answers["https://city.example/hook"] = 503
    await exchange.call()
    waited = []
    for _ in range(4):
        await exchange.post.send_due()
        [waiting] = exchange.kept("city")
        waited.append((waiting.next_at - exchange.clock.now()).total_seconds())
        exchange.clock.at = waiting.next_at
    assert waited == [5, 15, 60, 300]


async def test_what_is_refused_again_and_again_is_given_up_and_the_next_one_goes(exchange: Exchange) -> None:
    exchange.add("city")
    exchange.receivers.answers["https://city.example/hook"] = 400
    await exchange.call()
    await exchange.call()
    for _ in range(MOST_REFUSALS):
        await exchange.post.send_due()
        exchange.clock.forward(3600)
    states = {one.tries: one.state for one in exchange.kept("city")}
    assert states == {MOST_REFUSALS: DeliveryState.GIVEN_UP, 0: DeliveryState.WAITING}
    exchange.receivers.answers.clear()
    assert await exchange.post.send_due() == 1
