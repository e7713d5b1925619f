"""宁乡: everything on one platform, meetings every ten days, three meetings with the citizen."""

from datetime import timedelta

import pytest

from tests.acceptance.city import City
from tests.fakes.work import FIVE, HOUSING, REVIEWER, SEAT, WATER, outcome
from tickets.circulars.edition import Edition, content
from tickets.circulars.period import Kind, ended_before
from tickets.circulars.web_page import web_page
from tickets.deadlines import ClockKind, Matter
from tickets.guards import StepRefused
from tickets.model import Closing, Identity, TicketState
from tickets.roles import Actor, Role
from tickets.tasks import TaskState
from tickets.wish import Action

HEAD = Actor(name="王局长", role=Role.UNIT_HEAD, unit="02")
TOWNSHIP = Actor(name="乡镇值班员", role=Role.SEAT)
MINUTE = timedelta(minutes=1)


async def test_nx_01_letters_to_both_leaders_and_online_opinion_come_to_one_platform(city: City) -> None:
    """Sept 2018 "民声受理服务中心": 书记信箱、市长信箱、网上舆情 all merged into the 12345 platform"""
    tickets = [await city.submitted(channel=channel) for channel in ("书记信箱", "市长信箱", "舆情", "电话")]
    circular = city.circular(Kind.TENDAY)
    (channels,) = (split for split in circular.breakdowns if split.key == "channel")
    assert {part.label for part in channels.parts} == {"书记信箱", "市长信箱", "舆情", "电话"}
    assert channels.total == circular.figure("valid").figure.num == len(tickets)


async def test_nx_04_ten_classes_of_problems_stand_out_every_ten_days(city: City) -> None:
    """十类突出问题、十天一次交办、十天一次调度"""
    for number in range(12):
        for _ in range(1 + (number == 3)):
            await city.submitted(fields={**FIVE, "category": f"第{number}类/某"})
    circular = city.circular(Kind.TENDAY)
    assert circular.period.name == "2026年3月上旬"
    (split,) = (split for split in circular.breakdowns if split.key == "category")
    assert (len(split.parts), split.parts[0].label) == (12, "第3类")
    assert circular.top == 10
    assert "(前 10 类)" in web_page(Edition(circular=circular))


async def test_nx_06_valid_matters_are_those_closed_online_and_those_dispatched(city: City) -> None:
    """One year: 82,853 demands; 78,685 phone calls; 59,624 valid matters = 41,658 closed online +

    17,966 dispatched (sum checks)
    """
    for _ in range(4):
        await city.answered()
    for _ in range(2):
        await city.dispatched()
    withdrawn = await city.submitted()
    await city.take(withdrawn, Action.WITHDRAW, SEAT, arrival="call-9")
    circular = city.circular(Kind.YEARLY)
    numbers = {
        key: circular.figure(key).figure.num for key in ("received", "valid", "on_line", "sent", "waiting")
    }
    assert numbers == {"received": 7, "valid": 6, "on_line": 4, "sent": 2, "waiting": 0}
    assert all(check.holds for check in circular.checks)
    assert content(circular)["checks"][0]["title"] == "有效受理 = 直接解答 + 派单 + 待派单"


async def test_nx_09_one_unit_leads_and_another_assists_each_with_a_task_of_its_own(city: City) -> None:
    """Meeting names a lead unit (交运局 牵头办理) and an assisting unit (交警大队 协办)"""
    ticket = await city.handling("水务局")
    lead, assist = ticket.work.tasks
    assert (lead.part, assist.part) == ("主办", "协办")
    assert lead.clocks
    assert assist.clocks
    ticket = await city.take(ticket, Action.SIGN, WATER)
    ticket = await city.take(ticket, Action.TASK_DONE, WATER, text="已配合")
    states = [task.state for task in ticket.work.tasks]
    assert states == [TaskState.HANDLING, TaskState.DONE]


async def test_nx_10_what_a_head_promises_on_the_spot_is_on_record_and_watched(city: City) -> None:
    """Heads state position on the spot, lead and finish within a limit"""
    ticket = await city.handling(matter=Matter.SIXTH_DAY)
    due = city.clock.now() + timedelta(days=2)
    ticket = await city.take(ticket, Action.PROGRESS, HEAD, text="我牵头, 两天内办好")
    ticket = await city.take(ticket, Action.ETA, HEAD, due=due)
    assert ticket.lead is not None
    assert (ticket.lead.progress[0].by, ticket.lead.etas[0].due) == (HEAD.name, due)
    with pytest.raises(StepRefused, match="晚于现在"):
        await city.take(ticket, Action.ETA, HEAD, due=city.clock.now() - MINUTE)


