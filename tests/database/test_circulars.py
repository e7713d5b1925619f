"""通报取数: what a circular reads of the work orders that are kept."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from core.database import Database
from core.ids import CallId, TicketNo
from tests.unit.tickets.circulars.made_up import HOUR, MONDAY
from tests.unit.tickets.circulars.test_fact_of_ticket import TICKET
from tickets import store
from tickets.circular_store import material_between
from tickets.circulars.fact_of_ticket import fact_of
from tickets.model import Closing, Ticket, TicketState, Visit, Work

WEEK = timedelta(days=7)


def ticket(number: int, **known: object) -> Ticket:
    return replace(TICKET, **names(number) | known)  # type: ignore[arg-type]


def names(number: int) -> dict[str, object]:
    return {"ticket_no": TicketNo(f"2611{number:014d}"), "call_id": CallId(f"{number}.1")}


def test_what_touches_the_window_is_read_and_drafts_and_old_ones_are_not(database: Database) -> None:
    old = Work(closing=Closing.ON_LINE, closed_at=MONDAY - 2 * WEEK + HOUR)
    kept = (
        ticket(1),
        ticket(2, received_at=MONDAY - 2 * WEEK),
        ticket(3, received_at=MONDAY - 2 * WEEK, state=TicketState.CLOSED, work=old),
        ticket(4, state=TicketState.DRAFT, work=Work()),
        ticket(5, received_at=MONDAY + WEEK),
    )
    for one in kept:
        database.now(partial(store.put, ticket=one, was=TicketState.DRAFT))
    material = database.now(lambda connection: material_between(connection, MONDAY, MONDAY + WEEK))
    assert sorted(material.tickets, key=lambda fact: fact.no) == [fact_of(kept[0]), fact_of(kept[1])]


def test_what_was_merged_is_read_when_it_came_in_and_when_it_was_visited_and_never_again(
    database: Database,
) -> None:
    visits = (Visit(at=MONDAY + HOUR, by="回访员"),)
    visited = ticket(1, received_at=MONDAY - 2 * WEEK, state=TicketState.MERGED, work=Work(visits=visits))
    unvisited = replace(visited, **names(2), work=Work())  # type: ignore[arg-type]
    for one in (visited, unvisited):
        database.now(partial(store.put, ticket=one, was=TicketState.DRAFT))
    for weeks, touched in ((-2, [visited, unvisited]), (0, [visited]), (1, [])):
        since = MONDAY + weeks * WEEK
        material = database.now(lambda c, since=since: material_between(c, since, since + WEEK))  # type: ignore[misc]  # bound at once
        assert sorted(material.tickets, key=lambda fact: fact.no) == [fact_of(one) for one in touched]
