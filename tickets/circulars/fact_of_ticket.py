"""工单取数: what a circular needs to know of a work order, out of the work order itself."""

from dataclasses import replace
from datetime import datetime

from tickets.circulars.facts import (
    DISSATISFIED,
    RATHER,
    RATHER_SOLVED,
    SATISFIED,
    SOLVED,
    UNRATED,
    UNSOLVED,
    TicketFact,
    VisitFact,
)
from tickets.clocks import ChangeKind, Clock
from tickets.deadlines import ClockKind
from tickets.model import NO_DEMAND, Closing, Ticket, TicketState
from tickets.tasks import Part, Task

FACTS_VERSION = 2
"""Raise it with every change to what :func:`fact_of` gives: facts that are kept are then made anew.

Until when a fact matters is asked before its version: a change of that needs a migration as well.
"""
ACCEPTED = (TicketState.TO_VISIT, TicketState.CLOSED, TicketState.IN_REVIEW)
"""The unit has reported done, and nobody sent it back."""
COUNTED = ("计入考核", "合理诉求")
GRADE = {
    "非常满意": SATISFIED,
    SATISFIED: SATISFIED,
    RATHER: RATHER,
    DISSATISFIED: DISSATISFIED,
    "非常不满意": DISSATISFIED,
    UNRATED: UNRATED,
}
"""Circulars know four grades; a hotline may ask for more."""
OUTCOME = {
    "解决": SOLVED,
    "已解决": SOLVED,
    "办成": SOLVED,
    "基本解决": RATHER_SOLVED,
    "未解决": UNSOLVED,
    "未办成": UNSOLVED,
}


def fact_of(ticket: Ticket) -> TicketFact:
    """Give its fact. 办结 is when the unit reported done, if that was accepted: the visit comes after it."""
    work, lead = ticket.work, _lead(ticket)
    fact = TicketFact(
        no=ticket.ticket_no,
        received_at=ticket.received_at,
        channel=ticket.src_channel,
        demand_type=ticket.demand_type,
        category=ticket.category,
        title=ticket.title,
        district=ticket.demand.district,
        urgency=ticket.urgency,
        matter=work.matter,
        invalid=ticket.state is TicketState.MERGED or ticket.demand_type in NO_DEMAND,
        withdrawn=work.closing is Closing.WITHDRAWN,
        solved_on_line=work.closing is Closing.ON_LINE,
        closed_at=work.closed_at,
        redos=work.redos,
        refusals=len(work.refusals),
        wants_visit=ticket.citizen.wants_visit,
        visit=_visit(ticket),
    )
    return _with_task(fact, ticket, lead) if lead else fact


def _lead(ticket: Ticket) -> Task | None:
    """Give the unit in charge, or the last that was."""
    return ticket.lead or next((one for one in reversed(ticket.work.tasks) if one.part is Part.LEAD), None)


def _with_task(fact: TicketFact, ticket: Ticket, lead: Task) -> TicketFact:
    first = next(one for one in ticket.work.tasks if one.part is Part.LEAD)
    sign, contact = _clock(lead, ClockKind.SIGN), _clock(lead, ClockKind.CONTACT)
    finish = _clock(lead, ClockKind.FINISH)
    done = [outcome.at for outcome in lead.outcomes]
    changes = finish.changes if finish else ()
    return replace(
        fact,
        unit=lead.unit,
        dispatched_at=first.given_at,
        sign_due=sign.due if sign else None,
        signed_at=lead.signed_at,
        contact_due=contact.due if contact else None,
        contacted_at=min((one.at for one in lead.contacts), default=None),
        first_due=finish.first_due if finish else None,
        due=lead.due,
        first_closed_at=done[0] if done else None,
        closed_at=_closed(ticket, done),
        extensions=sum(one.kind is ChangeKind.EXTENDED for one in changes),
    )


def _closed(ticket: Ticket, done: list[datetime]) -> datetime | None:
    return done[-1] if done and ticket.state in ACCEPTED else ticket.work.closed_at


def _clock(task: Task, kind: ClockKind) -> Clock | None:
    return next((clock for clock in task.clocks if clock.kind is kind), None)


def _visit(ticket: Ticket) -> VisitFact | None:
    """Give the last visit in which the citizen was reached, or else the last attempt."""
    visits = ticket.work.visits
    if not visits:
        return None
    last = next((visit for visit in reversed(visits) if visit.reached), visits[-1])
    return VisitFact(
        at=last.at,
        attempts=len(visits),
        answered=sum(visit.reached for visit in visits),
        satisfaction=GRADE.get(last.handle_sat, ""),
        outcome=OUTCOME.get(last.is_solved, ""),
        counted=ticket.work.counted in COUNTED,
    )
