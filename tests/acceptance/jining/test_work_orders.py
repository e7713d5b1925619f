"""济宁: shortened limits, leaders' instructions, three kinds of circular."""

from datetime import date, timedelta

import pytest

from tests.acceptance.city import City
from tests.fakes.organisation import unit
from tests.fakes.work import DIRECTOR, HOUSING, LEADER, REVIEWER, SEAT, VISITOR, outcome
from tickets.circulars.period import Kind, ended_before
from tickets.deadlines import Matter, UnitClass
from tickets.guards import StepRefused
from tickets.model import Ticket, TicketState
from tickets.roles import Actor, Role
from tickets.tasks import Outcome
from tickets.transitions import NotYourRole
from tickets.unit_register import UnitRegister
from tickets.wish import Action

HEAD = Actor(name="王局长", role=Role.UNIT_HEAD, unit="02")
POWER = Actor(name="供电联络员", role=Role.CONTACT, unit="05")
DAY = timedelta(days=1)


async def instructed(city: City) -> Ticket:
    """A matter that a leader has written his instruction on."""
    ticket = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="苗头性问题")
    due = city.clock.now() + 3 * DAY
    return await city.take(ticket, Action.INSTRUCT, LEADER, leads=("住建局",), text="请速办", due=due)


async def contact_point(city: City) -> Ticket:
    """A matter in the hands of a contact point."""
    power = unit("05", "供电公司", "01", unit_class=UnitClass.CONTACT_POINT)
    UnitRegister(city.database, city.clock, "主任").put(power)
    ticket = await city.take(await city.submitted(), Action.DISPATCH, REVIEWER, leads=("供电公司",))
    return await city.take(ticket, Action.SIGN, POWER)


async def test_jn_08_a_leaders_item_is_checked_by_leader_and_head_before_it_goes_back(city: City) -> None:
    """Result must be checked by the leader who answered and the department head, then returned"""
    ticket = await city.sent(await city.submitted(), matter=Matter.LEADER_TAKEN)
    ticket = await city.reported(await city.take(ticket, Action.SIGN, HOUSING))
    for checker in (LEADER, HEAD):
        with pytest.raises(StepRefused, match="领导都确认"):
            await city.take(ticket, Action.ACCEPT, REVIEWER)
        ticket = await city.take(ticket, Action.CONFIRM, checker)
    ticket = await city.take(ticket, Action.ACCEPT, REVIEWER)
    assert [one.by for one in ticket.work.confirmations] == [LEADER.name, HEAD.name]
    assert ticket.state is TicketState.TO_VISIT


async def test_jn_09_hot_problems_go_to_leaders_at_once_and_are_supervised_until_done(city: City) -> None:
    """Overall / emerging (苗头性) / high-impact hot problems: immediately submitted to leaders for

    written instruction, then supervised
    """
    ticket = await instructed(city)
    (told,) = ticket.work.supervisions
    assert (told.kind, told.by, told.opinion) == (Matter.INSTRUCTED, LEADER.name, "请速办")
    assert ticket.due == told.due
    assert [one.no for one in city.circular(Kind.SPECIAL).items] == [ticket.ticket_no]
    assert told.due is not None
    city.clock.at = told.due
    assert "预警 办结到期" in await city.told()


async def test_jn_10_instructed_matters_of_a_year_are_counted(city: City) -> None:
    """292 leader-instruction items supervised within the year"""
    one = await instructed(city)
    await instructed(city)
    await city.submitted()
    done = await city.reported(await city.take(one, Action.SIGN, HOUSING))
    await city.take(done, Action.ACCEPT, REVIEWER)
    figure = city.circular(Kind.YEARLY).figure("matter_1").figure
    assert (figure.title, figure.working, figure.ids) == ("批示件办结率", "1 ÷ 2", (one.ticket_no,))


async def test_jn_11_only_the_office_visits_and_the_public_reply_is_kept(city: City) -> None:
    """Return visit done centrally by the office; results published in the media"""
    public = Outcome(
        at=city.clock.now(),
        result="已修好",
        reply_proof="已电话答复",
        signed_by_head="王局长",
        public_reply="和平路水管已更换",
    )
    ticket = await city.take(await city.handling(), Action.DONE, HOUSING, outcome=public)
    ticket = await city.take(ticket, Action.ACCEPT, REVIEWER)
    for unit_user in (HOUSING, HEAD):
        with pytest.raises(NotYourRole):
            await city.take(ticket, Action.VISITED, unit_user, visit=city.visit())
    ticket = await city.take(ticket, Action.VISITED, VISITOR, visit=city.visit())
    assert ticket.work.tasks[0].outcomes[-1].public_reply == "和平路水管已更换"


