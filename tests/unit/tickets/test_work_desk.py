"""Work orders: from the first word to the answer, step by step, and what is refused on the way."""

from datetime import timedelta

import pytest

from core.database import Database
from core.events import TicketStepped
from tests.fakes.work import (
    BELOW,
    DIRECTOR,
    FIVE,
    HOUSING,
    LEADER,
    REVIEWER,
    SEAT,
    SUPERVISOR,
    VISITOR,
    WATER,
    Office,
)
from tickets.deadlines import ClockKind, Matter
from tickets.guards import StepRefused
from tickets.model import Closing, TicketState
from tickets.roles import Actor, Role
from tickets.tasks import Part, TaskState
from tickets.transitions import NotYourRole
from tickets.wish import Action

UNIT_HEAD = Actor(name="王局长", role=Role.UNIT_HEAD, unit="02")


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


class TestStraightOn:
    async def test_a_demand_goes_through_all_hands_to_a_satisfied_citizen(self, office: Office) -> None:
        ticket = await office.closed()
        assert (ticket.state, ticket.work.closing) == (TicketState.CLOSED, Closing.DONE)
        steps = [event.action for event in await office.desk.history(ticket.ticket_no)]
        assert steps == ["登记", "提交", "派单", "签收", "办结上报", "审核通过", "回访满意"]
        assert office.kept(ticket.ticket_no) == ticket

    async def test_every_version_has_one_event_that_says_what_changed(self, office: Office) -> None:
        ticket = await office.handling()
        events = await office.desk.history(ticket.ticket_no)
        assert [event.seq for event in events] == list(range(1, ticket.version + 1))
        assert [(event.was, event.now) for event in events[1:3]] == [
            ("draft", "to_preview"),
            ("to_preview", "to_sign"),
        ]
        assert "work.tasks" in events[2].diff

    async def test_every_step_is_told_once(self, office: Office) -> None:
        await office.closed()
        await office.outbox.deliver_once()
        told = [fact for fact in office.ear.heard if isinstance(fact, TicketStepped)]
        assert [fact.seq for fact in told] == [1, 2, 3, 4, 5, 6, 7]

    async def test_a_consultation_is_answered_on_the_line(self, office: Office) -> None:
        ticket = await office.opened(fields={**FIVE, "demand_type": "咨询"})
        ticket = await office.take(ticket, Action.ANSWER, SEAT, text="周一到周五上班", passed=False)
        assert ticket.work.closing is Closing.ON_LINE

    async def test_a_complaint_that_is_not_solved_is_not_answered_away(self, office: Office) -> None:
        with pytest.raises(StepRefused, match="当场解决"):
            await office.take(await office.opened(), Action.ANSWER, SEAT, text="知道了", passed=False)

    async def test_a_leader_instructs_by_when(self, office: Office) -> None:
        ticket = await office.take(await office.submitted(), Action.TO_LEADER, DIRECTOR, text="请阅示")
        due = office.clock.now() + timedelta(hours=8)
        ticket = await office.take(
            ticket, Action.INSTRUCT, LEADER, leads=("住建局",), text="今天办好", due=due
        )
        assert (ticket.state, ticket.work.matter, ticket.due) == (TicketState.TO_SIGN, Matter.INSTRUCTED, due)

    async def test_who_wants_no_visit_gets_none(self, office: Office) -> None:
        ticket = await office.submitted(fields={**FIVE, "wants_visit": "否"})
        ticket = await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))
        ticket = await office.reported(await office.take(ticket, Action.SIGN, HOUSING))
        ticket = await office.take(ticket, Action.ACCEPT, REVIEWER)
        assert ticket.work.closing is Closing.DONE


