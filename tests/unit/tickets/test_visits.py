"""Return visits: what is asked, what the answers lead to, and what two persons may leave out."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.database import Database
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.visits import NEXT_YEAR, UNREASONABLE, VisitOffice
from tests.fakes.work import DIRECTOR, HOUSING, PROFILE, REVIEWER, SEAT, VISITOR, outcome
from tickets.model import Closing, TicketState, Visit
from tickets.profile import PolicyWrong
from tickets.roles import Actor, Role
from tickets.visits import AnswerMissing, AnswersOfNobody, AnswerUnknown, Verdict, verdict
from tickets.visits_desk import (
    AlreadyAsked,
    NoteMissing,
    NotForYou,
    NothingAsked,
    NotRated,
    ReasonUnknown,
    SamePerson,
)
from tickets.visits_policy import read_visits
from tickets.visits_rates import left_out
from tickets.wish import Action

DEPUTY = Actor(name="副主任", role=Role.DEPUTY)


@pytest.fixture
def office(database: Database) -> VisitOffice:
    return VisitOffice(database)


class TestAnswers:
    async def test_a_satisfied_citizen_closes_the_work_order(self, office: VisitOffice) -> None:
        closed = await office.recorded("基本满意", process_sat="不满意", is_solved="未解决", channel="微信")
        assert (closed.state, closed.work.closing) == (TicketState.CLOSED, Closing.DONE)
        assert closed.work.visits[-1].channel == "微信"

    async def test_a_dissatisfied_one_has_it_done_again_and_supervised(self, office: VisitOffice) -> None:
        again = await office.recorded("不满意", note="没修好")
        assert (again.state, again.work.redos) == (TicketState.HANDLING, 1)
        assert again.work.supervisions[-1].opinion == "办理结果不满意:没修好"

    async def test_who_was_never_answered_has_it_done_again_though_satisfied(
        self, office: VisitOffice
    ) -> None:
        assert (await office.recorded("满意", replied="未回复")).state is TicketState.HANDLING

    @pytest.mark.parametrize(
        ("visit", "refusal"),
        [
            ({"handle_sat": "还行"}, AnswerUnknown),
            ({"handle_sat": "满意", "process_sat": "一般"}, AnswerUnknown),
            ({"handle_sat": "满意", "channel": "飞鸽"}, AnswerUnknown),
            ({"handle_sat": "", "is_solved": "解决"}, AnswerMissing),
            ({"handle_sat": "满意", "reached": False}, AnswersOfNobody),
        ],
    )
    async def test_answers_that_the_profile_does_not_know_are_refused(
        self, office: VisitOffice, visit: dict[str, object], refusal: type[Exception]
    ) -> None:
        ticket = await office.to_visit()
        told = replace(office.told(""), **visit)  # type: ignore[arg-type]  # each under its own field's name
        with pytest.raises(refusal):
            await office.visits.record(ticket.ticket_no, told, VISITOR)
        assert office.kept(ticket.ticket_no) == ticket

    def test_five_grades_are_a_matter_of_the_profile(self, tmp_path: Path) -> None:
        text = (PROFILE / "visits.toml").read_text(encoding="utf-8")
        five = text.replace('good = ["满意"]', 'good = ["非常满意", "满意"]').replace(
            'bad = ["不满意"]', 'bad = ["不满意", "非常不满意"]'
        )
        (tmp_path / "visits.toml").write_text(five, encoding="utf-8")
        policy = read_visits(tmp_path)
        told = Visit(at=NINE_O_CLOCK, by="某人", handle_sat="非常不满意")
        assert len(policy.dimension[0].answers) == 5 + 1
        assert verdict(told, policy) is Verdict.DISSATISFIED


class TestUnreached:
    async def test_twice_in_one_morning_is_once(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        still = await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        assert still.state is TicketState.TO_VISIT
        [due] = await office.visits.due(office.clock.now(), 10)
        assert due.tries == 2
        assert due.next_try == office.clock.now().replace(hour=12, minute=0)
        assert due.last_try is not None
        assert due.last_try.note == "无人接听"

    async def test_two_half_days_in_vain_close_it(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        office.clock.forward(5 * 3600)
        closed = await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        assert closed.work.closing is Closing.UNREACHED
        assert await office.visits.due(office.clock.now(), 10) == []

    async def test_attempts_before_a_redo_do_not_count_after_it(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        office.clock.forward(5 * 3600)
        await office.visits.record(ticket.ticket_no, office.told("不满意"), VISITOR)
        await office.take(ticket, Action.DONE, HOUSING, outcome=outcome(office.clock.now()))
        await office.take(ticket, Action.ACCEPT, REVIEWER)
        once = await office.visits.record(ticket.ticket_no, office.in_vain(), VISITOR)
        assert once.state is TicketState.TO_VISIT


class TestExclusion:
    async def test_a_bad_rating_waits_for_a_second_person(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        await office.visits.hold(ticket.ticket_no, office.told("不满意"), office.asking())
        assert office.kept(ticket.ticket_no).state is TicketState.TO_VISIT
        with pytest.raises(AlreadyAsked):
            await office.visits.record(ticket.ticket_no, office.told("满意"), VISITOR)
        closed = await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=True)
        assert (closed.work.closing, closed.work.counted) == (Closing.UNREASONABLE, "不合理诉求")
        assert closed.work.visits[-1].second == VISITOR.name

    async def test_what_is_not_approved_is_done_again(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        await office.visits.hold(ticket.ticket_no, office.told("不满意"), office.asking())
        again = await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=False)
        assert (again.state, again.work.redos, again.work.counted) == (TicketState.HANDLING, 1, "计入考核")
        assert await office.visits.exclusions(None, 10) == []

    async def test_one_person_alone_can_never_do_it(self, office: VisitOffice) -> None:
        ticket = await office.recorded("基本满意")
        await office.visits.ask(ticket.ticket_no, office.asking(DEPUTY))
        with pytest.raises(SamePerson):
            await office.visits.decide(ticket.ticket_no, office.asking(DEPUTY), approved=True)
        assert office.kept(ticket.ticket_no).work.counted == "计入考核"
        [still] = await office.visits.exclusions(None, 10)
        assert still.asked_by == DEPUTY.name

    @pytest.mark.parametrize(
        ("asking", "refusal"),
        [
            ({"reason": "单位关系好"}, ReasonUnknown),
            ({"note": ""}, NoteMissing),
            ({"actor": SEAT}, NotForYou),
            ({"actor": HOUSING}, NotForYou),
        ],
    )
    async def test_it_needs_a_reason_of_the_list_and_a_role(
        self, office: VisitOffice, asking: dict[str, object], refusal: type[Exception]
    ) -> None:
        ticket = await office.recorded("满意")
        with pytest.raises(refusal):
            await office.visits.ask(ticket.ticket_no, office.asking(**asking))  # type: ignore[arg-type]

    async def test_only_who_may_approves(self, office: VisitOffice) -> None:
        ticket = await office.recorded("满意")
        with pytest.raises(NothingAsked):
            await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=True)
        await office.visits.ask(ticket.ticket_no, office.asking())
        other = Actor(name="回访李", role=Role.VISITOR)
        with pytest.raises(NotForYou):
            await office.visits.decide(ticket.ticket_no, office.asking(other), approved=True)

    async def test_what_nobody_rated_cannot_be_left_out(self, office: VisitOffice) -> None:
        ticket = await office.to_visit()
        with pytest.raises(NotRated):
            await office.visits.ask(ticket.ticket_no, office.asking())
        with pytest.raises(NotRated):
            await office.visits.hold(ticket.ticket_no, office.told("满意"), office.asking())


class TestRates:
    async def test_before_and_after_with_the_list(self, office: VisitOffice) -> None:
        for handle in ("满意", "满意", "基本满意", "不予评价"):
            await office.recorded(handle, is_solved="解决" if handle == "满意" else "未解决")
        bad = await office.to_visit()
        await office.visits.hold(bad.ticket_no, office.told("不满意"), office.asking())
        await office.visits.decide(bad.ticket_no, office.asking(DIRECTOR), approved=True)
        handled, _, solved, replied = await office.rates()
        assert (handled.before.rate, handled.after.rate) == (7500, 10000)
        assert (handled.before.strict, handled.after.strict) == (5000, 6667)
        assert handled.before.aside == 1
        assert (solved.before.den, solved.before.rate) == (4, 5000)
        assert replied.before.rate is None
        [out] = left_out(await office.visits.rated(NINE_O_CLOCK, NEXT_YEAR))
        assert (out.ticket_no, out.left_out) == (bad.ticket_no, UNREASONABLE)

    @pytest.mark.parametrize(
        ("handle", "asked", "approved", "before", "after"),
        [
            ("满意", False, False, 10000, 10000),
            ("满意", False, True, 10000, 10000),
            ("满意", True, False, 10000, 10000),
            ("满意", True, True, 10000, None),
            ("不满意", False, False, 0, 0),
            ("不满意", False, True, 0, 0),
            ("不满意", True, False, 0, 0),
            ("不满意", True, True, 0, None),
        ],
    )
    async def test_only_what_was_asked_and_approved_is_left_out(  # noqa: PLR0917 - one column each
        self,
        office: VisitOffice,
        handle: str,
        asked: bool,
        approved: bool,
        before: int,
        after: int | None,
    ) -> None:
        ticket = await office.to_visit()
        if asked and handle == "不满意":
            await office.visits.hold(ticket.ticket_no, office.told(handle), office.asking())
        else:
            await office.visits.record(ticket.ticket_no, office.told(handle), VISITOR)
            if asked:
                await office.visits.ask(ticket.ticket_no, office.asking())
        if asked:
            await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=approved)
        else:
            with pytest.raises(NothingAsked):
                await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=approved)
        handled, *_ = await office.rates()
        assert (handled.before.rate, handled.after.rate) == (before, after)
        out = left_out(await office.visits.rated(NINE_O_CLOCK, NEXT_YEAR))
        assert bool(out) == (asked and approved)

    async def test_what_is_left_out_later_counts_only_before(self, office: VisitOffice) -> None:
        ticket = await office.recorded("满意")
        await office.visits.ask(ticket.ticket_no, office.asking(reason="评价对象有误"))
        await office.visits.decide(ticket.ticket_no, office.asking(DIRECTOR), approved=True)
        handled, *_ = await office.rates()
        assert (handled.before.den, handled.after.den) == (1, 0)
        [out] = left_out(await office.visits.rated(NINE_O_CLOCK, NEXT_YEAR))
        assert out.left_out == "评价对象有误"

    async def test_the_last_talk_counts_and_only_in_its_period(self, office: VisitOffice) -> None:
        again = await office.recorded("不满意")
        seen = office.clock.now() + timedelta(seconds=1)
        await office.take(again, Action.DONE, HOUSING, outcome=outcome(office.clock.now()))
        await office.take(again, Action.ACCEPT, REVIEWER)
        await office.visits.record(again.ticket_no, office.told("满意"), VISITOR)
        handled, *_ = await office.rates()
        assert (handled.after.good, handled.after.bad) == (1, 0)
        assert [one.answers["handle_sat"] for one in await office.visits.rated(NINE_O_CLOCK, seen)] == [
            "不满意"
        ]

    async def test_the_unit_that_was_rated_stays_rated(self, office: VisitOffice) -> None:
        again = await office.recorded("不满意")
        await office.take(again, Action.REFUSE, HOUSING, reason="不归我管", clause="职责清单")
        await office.take(again, Action.DISPATCH, REVIEWER, leads=("水务局",))
        [rated] = await office.visits.rated(NINE_O_CLOCK, NEXT_YEAR)
        assert rated.unit == HOUSING.unit


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('approvers = ["热线办主任"', 'approvers = ["话务员"', "approvers"),
        ('field = "process_sat"', 'field = "handle_sat"', "写了两次"),
        ("needed = true", "needed = false", "至少要有一项必问"),
        ('fair = ["基本满意"]', 'fair = ["满意"]', "同一个答案写了两次"),
        ('field = "replied"', 'field = "answered"', "只能写"),
        ("reasons = [", "reasons = []\nold = [", "没有这一项"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (PROFILE / "visits.toml").read_text(encoding="utf-8")
    (tmp_path / "visits.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyWrong, match=said):
        read_visits(tmp_path)