async def test_jn_14_contact_points_are_a_class_of_units_and_handle_directly(city: City) -> None:
    """17 enterprises as "联系点" (social insurance, power, bus, water, gas, heating...) handle

    directly
    """
    ticket = await contact_point(city)
    assert ticket.lead is not None
    assert ticket.lead.whole is not None
    assert (ticket.lead.whole.rule, str(ticket.lead.whole.limit)) == ("联系点", "5个工作日")
    ticket = await city.take(ticket, Action.DONE, POWER, outcome=outcome(city.clock.now()))
    assert ticket.state is TicketState.TO_CHECK


async def test_jn_15_what_contact_points_closed_is_counted(city: City) -> None:
    """Contact points handled 765 matters, closing rate 100 %"""
    ticket = await contact_point(city)
    ticket = await city.take(ticket, Action.DONE, POWER, outcome=outcome(city.clock.now()))
    await city.take(ticket, Action.ACCEPT, REVIEWER)
    await city.handling()
    lines = {line.unit: line.figures for line in city.circular(Kind.MONTHLY).units}
    assert (lines["05"]["sent"].num, lines["02"]["sent"].num) == (1, 1)
    closed = city.circular(Kind.MONTHLY).figure("closing_rate").figure
    assert (closed.ids, closed.working) == ((ticket.ticket_no,), "1 ÷ 2")


async def test_jn_16_a_contact_point_has_five_working_days_where_others_have_seven(city: City) -> None:
    """Limit shortened 7 → 5 working days; many same-day accept/close/reply"""
    assert city.limit() == city.limit(mode="书面") == city.limit(unit_class="市直") == "7个工作日"
    assert city.limit(unit_class="联系点") == city.limit(unit_class="联系点", mode="书面") == "5个工作日"
    assert city.due("2025-01-24 10:00", unit_class="联系点") == "2025-02-07 17:30"
    assert city.due("2025-01-24 10:00") == "2025-02-10 17:30"
    for days in (0, 1):
        ticket = await contact_point(city)
        city.clock.forward(days * 86400)
        ticket = await city.take(ticket, Action.DONE, POWER, outcome=outcome(city.clock.now()))
        await city.take(ticket, Action.ACCEPT, REVIEWER)
    assert city.circular(Kind.WEEKLY).figure("same_day_rate").figure.text == "50.00%"


async def test_jn_17_the_links_of_the_norm_follow_each_other(city: City) -> None:
    """Norm defines nature, acceptance scope, principles, rules; covers 受理记录、分类处理、督查协调、

    办理反馈、统计归档
    """
    ticket = await city.submitted()
    assert (ticket.phone, ticket.content) == ("13812341234", "楼道漏水")
    ticket = await city.sent(ticket, text="请核实")
    ticket = await city.take(ticket, Action.SUPERVISE, DIRECTOR, text="请按时")
    ticket = await city.reported(await city.take(ticket, Action.SIGN, HOUSING))
    assert ticket.work.tasks[0].outcomes[-1].reply_proof
    ticket = await city.take(ticket, Action.ACCEPT, REVIEWER)
    ticket = await city.take(ticket, Action.VISITED, VISITOR, visit=city.visit())
    assert ticket.state is TicketState.CLOSED
    assert city.circular(Kind.WEEKLY).figure("received").figure.ids == (ticket.ticket_no,)


async def test_jn_19_weekly_monthly_and_quarterly_circulars_come_out(city: City) -> None:
    """周报告、月通报、季排名: weekly summary of calls, monthly circular of results, quarterly

    quantified ranking
    """
    assert city.regular == (Kind.WEEKLY, Kind.MONTHLY, Kind.QUARTERLY)
    assert [kind for kind, _ in ended_before(date(2026, 6, 1), city.regular)] == [Kind.WEEKLY, Kind.MONTHLY]
    assert [kind for kind, _ in ended_before(date(2026, 7, 1), city.regular)] == [
        Kind.MONTHLY,
        Kind.QUARTERLY,
    ]
    for _ in range(5):
        await city.take(await city.opened(), Action.SUBMIT, SEAT)
        await city.handling()
    ranking = city.circular(Kind.QUARTERLY)
    assert ranking.ranks
    assert not city.circular(Kind.WEEKLY).ranks
    assert [line.name for line in ranking.units] == ["住建局"]
    assert all(check.holds for check in ranking.checks)


async def test_jn_21_what_a_leader_promised_is_the_deadline_of_that_matter(city: City) -> None:
    """Example: asked 10:30 → investigated that afternoon → procedures next day (promised within 3

    days) → 20,000 ¥ subsidy
    """
    at = city.at("2026-03-02 10:30")
    ticket = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="来电时承诺三天")
    ticket = await city.take(
        ticket, Action.INSTRUCT, LEADER, leads=("住建局",), text="三天内办好手续", due=at + 3 * DAY
    )
    assert ticket.due == at + 3 * DAY
    assert ticket.lead is not None
    assert ticket.lead.whole is not None
    (change,) = ticket.lead.whole.changes
    assert (change.kind, change.by) == ("指示", LEADER.name)
