"""宁乡: everybody is visited, four answers, the unreasonable is taken out, the rest is done again."""

import pytest

from tests.acceptance.afterwards import Visits, to_visit
from tests.acceptance.city import City
from tests.fakes.work import DIRECTOR, SUPERVISOR
from tickets.circulars.figure import decimal
from tickets.circulars.period import Kind
from tickets.deadlines import Matter
from tickets.model import Closing, TicketState
from tickets.roles import Actor, Role
from tickets.visits import AnswerUnknown
from tickets.visits_desk import ReasonUnknown, SamePerson
from tickets.visits_rates import left_out
from tickets.wish import Action

DEPUTY = Actor(name="副主任", role=Role.DEPUTY)


@pytest.fixture
def visits(city: City) -> Visits:
    city.at("2026-03-02 09:00")
    return Visits(city)


async def test_nx_02_everybody_is_visited_and_the_loop_is_closed(city: City, visits: Visits) -> None:
    """Closed loop "归口受理、分类办理、全面回访、跟踪督办"."""
    waiting = [await to_visit(city) for _ in range(3)]
    assert {ticket.state for ticket in waiting} == {TicketState.TO_VISIT}
    due = await visits.desk.due(city.clock.now(), 10)
    assert [one.ticket.ticket_no for one in due] == [ticket.ticket_no for ticket in waiting]
    for ticket in waiting:
        await visits.record(ticket, "满意")
    assert await visits.desk.due(city.clock.now(), 10) == []
    assert city.circular(Kind.MONTHLY).figure("visit_rate").figure.text == "100.00%"


async def test_nx_07_the_rate_of_satisfaction_is_worked_out(city: City, visits: Visits) -> None:
    """Satisfaction 97.4 %"""
    for handle in ("满意", "基本满意", "不满意", "满意", "不予评价", "满意", "基本满意"):
        await visits.told(handle)
    found = await visits.rate()
    assert (found.after.good + found.after.fair, found.after.den) == (5, 6)
    assert (decimal(found.after.rate), decimal(found.after.strict)) == ("83.33", "50.00")
    assert city.circular(Kind.MONTHLY).figure("satisfaction").figure.text == "83.33%"


async def test_nx_18_four_answers_within_a_set_limit(city: City, visits: Visits) -> None:
    """Full return visit within a set limit; four options 满意、基本满意、不予评价、不满意"""
    assert [set(one.answers) for one in visits.policy.dimension] == [
        {"满意", "基本满意", "不予评价", "不满意"}
    ]
    ticket = await to_visit(city)
    [due] = await visits.desk.due(city.clock.now(), 10)
    assert f"{due.due:%Y-%m-%d}" == "2026-03-05"
    with pytest.raises(AnswerUnknown):
        await visits.record(ticket, "非常满意")
    closed = await visits.record(ticket, "不予评价")
    assert closed.state is TicketState.CLOSED
    found = await visits.rate()
    assert (found.after.den, found.after.aside, found.after.rate) == (0, 1, None)


async def test_nx_19_without_the_unreasonable_the_rest_is_done_again(city: City, visits: Visits) -> None:
    """不满意 are analysed and classified;

    after removing unreasonable demands, sent back for redo with priority supervision
    """
    again = await visits.told("不满意")
    assert (again.state, again.work.matter, again.work.redos) == (TicketState.HANDLING, Matter.SUPERVISED, 1)
    alone = await to_visit(city)
    with pytest.raises(ReasonUnknown):
        await visits.desk.hold(alone.ticket_no, visits.visit("不满意"), visits.asking(DEPUTY, "单位关系好"))
    asking = visits.asking(DEPUTY, "不合理诉求")
    await visits.desk.hold(alone.ticket_no, visits.visit("不满意"), asking)
    with pytest.raises(SamePerson):
        await visits.desk.decide(alone.ticket_no, visits.asking(DEPUTY), approved=True)
    unreasonable = await visits.desk.decide(alone.ticket_no, visits.asking(DIRECTOR), approved=True)
    assert (unreasonable.work.closing, unreasonable.work.redos) == (Closing.UNREASONABLE, 0)
    assert unreasonable.work.visits[-1].second == DEPUTY.name
    found = await visits.rate()
    assert (found.before.bad, found.after.bad) == (2, 1)
    assert [one.left_out for one in left_out(await visits.rated())] == ["不合理诉求"]


async def test_nx_24_a_closed_case_is_looked_at_again_and_may_be_opened(city: City, visits: Visits) -> None:
    """On-site inspection & "回头看" (look-back) of closed cases"""
    holds, fails = await visits.told("满意"), await visits.told("满意")
    holds = await city.take(holds, Action.LOOK_BACK, SUPERVISOR, text="已修好", passed=True)
    fails = await city.take(fails, Action.LOOK_BACK, SUPERVISOR, text="又漏了", passed=False)
    assert (holds.state, fails.state) == (TicketState.CLOSED, TicketState.REOPENED)
    assert [seen.note for seen in fails.work.look_backs] == ["又漏了"]
    assert (await city.sent(fails)).state is TicketState.TO_SIGN