class TestBackAndForth:
    async def test_what_lacks_an_element_needs_a_reason(self, office: Office) -> None:
        ticket = await office.opened(fields={"content": "漏水"})
        with pytest.raises(StepRefused, match="五要素"):
            await office.take(ticket, Action.SUBMIT, SEAT)
        ticket = await office.take(ticket, Action.SUBMIT, SEAT, reason="来电人不肯说")
        ticket = await office.take(ticket, Action.RETURN, REVIEWER, reason="地址不明")
        ticket = await office.take(ticket, Action.COMPLETE, SEAT, fields={"address": "和平路1号"})
        assert (ticket.state, ticket.address) == (TicketState.TO_PREVIEW, "和平路1号")

    async def test_a_refusal_stops_every_clock_and_is_counted(self, office: Office) -> None:
        ticket = await office.take(
            await office.handling("水务局"), Action.REFUSE, HOUSING, reason="不归我们", clause="职责清单3"
        )
        assert ticket.state is TicketState.TO_PREVIEW
        assert [one.unit for one in ticket.work.refusals] == ["02"]
        assert all(clock.stopped_at for task in ticket.work.tasks for clock in task.clocks)

    async def test_a_redo_has_a_clock_of_its_own_and_is_counted(self, office: Office) -> None:
        ticket = await office.reported(await office.handling())
        ticket = await office.take(ticket, Action.REDO, REVIEWER, reason="没有修好")
        assert (ticket.state, ticket.work.redos) == (TicketState.HANDLING, 1)
        assert ticket.lead is not None
        assert ticket.lead.whole is not None
        assert (ticket.lead.whole.kind, ticket.lead.whole.round) == (ClockKind.REDO, 1)

    async def test_a_dissatisfied_citizen_makes_it_a_supervised_redo(self, office: Office) -> None:
        ticket = await office.take(
            await office.to_visit(),
            Action.DISSATISFIED,
            VISITOR,
            visit=office.visit("不满意"),
            reason="还在漏",
        )
        assert (ticket.state, ticket.work.matter) == (TicketState.HANDLING, Matter.SUPERVISED)

    async def test_unreasonable_takes_two_people(self, office: Office) -> None:
        ticket = await office.to_visit()
        wish = {"visit": office.visit("不满意"), "reason": "要求赔百万"}
        for second in ("", VISITOR.name):
            with pytest.raises(StepRefused, match="第二个人"):
                await office.take(ticket, Action.UNREASONABLE, VISITOR, second=second, **wish)
        ticket = await office.take(ticket, Action.UNREASONABLE, VISITOR, second="主任", **wish)
        assert ticket.work.counted == "不合理诉求"

    async def test_nobody_answers_twice_in_different_halves_of_days(self, office: Office) -> None:
        ticket = await office.to_visit()
        for _ in range(3):
            ticket = await office.take(ticket, Action.NO_ANSWER, VISITOR)
            assert ticket.state is TicketState.TO_VISIT
        office.clock.forward(6 * 3600)
        ticket = await office.take(ticket, Action.NO_ANSWER, VISITOR)
        assert ticket.work.closing is Closing.UNREACHED

    async def test_an_extension_is_asked_for_and_approved(self, office: Office) -> None:
        ticket = await office.handling()
        was = ticket.due
        ticket = await office.take(ticket, Action.ASK_EXTENSION, HOUSING, reason="等材料", limit="3个工作日")
        with pytest.raises(NotYourRole):
            await office.take(ticket, Action.APPROVE, REVIEWER)
        ticket = await office.take(ticket, Action.APPROVE, DIRECTOR)
        assert was is not None
        assert ticket.due is not None
        assert ticket.due > was
        with pytest.raises(StepRefused, match="次数"):
            await office.take(ticket, Action.ASK_EXTENSION, HOUSING, reason="再等", limit="1个工作日")

    async def test_mediation_stops_the_clocks_until_it_is_over(self, office: Office) -> None:
        ticket = await office.take(await office.handling(), Action.ASK_PAUSE, HOUSING, reason="调解")
        ticket = await office.take(ticket, Action.APPROVE, DIRECTOR)
        was = ticket.due
        office.clock.forward(3 * 86400)
        ticket = await office.take(ticket, Action.RESUME, HOUSING)
        assert was is not None
        assert ticket.due is not None
        assert ticket.due > was

    async def test_what_was_reported_or_sent_by_mistake_is_taken_back(self, office: Office) -> None:
        ticket = await office.handling()
        was = ticket.lead
        ticket = await office.reported(ticket)
        ticket = await office.take(ticket, Action.TAKE_BACK_DONE, HOUSING, reason="附件传错")
        assert ticket.lead == was
        other = await office.take(
            await office.dispatched(), Action.TAKE_BACK_DISPATCH, REVIEWER, reason="派错"
        )
        assert (other.state, other.lead) == (TicketState.TO_PREVIEW, None)


