"""Four workers on one PostgreSQL, killed −9 again and again: numbers are given once, warnings told once."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import IO

import pytest

from core.database import Connection, Database
from core.ids import TicketNo
from core.outbox import Outbox
from tests.database.cluster import Cluster
from tests.database.work_crew import LATER
from tests.fakes.clock import StandingClock
from tests.fakes.work import POLICIES, UNITS
from tickets import store, unit_store, work_store
from tickets.guards import WorkRules
from tickets.model import Ticket
from tickets.timers import Timers, points
from tickets.units import UnitTree

WORKERS = 4
KILLS = 16
MOST_LINES = 12
WARNED = ("预警", "升级")
LOOK_SECONDS = 0.02


@pytest.fixture
def database(cluster: Cluster) -> Iterator[Database]:
    fresh = Database(cluster.fresh())
    fresh.migrate()
    fresh.now(lambda connection: unit_store.put_units(connection, UNITS))
    yield fresh
    fresh.close()


class Crew:
    """The workers that live, by process number, and every number that any of them was given."""

    def __init__(self, told: IO[str], ask: IO[str]) -> None:
        self.numbers: list[str] = []
        self.alive: dict[int, str] = {}
        self._told = told
        self._ask = ask
        self._hired = 0

    def hire(self) -> None:
        self._hired += 1
        self._ask.write(f"worker{self._hired}\n")
        self._ask.flush()

    def hear(self) -> None:
        """Wait for one line: somebody has opened a work order."""
        pid, name, number = self._told.readline().split()
        self.alive[int(pid)] = name
        self.numbers.append(number)

    def kill(self, chance: Random) -> None:
        """Kill one of them in whatever he does right now."""
        pid = chance.choice(sorted(self.alive))
        os.kill(pid, signal.SIGKILL)
        del self.alive[pid]


@contextmanager
def crew(url: str) -> Iterator[Crew]:
    command = [sys.executable, "-m", "tests.database.work_crew", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        hired = Crew(process.stdout, process.stdin)
        try:
            yield hired
        finally:
            process.kill()
            for pid in hired.alive:
                os.kill(pid, signal.SIGKILL)


def labour_and_kill(url: str, chance: Random) -> list[str]:
    """Give every number that was told; those who are killed are replaced."""
    with crew(url) as hired:
        for _ in range(WORKERS):
            hired.hire()
        while len(hired.alive) < WORKERS:
            hired.hear()
        for _ in range(KILLS):
            for _ in range(chance.randint(1, MOST_LINES)):
                hired.hear()
            hired.kill(chance)
            hired.hire()
        return hired.numbers


def _all_tickets(connection: Connection) -> list[Ticket]:
    rows = connection.exec_driver_sql("SELECT ticket_no FROM tickets").scalars()
    found = [store.ticket_by_number(connection, TicketNo(number)) for number in list(rows)]
    return [ticket for ticket in found if ticket is not None]


def _facts(connection: Connection) -> Counter[str]:
    """How many warnings were told of each work order."""
    rows = connection.exec_driver_sql("SELECT body FROM outbox WHERE name = 'TicketStepped'").scalars()
    warnings = [body for body in rows if any(f'"{word}"' in body for word in WARNED)]
    return Counter(body.partition('"ticket_no":"')[2][:18] for body in warnings)


async def until_all_is_told(database: Database) -> None:
    """What the killed still hold is let go of by the server a moment later."""
    last = Timers(database, Outbox(database), POLICIES, StandingClock(LATER))

    def due(connection: Connection) -> int:
        return len(
            connection.exec_driver_sql(
                "SELECT 1 FROM ticket_timers WHERE next_at <= %(now)s", {"now": LATER}
            ).all()
        )

    while database.now(due):
        await last.look()
        await asyncio.sleep(LOOK_SECONDS)


async def test_no_number_is_given_twice_and_no_warning_is_lost_or_told_twice(database: Database) -> None:
    numbers = labour_and_kill(database.url, Random(12345))
    await until_all_is_told(database)
    tickets = database.now(_all_tickets)
    assert len(numbers) == len(set(numbers))
    assert set(numbers) <= {ticket.ticket_no for ticket in tickets}
    tree = UnitTree(UNITS)
    rules = WorkRules(limits=POLICIES.limits, flow=POLICIES.flow, units=lambda: tree)
    facts = database.now(_facts)
    dispatched = 0
    for ticket in tickets:
        told = database.now(lambda c, number=ticket.ticket_no: work_store.told_of(c, number))  # type: ignore[misc]  # bound at once
        owed = {(point.task, point.name) for point in points(ticket, rules) if point.at <= LATER}
        assert owed <= told
        assert facts[ticket.ticket_no] == len(told)
        dispatched += bool(ticket.work.tasks)
    assert dispatched > KILLS
    assert len(tickets) == len({ticket.call_id for ticket in tickets})
