"""Bulk fill: one per cent of a year, on either database, as the real desk could have left it."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.database import Connection, Database
from queue_manager import store as calls
from simulator.fill import Fill, FillPlan, NotEmpty
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.work import POLICIES
from tickets import numbers_store, store, unit_store, work_store
from tickets.guards import WorkRules
from tickets.invariants import check
from tickets.model import TicketState
from tickets.units import UnitTree
from tickets.visits_rated_store import rated_between
from tickets.work_store import Asked

PLAN = FillPlan(calls=10_000, tickets=3_000, until=date(2026, 3, 1), days=10)
FEW = FillPlan(calls=300, tickets=100, until=date(2026, 3, 1), days=4)
FAR = NINE_O_CLOCK + timedelta(days=365)
RULES = WorkRules(limits=POLICIES.limits, flow=POLICIES.flow, units=lambda: UnitTree(()))


def filled(database: Database, plan: FillPlan) -> None:
    Fill(plan, RULES).run(database, lambda _done, _of: None)


def everything(database: Database) -> tuple[object, ...]:
    def look(connection: Connection) -> tuple[object, ...]:
        found = work_store.listing(connection, Asked(most=1000))
        return found, [store.events_of(connection, one.ticket_no) for one in found]

    return database.now(look)


def test_so_many_calls_and_work_orders_are_there_and_numbers_go_on_after_them(database: Database) -> None:
    filled(database, PLAN)

    def look(connection: Connection) -> tuple[int, int, int]:
        tickets = work_store.listing(connection, Asked(most=10_000))
        return calls.number_of_calls(connection), len(tickets), numbers_store.next_number(connection)

    assert database.now(look) == (PLAN.calls, PLAN.tickets, PLAN.tickets + 1)


def test_what_is_filled_could_have_come_from_the_real_desk(database: Database) -> None:
    filled(database, FEW)

    def look(connection: Connection) -> None:
        tickets = work_store.listing(connection, Asked(most=1000))
        assert {one.state for one in tickets} >= {TicketState.CLOSED, TicketState.HANDLING}
        units = {unit.unit_id for unit in unit_store.units_known(connection)}
        for ticket in tickets:
            check(ticket)
            events = store.events_of(connection, ticket.ticket_no)
            assert [event.seq for event in events] == list(range(1, ticket.version + 1))
            assert events[-1].now == ticket.state
            assert {task.unit for task in ticket.work.tasks} <= units
            if ticket.src_channel == "电话":
                call = calls.call_of(connection, ticket.call_id)
                assert call is not None
                assert call.answered_at is not None
                assert call.caller == ticket.phone

    database.now(look)


def test_what_citizens_said_afterwards_can_be_counted(database: Database) -> None:
    filled(database, replace(FEW, days=40))

    def look(connection: Connection) -> tuple[set[str], set[str]]:
        tickets = work_store.listing(connection, Asked(most=1000))
        said = {one.ticket_no for one in tickets if any(seen.reached for seen in one.work.visits)}
        rated = rated_between(connection, tickets[-1].received_at, FAR)
        return {f"{number}" for number in said}, {f"{one.ticket_no}" for one in rated}

    said, counted = database.now(look)
    assert len(said) > 10
    assert said == counted


def test_the_same_seed_fills_the_same(database: Database, tmp_path: Path) -> None:
    filled(database, FEW)
    other = Database(f"sqlite:///{tmp_path}/other.db")
    other.migrate()
    filled(other, FEW)
    assert everything(other) == everything(database)
    other.close()


def test_a_database_that_holds_anything_is_not_filled(database: Database) -> None:
    filled(database, FEW)
    before = everything(database)
    with pytest.raises(NotEmpty):
        filled(database, FEW)
    assert everything(database) == before