class TestSeveralUnits:
    async def test_the_centre_accepts_only_when_those_who_assist_are_done_or_released(
        self, office: Office
    ) -> None:
        ticket = await office.reported(await office.handling("水务局"))
        with pytest.raises(StepRefused, match="协办"):
            await office.take(ticket, Action.ACCEPT, REVIEWER)

    async def test_one_who_assists_does_his_part(self, office: Office) -> None:
        ticket = await office.handling("水务局")
        ticket = await office.take(ticket, Action.SIGN, WATER)
        ticket = await office.take(ticket, Action.TASK_DONE, WATER, text="阀门已关")
        ticket = await office.take(await office.reported(ticket), Action.ACCEPT, REVIEWER)
        assert [task.state for task in ticket.work.tasks] == [TaskState.DONE, TaskState.DONE]

    async def test_what_is_handed_down_is_never_due_later(self, office: Office) -> None:
        ticket = await office.handling()
        late = (ticket.due or office.clock.now()) + timedelta(days=1)
        with pytest.raises(StepRefused, match="不能晚于"):
            await office.take(ticket, Action.DELEGATE, HOUSING, leads=("物业科",), due=late)
        ticket = await office.take(ticket, Action.DELEGATE, HOUSING, leads=("物业科",))
        child = ticket.work.tasks[-1]
        assert (child.under, child.due) == (1, ticket.due)
        ticket = await office.take(ticket, Action.SIGN, BELOW)
        assert ticket.work.tasks[-1].state is TaskState.HANDLING

    async def test_the_centre_gives_it_to_another_unit(self, office: Office) -> None:
        ticket = await office.handling()
        with pytest.raises(NotYourRole):
            await office.take(ticket, Action.REASSIGN, REVIEWER, leads=("水务局",), reason="职责不清")
        ticket = await office.take(ticket, Action.REASSIGN, DIRECTOR, leads=("水务局",), reason="职责不清")
        assert ticket.state is TicketState.TO_SIGN
        assert [(task.unit, task.state) for task in ticket.work.tasks] == [
            ("02", TaskState.RELEASED),
            ("03", TaskState.TO_SIGN),
        ]
        assert all(clock.stopped_at for clock in ticket.work.tasks[0].clocks)

    async def test_after_a_whistle_everybody_reports_on_the_spot(self, office: Office) -> None:
        ticket = await office.dispatched("水务局", matter=Matter.WHISTLE)
        assert [task.part for task in ticket.work.tasks] == [Part.LEAD, Part.CALLED]
        hour = office.clock.now() + timedelta(hours=1)
        for task in ticket.work.tasks:
            assert [clock.due for clock in task.clocks if clock.kind is ClockKind.ARRIVE] == [hour]
        for actor in (HOUSING, WATER):
            ticket = await office.take(ticket, Action.SIGN, actor)
            ticket = await office.take(ticket, Action.ARRIVE, actor)
        assert all(task.arrived_at for task in ticket.work.tasks)
        arrivals = [clock for task in ticket.work.tasks for clock in task.clocks if clock.kind == "到场"]
        assert all(clock.stopped_at is not None for clock in arrivals)

    async def test_whoever_was_called_is_not_done_before_he_was_there(self, office: Office) -> None:
        ticket = await office.handling("水务局", matter=Matter.WHISTLE)
        ticket = await office.take(ticket, Action.SIGN, WATER)
        with pytest.raises(StepRefused, match="先报到"):
            await office.take(ticket, Action.TASK_DONE, WATER, text="清理完毕")
        with pytest.raises(StepRefused, match="协办"):
            await office.take(await office.reported(ticket), Action.ACCEPT, REVIEWER)
        ticket = await office.take(
            office.kept(ticket.ticket_no), Action.TAKE_BACK_DONE, HOUSING, reason="早了"
        )
        ticket = await office.take(ticket, Action.ARRIVE, WATER)
        ticket = await office.take(ticket, Action.TASK_DONE, WATER, text="清理完毕")
        ticket = await office.take(await office.reported(ticket), Action.ACCEPT, REVIEWER)
        assert ticket.state is TicketState.TO_VISIT

    async def test_a_unit_has_no_hand_in_what_was_not_sent_to_it(self, office: Office) -> None:
        ticket = await office.dispatched()
        with pytest.raises(StepRefused, match="没有派给"):
            await office.take(ticket, Action.SIGN, WATER)
        with pytest.raises(StepRefused, match="没有派给"):
            await office.take(ticket, Action.SIGN, WATER, unit="住建局")


