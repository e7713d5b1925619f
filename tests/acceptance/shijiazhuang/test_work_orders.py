"""石家庄: from one of three channels to the signed answer, by the limits of 2006."""

from datetime import timedelta

import pytest

from tests.acceptance.city import City
from tests.fakes.work import (
    BELOW,
    DIRECTOR,
    FIVE,
    HOUSING,
    LEADER,
    REVIEWER,
    SUPERVISOR,
    WATER,
    outcome,
)
from tickets.circulars.period import Kind
from tickets.deadlines import ClockKind, DispatchMode, Matter
from tickets.guards import StepRefused
from tickets.model import Attachment, Closing, TicketState
from tickets.tasks import Outcome, TaskState
from tickets.transitions import NotYourRole
from tickets.wish import Action

STAMPED = Attachment(name="反馈单.pdf", size=1000, sha256="a" * 64, kind="签字盖章")


async def test_sjz_01_three_channels_lead_into_the_same_work_orders(city: City) -> None:
    """Three channels: 市长公开电话, 市长信箱, 市长短信热线"""
    tickets = [await city.submitted(channel=channel) for channel in ("电话", "市长信箱", "短信")]
    assert [ticket.src_channel for ticket in tickets] == ["电话", "市长信箱", "短信"]
    assert len({ticket.ticket_no for ticket in tickets}) == 3
    sent = [await city.sent(ticket, mode=DispatchMode.WRITTEN) for ticket in tickets]
    assert {str(ticket.lead.whole.limit) for ticket in sent if ticket.lead and ticket.lead.whole} == {
        "7个工作日"
    }


async def test_sjz_04_the_office_urges_inspects_and_coordinates_and_units_do_not(city: City) -> None:
    """Office = linkage & coordination centre with power to urge, inspect, coordinate"""
    ticket = await city.handling()
    powers: list[tuple[Action, dict[str, object]]] = [
        (Action.URGE, {"arrival": "2", "text": "又来电"}),
        (Action.SUPERVISE, {"text": "请尽快"}),
        (Action.ADD_UNIT, {"assists": ("水务局",)}),
    ]
    for action, told in powers:
        with pytest.raises(NotYourRole):
            await city.take(ticket, action, HOUSING, **told)
        ticket = await city.take(ticket, action, DIRECTOR, **told)
    assert (len(ticket.work.chases), len(ticket.work.supervisions), len(ticket.work.tasks)) == (1, 1, 2)


async def test_sjz_05_what_can_be_answered_is_and_the_rest_is_handed_on_in_a_mode(city: City) -> None:
    """Answerable → answer at once; otherwise fix 交办方式 and responsible unit"""
    at_once = await city.answered(fields={**FIVE, "demand_type": "咨询"})
    assert at_once.work.closing is Closing.ON_LINE
    limits = {}
    for mode in (DispatchMode.WRITTEN, DispatchMode.PHONE, DispatchMode.SMS):
        ticket = await city.sent(await city.submitted(), mode=mode)
        assert ticket.lead is not None
        assert (ticket.work.mode, ticket.lead.unit) == (mode, HOUSING.unit)
        limits[mode] = str(ticket.lead.whole.limit) if ticket.lead.whole else ""
    assert list(limits.values()) == ["7个工作日", "3个工作日", "3个工作日"]


async def test_sjz_06_hot_matters_go_to_the_leaders_as_a_special_report(city: City) -> None:
    """Global problems & hot information → 专报件 to leaders"""
    plain = await city.submitted()
    hot = await city.submitted(fields={**FIVE, "urgency": "紧急"})
    due = city.clock.now() + timedelta(days=2)
    asked = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="全局性问题")
    asked = await city.take(asked, Action.INSTRUCT, LEADER, leads=("住建局",), text="请研究", due=due)
    listed = [one.no for one in city.circular(Kind.SPECIAL).items]
    assert listed == [hot.ticket_no, asked.ticket_no]
    assert plain.ticket_no not in listed


async def test_sjz_07_what_is_not_up_to_standard_is_returned_and_done_again(city: City) -> None:
    """Results not up to standard → 退回重办"""
    ticket = await city.reported(await city.handling())
    ticket = await city.take(ticket, Action.REDO, REVIEWER, reason="只答复, 没有解决")
    assert (ticket.state, ticket.work.redos) == (TicketState.HANDLING, 1)
    assert ticket.lead is not None
    assert ticket.lead.whole is not None
    assert ticket.lead.whole.kind is ClockKind.REDO


async def test_sjz_08_what_was_not_carried_out_is_looked_at_on_the_spot(city: City) -> None:
    """Important or unimplemented matters → on-site supervision"""
    ticket = await city.take(await city.handling(), Action.SUPERVISE, SUPERVISOR, text="现场督办")
    assert ticket.work.supervisions[-1].by == SUPERVISOR.name
    ticket = await city.take(await city.reported(ticket), Action.ACCEPT, REVIEWER)
    ticket = await city.take(ticket, Action.VISITED, DIRECTOR, visit=city.visit())
    ticket = await city.take(ticket, Action.LOOK_BACK, SUPERVISOR, text="现场没有落实", passed=False)
    assert (ticket.state, ticket.work.reopened) == (TicketState.REOPENED, 1)


