"""工单取数."""

from dataclasses import replace

import pytest

from core.ids import CallId, SeatNo, TicketNo
from tests.unit.tickets.circulars.made_up import HOUR, MONDAY
from tickets.circulars.fact_of_ticket import fact_of
from tickets.circulars.period import Kind, period_of
from tickets.circulars.rule_book import INTAKE
from tickets.circulars.sieve import Sifted
from tickets.model import Closing, Ticket, TicketState, Visit, Work
from tickets.tasks import Outcome, Part, Task, TaskState

SENT, DONE = MONDAY + HOUR, MONDAY + 5 * HOUR
TASK = Task(number=1, unit="0201", part=Part.LEAD, given_at=SENT)
TICKET = Ticket(
    ticket_no=TicketNo("261109000000000001"),
    query_code="123456",
    state=TicketState.HANDLING,
    src_channel="电话",
    call_id=CallId("1.1"),
    orig_did="12345",
    received_at=MONDAY,
    seat=SeatNo("8001"),
    phone="",
    work=Work(tasks=(TASK,)),
)
OUTCOME = Outcome(at=DONE, result="修好了", reply_proof="电话告知", signed_by_head="王五")
REPORTED = replace(TASK, state=TaskState.DONE, outcomes=(OUTCOME,))


def test_what_was_dispatched_names_its_unit_and_when() -> None:
    fact = fact_of(TICKET)
    assert (fact.unit, fact.dispatched_at, fact.closed_at) == ("0201", SENT, None)


def test_it_is_done_when_the_unit_reported_done_and_not_when_the_citizen_was_visited() -> None:
    work = Work(tasks=(REPORTED,), closed_at=DONE + 30 * HOUR, closing=Closing.DONE)
    assert fact_of(replace(TICKET, state=TicketState.CLOSED, work=work)).closed_at == DONE


def test_what_was_sent_back_is_not_done_yet() -> None:
    fact = fact_of(replace(TICKET, work=Work(tasks=(REPORTED,), redos=1)))
    assert (fact.first_closed_at, fact.closed_at, fact.redos) == (DONE, None, 1)


def test_a_unit_that_refused_leaves_its_place_to_the_next() -> None:
    refused = replace(TASK, state=TaskState.REFUSED)
    work = Work(tasks=(refused, Task(number=2, unit="0202", part=Part.LEAD, given_at=DONE)))
    fact = fact_of(replace(TICKET, work=work))
    assert (fact.unit, fact.dispatched_at) == ("0202", SENT)


def test_the_visit_that_counts_is_the_last_that_was_answered() -> None:
    missed = Visit(at=DONE, by="回访员", reached=False)
    told = Visit(at=DONE + HOUR, by="回访员", handle_sat="满意", is_solved="办成")
    visit = fact_of(replace(TICKET, work=Work(visits=(missed, told), counted="不合理诉求"))).visit
    assert visit
    assert (visit.attempts, visit.answered, visit.satisfaction, visit.outcome) == (2, 1, "满意", "解决")
    assert not visit.counted


def test_what_was_merged_is_not_valid_and_what_was_answered_on_line_was_not_dispatched() -> None:
    assert fact_of(replace(TICKET, state=TicketState.MERGED)).invalid
    assert not fact_of(TICKET).invalid
    on_line = replace(TICKET, state=TicketState.CLOSED, work=Work(closing=Closing.ON_LINE, closed_at=DONE))
    assert (fact_of(on_line).solved_on_line, fact_of(on_line).dispatched_at) == (True, None)


@pytest.mark.parametrize("demand_type", ["骚扰", "无效"])
def test_a_nuisance_that_was_answered_on_line_is_no_valid_demand(demand_type: str) -> None:
    work = Work(closing=Closing.ON_LINE, closed_at=DONE)
    fact = fact_of(replace(TICKET, demand_type=demand_type, state=TicketState.CLOSED, work=work))
    period = period_of(Kind.WEEKLY, MONDAY.date())
    assert {rule.key for rule in INTAKE if Sifted([fact], period).by(rule.base)} == {"received", "left_out"}