async def test_nx_11_the_minutes_to_the_first_answer_are_kept_at_night_too(city: City) -> None:
    """21:11 call → feedback to complainant 15 minutes later"""
    called = city.at("2026-03-01 21:11")
    ticket = await city.submitted(fields={**FIVE, "urgency": "紧急"})
    ticket = await city.take(await city.sent(ticket), Action.SIGN, HOUSING)
    city.clock.at = called + 10 * MINUTE
    ticket = await city.take(ticket, Action.CONTACT, HOUSING, text="电话反馈")
    (clock,) = (one for one in ticket.work.tasks[0].clocks if one.kind is ClockKind.CONTACT)
    assert ticket.work.tasks[0].contacts[0].at - ticket.received_at == 15 * MINUTE
    assert clock.stopped_at is not None
    assert clock.due - clock.started_at == 10 * MINUTE
    assert clock.due.date() == called.date()


async def test_nx_12_nobody_reports_done_who_has_not_met_the_citizen(city: City) -> None:
    """三第一、三见面: first time meet the citizen, at the first scene, by the first standard"""
    ticket = await city.handling()
    with pytest.raises(StepRefused, match="先联系来电人"):
        await city.take(ticket, Action.DONE, HOUSING, outcome=outcome(city.clock.now()))
    ticket = await city.take(ticket, Action.CONTACT, HOUSING, text="上门见面", reason="照片")
    (log,) = ticket.work.tasks[0].contacts
    assert (log.by, log.how, log.evidence, log.at) == (HOUSING.name, "上门见面", "照片", city.clock.now())
    assert (await city.reported(ticket)).state is TicketState.TO_CHECK


async def test_nx_13_citizens_and_enterprises_reach_one_platform_by_phone_or_sms(city: City) -> None:
    """One number, one platform, 24 h, from citizens and enterprises; phone or SMS"""
    firm = {**FIVE, "identity": "企业", "enterprise_name": "某机械厂"}
    by_sms = await city.submitted(channel="短信", fields=firm)
    by_phone = await city.submitted(channel="电话")
    assert (by_sms.citizen.identity, by_sms.citizen.enterprise_name) == (Identity.ENTERPRISE, "某机械厂")
    assert by_phone.citizen.identity is Identity.PERSON
    assert {(await city.sent(one)).state for one in (by_sms, by_phone)} == {TicketState.TO_SIGN}


def test_nx_15_urgent_forces_are_on_site_in_30_minutes_in_town_and_in_one_or_two_hours_outside(
    city: City,
) -> None:
    """Urgent: force on site urban ≤ 30 min, rural 1–2 h; report progress"""
    limits = {
        area: city.due("2026-10-01 23:00", ClockKind.ARRIVE, urgency="紧急", area=area)
        for area in ("城区", "农村", "偏远")
    }
    assert limits == {"城区": "2026-10-01 23:30", "农村": "2026-10-02 00:00", "偏远": "2026-10-02 01:00"}


async def test_nx_16_when_the_staff_arrived_and_when_it_was_repaired_are_known(city: City) -> None:
    """Enterprise case: minutes → power dept calls; < 30 min staff arrive; < 1 h repaired"""
    ticket = await city.submitted(fields={**FIVE, "urgency": "紧急", "identity": "企业"})
    ticket = await city.take(await city.sent(ticket), Action.SIGN, HOUSING)
    given = ticket.work.tasks[0].given_at
    ticket = await city.take(ticket, Action.CONTACT, HOUSING, text="已联系")
    city.clock.at = given + 22 * MINUTE
    ticket = await city.take(ticket, Action.ARRIVE, HOUSING)
    city.clock.at = given + 50 * MINUTE
    ticket = await city.reported(ticket)
    task = ticket.work.tasks[0]
    assert task.arrived_at is not None
    assert task.arrived_at - given < 30 * MINUTE
    assert task.outcomes[-1].at - given < 60 * MINUTE
    (arrive,) = (clock for clock in task.clocks if clock.kind is ClockKind.ARRIVE)
    assert not arrive.overdue(city.clock.now())


