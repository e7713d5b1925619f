"""Visits, exclusions and the register on either database: what only grows, what is counted, who was first."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from core.database import Connection, Database, DatabaseTrouble
from core.outbox import Outbox
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.work import DIRECTOR, HOUSING, POLICIES, PROFILE, REVIEWER, SUPERVISOR, VISITOR, Office
from tickets.consequences_desk import Finding, enter, judge, period_between
from tickets.consequences_facts import Person
from tickets.consequences_policy import read_consequences
from tickets.consequences_store import entries_between
from tickets.model import Ticket, TicketState, Visit
from tickets.visits_desk import Asking, NothingAsked, VisitDesk
from tickets.visits_policy import read_visits
from tickets.visits_rates import left_out, satisfaction
from tickets.wish import Action
from tickets.work_desk import WorkDesk

POLICY = read_visits(PROFILE)
LATER = NINE_O_CLOCK + timedelta(days=30)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def visits(database: Database, office: Office) -> VisitDesk:
    return VisitDesk(database, office.desk, POLICY)


def told(office: Office, handle: str) -> Visit:
    office.clock.forward(300)
    return Visit(at=office.clock.now(), by=VISITOR.name, handle_sat=handle, note="没修好")


def asking(office: Office, who: object = VISITOR) -> Asking:
    office.clock.forward(300)
    at = office.clock.now()
    return Asking(actor=who, at=at, reason="不合理诉求", note="要求赔偿十倍")  # type: ignore[arg-type]


async def rated(office: Office, visits: VisitDesk, handle: str) -> Ticket:
    ticket = await office.to_visit()
    return await visits.record(ticket.ticket_no, told(office, handle), VISITOR)


async def test_rates_are_counted_before_and_after(office: Office, visits: VisitDesk) -> None:
    await rated(office, visits, "满意")
    await rated(office, visits, "不满意")
    out = await office.to_visit()
    await visits.hold(out.ticket_no, told(office, "不满意"), asking(office))
    await visits.decide(out.ticket_no, asking(office, DIRECTOR), approved=True)
    found = await visits.rated(NINE_O_CLOCK, LATER)
    handled = satisfaction(found, POLICY)[0]
    assert (handled.before.rate, handled.after.rate) == (3333, 5000)
    assert [(one.ticket_no, one.left_out, one.unit) for one in left_out(found)] == [
        (out.ticket_no, "不合理诉求", HOUSING.unit)
    ]


async def test_two_who_decide_at_once_decide_once(
    database: Database, office: Office, visits: VisitDesk
) -> None:
    ticket = await office.to_visit()
    await visits.hold(ticket.ticket_no, told(office, "不满意"), asking(office))
    other = WorkDesk(database, Outbox(database), POLICIES, Random(2))
    both = [visits, VisitDesk(database, other, POLICY)]
    said = asking(office, DIRECTOR)
    ends = await asyncio.gather(
        *(desk.decide(ticket.ticket_no, said, approved=True) for desk in both), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == sorted([Ticket.__name__, NothingAsked.__name__])
    assert len(office.kept(ticket.ticket_no).work.visits) == 1


def entered(connection: Connection, ticket: Ticket) -> int:
    finding = Finding(
        kind="反馈不实",
        unit="02",
        persons=(Person(name="王局长", post="主要领导"),),
        tickets=(ticket.ticket_no,),
        reason="经查属实",
    )
    return enter(connection, finding, SUPERVISOR, NINE_O_CLOCK, read_consequences(PROFILE))


async def test_what_was_said_and_decided_is_kept_and_never_changed(
    database: Database, office: Office, visits: VisitDesk
) -> None:
    ticket = await rated(office, visits, "满意")
    number = database.now(lambda connection: entered(connection, ticket))
    [entry] = database.now(lambda connection: entries_between(connection, NINE_O_CLOCK, LATER))
    assert (entry.number, entry.at, entry.tickets) == (number, NINE_O_CLOCK, (ticket.ticket_no,))
    assert entry.persons == (Person(name="王局长", post="主要领导"),)
    assert database.now(lambda connection: entries_between(connection, LATER, LATER)) == []
    for table in ("ticket_visits", "accountability"):
        for verb in (f"UPDATE {table} SET unit = 'x'", f"DELETE FROM {table}"):  # noqa: S608 - names of ours
            with pytest.raises(DatabaseTrouble, match="append-only"):
                database.now(lambda connection, words=verb: connection.exec_driver_sql(words))  # type: ignore[misc]


async def test_rules_are_held_against_what_is_kept(database: Database, office: Office) -> None:
    ticket = await office.handling()
    for _ in range(2):
        await office.reported(ticket)
        ticket = await office.take(ticket, Action.REDO, REVIEWER, reason="没修好")
    assert ticket.state is TicketState.HANDLING
    policy = read_consequences(PROFILE.parent / "shijiazhuang")
    quarter = period_between(NINE_O_CLOCK.date().replace(month=1, day=1), LATER.date())
    material, judged = database.now(lambda connection: judge(connection, quarter, policy))
    assert [row.tickets for row in judged.rows if row.rule == "SJZ-16(1)"] == [(ticket.ticket_no,)]
    assert len(material.dossiers) == 1
