"""The outbox on real databases: nothing is lost, whoever writes at the same time and whatever dies."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.database import Connection, Database, DatabaseTrouble
from core.events import CallArrived, KeptFact
from core.ids import CallId
from core.outbox import Listener, Outbox
from core.outbox_rows import BATCH, deliveries, facts
from core.wire import to_json
from tests.database.cluster import Cluster
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import arrived

WRITERS = 4
EACH = 60
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.02


class Listening:
    """Remembers the calls it was told of."""

    def __init__(self) -> None:
        self.heard: list[CallId] = []

    async def hear(self, fact: KeptFact) -> None:
        self.heard.append(fact.call_id)


def _outbox(database: Database, **listeners: Listening) -> Outbox:
    outbox = Outbox(database)
    outbox.connect(*(Listener(name=name, wants={CallArrived: one.hear}) for name, one in listeners.items()))
    return outbox


def _call(writer: int, number: int) -> CallId:
    return CallId(f"hotline-{writer}.{number}")


@asynccontextmanager
async def _delivering(outbox: Outbox) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.ensure_future(outbox.deliver())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _until(true: Callable[[], bool]) -> None:
    until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not true():
        assert asyncio.get_running_loop().time() < until
        await asyncio.sleep(LOOK_SECONDS)


async def test_a_fact_is_told_once_to_each_and_leaves_no_row_behind(database: Database) -> None:
    one, other = Listening(), Listening()
    outbox = _outbox(database, one=one, other=other)
    database.now(lambda c: outbox.append(c, arrived()))
    assert await outbox.waiting() == {"one": (1, 0), "other": (1, 0)}
    await outbox.deliver_once()
    await outbox.deliver_once()
    assert one.heard == other.heard == [arrived().call_id]
    assert database.now(lambda c: c.execute(select(func.count()).select_from(deliveries)).scalar_one()) == 0


async def test_facts_written_from_four_threads_at_once_all_reach_every_listener(database: Database) -> None:
    one, other = Listening(), Listening()
    outbox = _outbox(database, one=one, other=other)

    def write(writer: int) -> None:
        for number in range(EACH):
            database.now(lambda c, number=number: outbox.append(c, arrived(_call(writer, number))))  # type: ignore[misc]  # bound at once
            outbox_loop.call_soon_threadsafe(outbox.wake)

    outbox_loop = asyncio.get_running_loop()
    async with _delivering(outbox):
        with ThreadPoolExecutor(WRITERS) as threads:
            await asyncio.gather(
                *(outbox_loop.run_in_executor(threads, write, writer) for writer in range(WRITERS))
            )
        await _until(lambda: len(one.heard) == len(other.heard) == WRITERS * EACH)
    everything = {_call(writer, number) for writer in range(WRITERS) for number in range(EACH)}
    assert set(one.heard) == set(other.heard) == everything
    await outbox.deliver_once()
    assert await outbox.waiting() == {}


async def test_of_two_engines_one_shares_out_what_commands_keep(url: str, database: Database) -> None:
    engines = [Database(url) for _ in range(2)]
    listeners = [Listening(), Listening()]
    outboxes = [_outbox(one, one=listening) for one, listening in zip(engines, listeners, strict=True)]
    command = Outbox(database)
    calls = [_call(0, number) for number in range(EACH)]
    for number in range(0, EACH, 2):
        some = [arrived(call) for call in calls[number : number + 2]]
        database.now(lambda c, some=some: command.append(c, *some))  # type: ignore[misc]  # bound at once
        await asyncio.gather(*(outbox.deliver_once() for outbox in outboxes))
    assert {call for one in listeners for call in one.heard} == set(calls)
    assert await command.waiting() == {}
    for engine in engines:
        engine.close()


async def test_a_fact_with_a_lower_number_that_is_committed_later_is_not_passed_over(
    cluster: Cluster,
) -> None:
    database = Database(cluster.fresh())
    database.migrate()
    one = Listening()
    outbox = _outbox(database, one=one)
    written, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slowly(connection: Connection) -> None:
        outbox.append(connection, arrived(CallId("slow")))
        loop.call_soon_threadsafe(written.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()

    slow = asyncio.ensure_future(database.in_transaction(slowly))
    await written.wait()
    await database.in_transaction(lambda c: outbox.append(c, arrived(CallId("quick"))))
    await outbox.deliver_once()
    assert one.heard == ["quick"]
    go_on.set()
    await slow
    await outbox.deliver_once()
    assert one.heard == ["quick", "slow"]
    database.close()


async def test_more_facts_than_a_batch_are_told_in_their_order(database: Database) -> None:
    one = Listening()
    outbox = _outbox(database, one=one)
    calls = [_call(0, number) for number in range(2 * BATCH + 1)]

    def write(connection: Connection) -> None:
        for call_id in calls:
            outbox.append(connection, arrived(call_id))

    database.now(write)
    async with _delivering(outbox):
        await _until(lambda: len(one.heard) == len(calls))
    assert one.heard == calls


async def test_a_database_that_is_killed_and_comes_back_has_lost_nothing(cluster: Cluster) -> None:
    database = Database(cluster.fresh())
    database.migrate()
    one = Listening()
    outbox = _outbox(database, one=one)

    async def write_surely(number: int) -> None:
        while True:
            try:
                await database.in_transaction(lambda c: outbox.append(c, arrived(_call(0, number))))
            except DatabaseTrouble:
                await asyncio.sleep(LOOK_SECONDS)
            else:
                return

    async with _delivering(outbox) as delivering:
        for number in range(EACH):
            if number == EACH // 2:
                cluster.kill()
                await cluster.until_gone()
            await write_surely(number)
        await cluster.until_back()
        await _until(lambda: len(set(one.heard)) == EACH)
        assert not delivering.done()
    await outbox.deliver_once()
    assert await outbox.waiting() == {}
    database.close()


async def test_old_facts_go_once_everybody_was_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.outbox_rows.OLD_BATCH", 2)
    outbox = _outbox(database, one=Listening())
    before = NINE_O_CLOCK + timedelta(seconds=1)
    old = [arrived(_call(1, number)) for number in range(5)]
    young, untold = replace(arrived(_call(2, 1)), at=before), arrived(_call(3, 1))
    database.now(lambda c: outbox.append(c, *old, young))
    await outbox.deliver_once()
    database.now(lambda c: outbox.append(c, untold))
    assert await outbox.forget_told(before) == len(old)
    kept = database.now(lambda c: list(c.execute(select(facts.c.body).order_by(facts.c.id)).scalars()))
    assert kept == [to_json(young), to_json(untold)]


async def test_what_nobody_took_yet_is_told_after_others_were_forgotten(database: Database) -> None:
    one = Listening()
    outbox = _outbox(database, one=one)
    database.now(lambda c: outbox.append(c, arrived(_call(1, 1))))
    await outbox.forget_told(NINE_O_CLOCK + timedelta(days=31))
    await outbox.deliver_once()
    assert one.heard == [_call(1, 1)]
