"""Work orders on either database: what only grows, who comes first, and how fast one opens."""

import asyncio
import time
from collections.abc import Iterator
from random import Random

import pytest

from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from core.events import KeptFact
from core.outbox import Outbox
from tests.fakes.work import POLICIES, REVIEWER, Office
from tickets import work_store
from tickets.model import TicketState
from tickets.timers import Timers
from tickets.wish import Action, Wish
from tickets.work_desk import WorkDesk

OPENED = 150
MEDIAN_SECONDS = 0.1
"""Of most, for a machine that does other things; the slowest are measured by themselves, by a bench."""


class Killed(HotlineError):
    """这个进程被中途杀掉了。"""


class DyingOutbox(Outbox):
    """Of a worker that may die while it tells something; its transaction goes with it."""

    def __init__(self, database: Database, chance: Random) -> None:
        super().__init__(database)
        self._chance = chance

    def append(self, connection: Connection, *news: KeptFact) -> None:
        super().append(connection, *news)
        if self._chance.random() < 0.2:
            raise Killed


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def others(url: str, database: Database) -> Iterator[list[Database]]:
    """Three more engines on the same database."""
    assert database.url == url
    more = [Database(url) for _ in range(3)]
    yield more
    for one in more:
        one.close()


async def test_a_whole_life_comes_back_as_it_was(office: Office) -> None:
    ticket = await office.closed()
    assert office.kept(ticket.ticket_no) == ticket
    events = await office.desk.history(ticket.ticket_no)
    assert [event.seq for event in events] == list(range(1, ticket.version + 1))


@pytest.mark.parametrize("statement", ["UPDATE ticket_history SET actor = 'x'", "DELETE FROM ticket_history"])
async def test_nobody_changes_history(office: Office, statement: str) -> None:
    await office.submitted()
    with pytest.raises(DatabaseTrouble, match="append-only"):
        office.database.now(lambda connection: connection.exec_driver_sql(statement))


async def test_of_two_who_saw_the_same_version_one_is_told_that_he_came_late(
    office: Office, others: list[Database]
) -> None:
    ticket = await office.submitted()
    desks = [WorkDesk(one, Outbox(one), POLICIES, Random(1)) for one in others]
    wish = Wish(
        action=Action.RETURN,
        actor=REVIEWER,
        at=office.clock.forward(1),
        version=ticket.version,
        reason="缺地址",
    )
    results = await asyncio.gather(
        *(desk.take(ticket.ticket_no, wish) for desk in desks), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in results) == ["StaleVersion", "StaleVersion", "Ticket"]
    assert office.kept(ticket.ticket_no).state is TicketState.TO_COMPLETE


async def test_the_same_delivery_to_three_engines_at_once_is_one_work_order(
    office: Office, others: list[Database]
) -> None:
    desks = [WorkDesk(one, Outbox(one), POLICIES, Random(1)) for one in others]
    for number in range(10):
        arrival = office.arrival(key=f"delivery-{number}")
        opened = await asyncio.gather(*(desk.open(arrival) for desk in desks for _ in range(3)))
        assert len({ticket.ticket_no for ticket in opened}) == 1


def _steps_told(connection: Connection) -> list[str]:
    rows = connection.exec_driver_sql("SELECT body FROM outbox WHERE name = 'TicketStepped'")
    return [row[0] for row in rows]


async def test_workers_that_die_lose_no_warning_and_tell_none_twice(
    office: Office, others: list[Database]
) -> None:
    tickets = [await office.handling() for _ in range(30)]
    office.clock.forward(30 * 86400)
    chance = Random(7)
    workers = [Timers(one, DyingOutbox(one, chance), POLICIES, office.clock) for one in others]

    async def work(worker: Timers) -> None:
        for _ in range(40):
            try:
                await worker.look()
            except Killed:
                continue

    await asyncio.gather(*map(work, workers))
    last = Timers(office.database, office.outbox, POLICIES, office.clock)
    while await last.look():
        pass
    warnings = [body for body in office.database.now(_steps_told) if "预警" in body]
    told = [
        one
        for ticket in tickets
        for one in office.database.now(lambda c, t=ticket: work_store.warned_of(c, t.ticket_no))  # type: ignore[misc]  # bound at once
    ]
    assert len(told) == len(warnings) == len(set(warnings))
    assert len(told) == 30 * len([one for one in told if one.ticket_no == tickets[0].ticket_no])


async def test_one_opens_quickly(office: Office) -> None:
    took = []
    for _ in range(OPENED):
        begun = time.perf_counter()
        await office.opened()
        took.append(time.perf_counter() - begun)
    median, p99 = sorted(took)[OPENED // 2], sorted(took)[int(OPENED * 0.99)]
    print(f"opening: median {median * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms")
    assert median < MEDIAN_SECONDS