async def test_sjz_09_the_person_is_answered_and_the_office_is_told_within_the_limit(city: City) -> None:
    """Unit must reply to the person and feed back to the office within the limit"""
    ticket = await city.take(await city.handling(), Action.ATTACH, HOUSING, attachment=STAMPED)
    at = city.clock.now()
    for result, proof in (("已修好", ""), ("", "已电话答复")):
        half = Outcome(at=at, result=result, reply_proof=proof, signed_by_head="王局长")
        with pytest.raises(StepRefused):
            await city.take(ticket, Action.DONE, HOUSING, outcome=half)
    assert ticket.lead is not None
    replies = [clock for clock in ticket.lead.clocks if clock.kind is ClockKind.REPLY]
    assert [clock.due for clock in replies] == [ticket.due]
    ticket = await city.take(ticket, Action.DONE, HOUSING, outcome=outcome(at))
    assert ticket.state is TicketState.TO_CHECK


async def test_sjz_10_feedback_without_the_heads_signature_and_stamp_is_refused(city: City) -> None:
    """Feedback must be checked, signed and stamped by the unit's main leader"""
    ticket = await city.handling()
    with pytest.raises(StepRefused, match="签字盖章"):
        await city.take(ticket, Action.DONE, HOUSING, outcome=outcome(city.clock.now()))
    ticket = await city.take(ticket, Action.ATTACH, HOUSING, attachment=STAMPED)
    unsigned = Outcome(at=city.clock.now(), result="已修好", reply_proof="已电话答复", signed_by_head="")
    with pytest.raises(StepRefused, match="领导签字"):
        await city.take(ticket, Action.DONE, HOUSING, outcome=unsigned)
    ticket = await city.take(ticket, Action.DONE, HOUSING, outcome=outcome(city.clock.now()))
    assert ticket.state is TicketState.TO_CHECK


async def test_sjz_11_written_takes_seven_days_phone_and_sms_three_and_leaders_name_theirs(
    city: City,
) -> None:
    """Limits: written 7 working days; phone/SMS 3 working days; urgent & leader-instructed within the

    required limit
    """
    assert city.limit(mode="书面") == city.limit() == "7个工作日"
    assert city.limit(mode="电话") == city.limit(mode="短信") == "3个工作日"
    assert city.due("2025-01-24 10:00", mode="书面") == "2025-02-10 17:30"
    assert city.due("2025-01-24 10:00", mode="短信") == "2025-02-05 17:30"
    ticket = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="请阅示")
    with pytest.raises(StepRefused, match="请写明时限"):
        await city.take(ticket, Action.INSTRUCT, LEADER, leads=("住建局",), text="从速办理")
    due = city.clock.now() + timedelta(hours=20)
    ticket = await city.take(ticket, Action.INSTRUCT, LEADER, leads=("住建局",), text="从速办理", due=due)
    assert (ticket.work.matter, ticket.due) == (Matter.INSTRUCTED, due)


async def test_sjz_12_who_needs_more_time_explains_it_and_reports_how_far_he_is(city: City) -> None:
    """Cannot solve now → explain to citizen and report progress"""
    ticket = await city.handling()
    for action in (Action.CONTACT, Action.PROGRESS):
        with pytest.raises(StepRefused, match="先联系来电人说明原因并报进展"):
            await city.take(ticket, Action.ASK_EXTENSION, HOUSING, reason="要等材料", limit="3个工作日")
        ticket = await city.take(ticket, action, HOUSING, text="已说明一时解决不了")
    ticket = await city.take(ticket, Action.ASK_EXTENSION, HOUSING, reason="要等材料", limit="3个工作日")
    first = ticket.due
    ticket = await city.take(ticket, Action.APPROVE, DIRECTOR)
    assert first is not None
    assert ticket.due is not None
    assert ticket.due > first


async def test_sjz_13_of_several_departments_one_leads_and_the_others_cooperate(city: City) -> None:
    """Several departments → office designates lead, others cooperate"""
    ticket = await city.handling("水务局")
    assert [(task.unit, task.part) for task in ticket.work.tasks] == [("02", "主办"), ("03", "协办")]
    ticket = await city.reported(ticket)
    with pytest.raises(StepRefused, match="协办"):
        await city.take(ticket, Action.ACCEPT, REVIEWER)
    with pytest.raises(StepRefused, match="没有派给这个单位"):
        await city.take(await city.handling(), Action.TASK_DONE, BELOW, text="不是我们的")


async def test_sjz_14_the_week_is_reported_and_what_leaders_instruct_is_supervised(city: City) -> None:
    """《市长公开电话周报》 weekly, hot problems & supervision; secretaries-general must give

    instructions on their area; office supervises them
    """
    due = city.clock.now() + timedelta(days=3)
    ticket = await city.take(await city.submitted(), Action.TO_LEADER, DIRECTOR, text="周报所列热点")
    ticket = await city.take(
        ticket, Action.INSTRUCT, LEADER, leads=("水务局",), text="请分管范围内抓紧", due=due
    )
    (told,) = ticket.work.supervisions
    assert (told.by, told.opinion, told.due) == (LEADER.name, "请分管范围内抓紧", due)
    city.clock.at += timedelta(days=4)
    assert any("办结到期" in one for one in await city.told())
    ticket = await city.take(ticket, Action.SIGN, WATER)
    assert ticket.work.tasks[0].state is TaskState.HANDLING
    weekly = city.circular(Kind.WEEKLY)
    assert weekly.title == "2026年第10周热线工单周报"
    assert weekly.figure("matter_1").figure.base_ids == (ticket.ticket_no,)
    assert Kind.WEEKLY in city.regular