async def test_nx_17_a_township_whistles_and_several_departments_report_on_the_spot(city: City) -> None:
    """乡街吹哨、部门报到: township duty officer calls 12345 to request several departments (water lead

    + resources, forestry, urban mgmt); joint enforcement
    """
    ticket = await city.opened(channel="吹哨", actor=TOWNSHIP)
    ticket = await city.take(ticket, Action.SUBMIT, SEAT)
    ticket = await city.take(
        ticket, Action.DISPATCH, REVIEWER, leads=("水务局",), assists=("住建局",), matter=Matter.WHISTLE
    )
    assert [(task.unit, task.part) for task in ticket.work.tasks] == [("03", "主办"), ("02", "报到")]
    for unit_user in (WATER, HOUSING):
        ticket = await city.take(ticket, Action.SIGN, unit_user)
        ticket = await city.take(ticket, Action.ARRIVE, unit_user)
    assert all(task.arrived_at for task in ticket.work.tasks)
    assert city.limit(ClockKind.ARRIVE, matter="吹哨") == "1小时"
    (first, *_) = await city.desk.history(ticket.ticket_no)
    assert (first.actor, ticket.src_channel) == (TOWNSHIP.name, "吹哨")


async def test_nx_20_a_returned_matter_has_a_limit_of_its_own_until_it_is_struck_off(city: City) -> None:
    """Returned tickets must be answered within the set limit and 销号 (struck off)"""
    ticket = await city.take(
        await city.reported(await city.handling()), Action.REDO, REVIEWER, reason="未解决"
    )
    lead = ticket.work.tasks[0]
    (redo,) = (clock for clock in lead.clocks if clock.kind is ClockKind.REDO)
    (finish,) = (clock for clock in lead.clocks if clock.kind is ClockKind.FINISH)
    assert finish.stopped_at is not None
    assert redo.stopped_at is None
    assert (str(redo.limit), ticket.due) == (city.limit(ClockKind.REDO), redo.due)
    ticket = await city.reported(ticket)
    assert ticket.work.tasks[0].clocks[-1].stopped_at is not None


async def test_nx_21_a_bulletin_comes_out_every_ten_days(city: City) -> None:
    """十天一通报 to units and leaders"""
    await city.closed()
    at = city.at("2026-03-11 08:00")
    ((kind, period),) = ended_before(at.date(), city.regular)
    assert (kind, period.name) == (Kind.TENDAY, "2026年3月上旬")
    assert [ended_before(at.date().replace(day=day), city.regular) != () for day in (1, 2, 11, 20, 21)] == [
        True,
        False,
        True,
        False,
        True,
    ]
    city.at("2026-03-10 20:00")
    assert city.circular(Kind.TENDAY).figure("closing_rate").figure.text == "100.00%"


async def test_nx_26_a_repeated_complaint_is_counted_and_says_how_many_it_concerns(city: City) -> None:
    """Case 1: repeated complaint "再一次拨打" since 2016; escalated to 逢6 list; solved in 10 days;

    220 households
    """
    ticket = await city.submitted(fields={**FIVE, "repeat_rank": "3", "mass": "220"})
    assert (ticket.citizen.repeat_rank, ticket.demand.mass) == (3, 220)
    ticket = await city.sent(ticket, matter=Matter.SIXTH_DAY)
    for call in ("call-2", "call-3", "call-3"):
        ticket = await city.take(ticket, Action.URGE, SEAT, arrival=call, text="再一次拨打")
    assert [one.arrival for one in ticket.work.chases] == ["call-2", "call-3"]
    assert ticket.work.matter is Matter.SIXTH_DAY


async def test_nx_27_every_round_is_logged_and_mediation_stops_the_clock(city: City) -> None:
    """Case 2: 16 Aug complaint → 1st mediation fails → 26 Aug 2nd mediation succeeds (4.8 万)"""
    ticket = await city.handling()
    ticket = await city.take(ticket, Action.PROGRESS, HOUSING, text="第一次调解未成")
    first = ticket.due
    with pytest.raises(StepRefused, match="不能暂停"):
        await city.take(ticket, Action.ASK_PAUSE, HOUSING, reason="太忙")
    ticket = await city.take(ticket, Action.ASK_PAUSE, HOUSING, reason="调解")
    ticket = await city.take(ticket, Action.APPROVE, Actor(name="主任", role=Role.DIRECTOR))
    city.clock.at += timedelta(days=10)
    assert not any("办结" in one for one in await city.told())
    ticket = await city.take(ticket, Action.RESUME, HOUSING)
    ticket = await city.take(ticket, Action.PROGRESS, HOUSING, text="第二次调解成功")
    assert [one.text for one in ticket.work.tasks[0].progress] == ["第一次调解未成", "第二次调解成功"]
    assert first is not None
    assert ticket.due is not None
    assert ticket.due > first
    assert ticket.work.closing is not Closing.DONE