class TestAfterwards:
    async def test_a_citizen_who_comes_back_opens_it_again(self, office: Office) -> None:
        ticket = await office.take(
            await office.closed(), Action.REOPEN, SEAT, reason="又漏了", arrival="hotline-9.9"
        )
        assert (ticket.state, ticket.work.reopened) == (TicketState.REOPENED, 1)
        ticket = await office.take(ticket, Action.HAND_BACK, REVIEWER)
        assert ticket.state is TicketState.HANDLING
        assert "hotline-9.9" in ticket.work.arrivals

    async def test_what_does_not_hold_on_the_spot_is_opened_again(self, office: Office) -> None:
        ticket = await office.closed()
        ticket = await office.take(ticket, Action.LOOK_BACK, SUPERVISOR, text="完好")
        assert ticket.state is TicketState.CLOSED
        ticket = await office.take(ticket, Action.LOOK_BACK, SUPERVISOR, text="又坏了", passed=False)
        assert ticket.state is TicketState.REOPENED

    async def test_a_unit_appeals_within_the_window(self, office: Office) -> None:
        ticket = await office.take(await office.closed(), Action.APPEAL, HOUSING, reason="已办妥")
        ticket = await office.take(ticket, Action.DECIDE, DIRECTOR, text="属实")
        assert (ticket.state, ticket.work.counted) == (TicketState.CLOSED, "不计入考核")
        office.clock.forward(6 * 86400)
        with pytest.raises(StepRefused, match="申诉期"):
            await office.take(ticket, Action.APPEAL, HOUSING, reason="再申诉")

    async def test_a_citizen_withdraws_in_a_call_that_is_on_record(self, office: Office) -> None:
        ticket = await office.handling()
        with pytest.raises(StepRefused, match="编号"):
            await office.take(ticket, Action.WITHDRAW, SEAT)
        ticket = await office.take(ticket, Action.WITHDRAW, SEAT, arrival="hotline-9.9")
        assert ticket.work.closing is Closing.WITHDRAWN
        ticket = await office.take(ticket, Action.REOPEN, SEAT, reason="又漏了", arrival="hotline-9.10")
        assert ticket.work.withdrawn_in == ""
        await office.take(ticket, Action.WITHDRAW, SEAT, arrival="hotline-9.9")
        last = (await office.desk.history(ticket.ticket_no))[-1]
        assert last.diff["work.withdrawn_in"] == ["", "hotline-9.9"]

    async def test_a_leaders_item_is_confirmed_twice(self, office: Office) -> None:
        ticket = await office.reported(await office.handling(matter=Matter.LEADER_TAKEN))
        for actor in (LEADER, UNIT_HEAD):
            with pytest.raises(StepRefused, match="都确认"):
                await office.take(ticket, Action.ACCEPT, REVIEWER)
            ticket = await office.take(ticket, Action.CONFIRM, actor)
        ticket = await office.take(ticket, Action.ACCEPT, REVIEWER)
        assert ticket.state is TicketState.TO_VISIT

    async def test_supervision_sets_a_due_time(self, office: Office) -> None:
        ticket = await office.handling()
        due = office.clock.now() + timedelta(hours=3)
        ticket = await office.take(ticket, Action.SUPERVISE, SUPERVISOR, text="抓紧", due=due)
        assert (ticket.due, ticket.work.matter) == (due, Matter.SUPERVISED)
