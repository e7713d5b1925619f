"""Clocks: started, stopped, paused, extended; what moves a due time, and what may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.calendar import CalendarEnds
from tests.unit.tickets.office import OFFICE, at
from tickets.clock_changes import (
    AlreadyPaused,
    ClockStopped,
    DueInThePast,
    DueWish,
    Extension,
    ExtensionRules,
    ExtensionTooLong,
    NobodyApproved,
    NotPaused,
    OutOfOrder,
    PastDue,
    PauseNotAllowed,
    PromiseTooLate,
    TooManyExtensions,
    extended,
    instructed,
    paused,
    promised,
    resumed,
    stopped,
)
from tickets.clocks import (
    ChangeKind,
    Clock,
    ClockRunsAlready,
    NoSuchClock,
    running,
    started,
    with_changed,
    with_started,
)
from tickets.deadlines import ClockKind, LimitRule
from tickets.limits import Start, limit_of

BEGIN = at("2025-01-24 10:00")
REASONS = ("调解",)
RULES = ExtensionRules(most=1, longest=limit_of("5个工作日"), approvers=("热线办主任",))


def clock(limit: str = "5个工作日", start: Start | None = None, kind: ClockKind = ClockKind.FINISH) -> Clock:
    rule = LimitRule(name="一般", clocks=(kind,), limit=limit_of(limit, start), when={})
    return started(kind, rule, BEGIN, OFFICE)


def paused_for(one: Clock, since: str, until: str) -> Clock:
    return resumed(paused(one, at(since), "调解", REASONS), at(until), OFFICE)


def extension(limit: str = "3个工作日", **other: str) -> Extension:
    asked = at(other.get("asked", "2025-02-06 10:00"))
    granted = at(other.get("granted", other.get("asked", "2025-02-06 10:00")))
    return Extension(
        by=limit_of(limit),
        asked_at=asked,
        at=granted,
        approver=other.get("approver", "李主任"),
        role=other.get("role", "热线办主任"),
        reason=other.get("reason", "等待鉴定"),
    )


class TestRunning:
    def test_a_clock_knows_its_rule_its_due_time_and_the_calendar_it_was_counted_by(self) -> None:
        one = clock()
        assert (one.rule, one.due, one.first_due) == ("一般", at("2025-02-07 17:30"), one.due)
        assert one.calendar == OFFICE.calendar.version

    def test_it_is_overdue_after_its_due_time_and_not_before(self) -> None:
        one = clock()
        assert not one.overdue(one.due)
        assert one.overdue(one.due + timedelta(seconds=1))

    def test_stopped_in_time_it_never_becomes_overdue(self) -> None:
        done = stopped(clock(), at("2025-02-07 17:30"), OFFICE)
        assert not done.overdue(at("2025-12-31 10:00"))

    def test_stopped_too_late_it_stays_overdue(self) -> None:
        assert stopped(clock(), at("2025-02-07 17:31"), OFFICE).overdue(at("2025-02-07 17:31"))

    def test_stopped_twice_is_stopped_once(self) -> None:
        done = stopped(clock(), at("2025-02-06 09:00"), OFFICE)
        assert stopped(done, at("2025-02-07 09:00"), OFFICE) == done

    def test_there_is_one_open_clock_of_each_kind(self) -> None:
        clocks = with_started((), clock())
        with pytest.raises(ClockRunsAlready, match="办结"):
            with_started(clocks, clock())
        both = with_started(clocks, clock(kind=ClockKind.SIGN))
        done = with_changed(both, stopped(clock(), at("2025-02-06 09:00"), OFFICE))
        assert running(done, ClockKind.FINISH) is None
        assert running(done, ClockKind.SIGN) is not None

    def test_after_it_has_stopped_another_may_start_and_the_first_stays_on_record(self) -> None:
        first = with_started((), clock())
        done = with_changed(first, stopped(clock(), at("2025-02-06 09:00"), OFFICE))
        again = with_started(done, replace(clock(), round=1))
        assert [one.round for one in again] == [0, 1]

    def test_only_a_running_clock_can_be_changed(self) -> None:
        with pytest.raises(NoSuchClock, match="到场"):
            with_changed((clock(),), clock(kind=ClockKind.ARRIVE))


class TestPausing:
    @pytest.mark.parametrize(
        ("since", "until", "due"),
        [
            ("2025-01-26 11:00", "2025-01-26 16:00", "2025-02-07 17:30"),
            ("2025-01-26 11:00", "2025-01-27 09:00", "2025-02-08 17:30"),
            ("2025-01-26 11:00", "2025-02-05 09:00", "2025-02-10 17:30"),
            ("2025-01-28 11:00", "2025-02-04 09:00", "2025-02-07 17:30"),
            ("2025-02-07 11:00", "2025-02-08 09:00", "2025-02-08 17:30"),
            ("2025-02-07 11:00", "2025-02-07 20:00", "2025-02-08 17:30"),
            ("2025-02-07 11:00", "2025-02-08 20:00", "2025-02-10 17:30"),
        ],
    )
    def test_working_days_that_pass_meanwhile_are_given_back(self, since: str, until: str, due: str) -> None:
        one = paused_for(clock(), since, until)
        assert one.due == one.first_due == at(due)

    def test_natural_days_are_given_back_as_natural_days(self) -> None:
        one = paused_for(clock("10个自然日"), "2025-01-28 11:00", "2025-02-02 09:00")
        assert one.due == at("2025-02-08 17:30")
        late = paused_for(clock("10个自然日"), "2025-02-03 11:00", "2025-02-03 18:00")
        assert late.due == at("2025-02-04 17:30")

    def test_minutes_are_given_back_to_the_second(self) -> None:
        one = paused_for(clock("24小时"), "2025-01-24 11:00", "2025-01-24 13:30")
        assert one.due == at("2025-01-25 12:30")

    def test_several_pauses_add_up(self) -> None:
        once = paused_for(clock(), "2025-01-26 11:00", "2025-01-27 09:00")
        twice = paused_for(once, "2025-02-05 11:00", "2025-02-07 09:00")
        assert twice.due == at("2025-02-11 17:30")
        assert [pause.reason for pause in twice.pauses] == ["调解", "调解"]

    def test_while_it_is_paused_it_is_never_overdue(self) -> None:
        assert not paused(clock(), at("2025-02-07 10:00"), "调解", REASONS).overdue(at("2025-03-01 10:00"))

    def test_stopping_it_ends_the_pause_first(self) -> None:
        one = stopped(
            paused(clock(), at("2025-02-07 10:00"), "调解", REASONS), at("2025-03-03 10:00"), OFFICE
        )
        assert not one.paused
        assert not one.overdue(at("2025-03-03 10:00"))

    def test_it_is_paused_only_for_a_reason_that_counts_and_before_it_is_due(self) -> None:
        with pytest.raises(PauseNotAllowed, match="太忙"):
            paused(clock(), at("2025-02-06 10:00"), "太忙", REASONS)
        with pytest.raises(PastDue):
            paused(clock(), at("2025-02-07 17:31"), "调解", REASONS)

    def test_it_cannot_be_paused_twice_nor_resumed_when_it_runs(self) -> None:
        standing = paused(clock(), at("2025-02-06 10:00"), "调解", REASONS)
        with pytest.raises(AlreadyPaused):
            paused(standing, at("2025-02-06 11:00"), "调解", REASONS)
        with pytest.raises(NotPaused):
            resumed(clock(), at("2025-02-06 11:00"), OFFICE)

    def test_what_was_earlier_cannot_be_told_later(self) -> None:
        standing = paused(clock(), at("2025-02-06 10:00"), "调解", REASONS)
        with pytest.raises(OutOfOrder):
            resumed(standing, at("2025-02-06 09:00"), OFFICE)
        with pytest.raises(OutOfOrder):
            stopped(clock(), BEGIN - timedelta(minutes=1), OFFICE)


class TestExtending:
    @pytest.mark.parametrize(
        ("by", "due"),
        [
            ("3个工作日", "2025-02-11 17:30"),
            ("3个自然日", "2025-02-10 17:30"),
            ("90分钟", "2025-02-07 19:00"),
        ],
    )
    def test_it_is_longer_by_so_much_from_its_due_time(self, by: str, due: str) -> None:
        longer = extended(clock(), extension(by), RULES, OFFICE)
        assert longer.due == at(due)
        assert longer.first_due == clock().due

    def test_who_approved_it_and_why_stays_on_record(self) -> None:
        [change] = extended(clock(), extension(), RULES, OFFICE).changes
        assert (change.kind, change.by, change.reason) == (ChangeKind.EXTENDED, "李主任", "等待鉴定")
        assert (change.was, change.now) == (at("2025-02-07 17:30"), at("2025-02-11 17:30"))

    def test_asked_for_in_time_it_may_be_approved_later(self) -> None:
        late = extension(asked="2025-02-07 17:30", granted="2025-02-08 09:00")
        assert extended(clock(), late, RULES, OFFICE).due == at("2025-02-11 17:30")

    def test_asked_for_too_late_it_is_refused(self) -> None:
        with pytest.raises(PastDue):
            extended(clock(), extension(asked="2025-02-07 17:31"), RULES, OFFICE)

    def test_only_so_often(self) -> None:
        once = extended(clock(), extension(), RULES, OFFICE)
        with pytest.raises(TooManyExtensions, match="most=1"):
            extended(once, extension(), RULES, OFFICE)

    def test_only_so_much(self) -> None:
        with pytest.raises(ExtensionTooLong, match="6个工作日"):
            extended(clock(), extension("6个工作日"), RULES, OFFICE)

    @pytest.mark.parametrize("lack", [{"role": "话务员"}, {"approver": " "}, {"reason": ""}])
    def test_only_with_somebody_who_may_and_says_why(self, lack: dict[str, str]) -> None:
        with pytest.raises(NobodyApproved):
            extended(clock(), extension(**lack), RULES, OFFICE)

    def test_how_often_it_would_have_been_late_without_is_still_known(self) -> None:
        done = stopped(extended(clock(), extension(), RULES, OFFICE), at("2025-02-10 09:00"), OFFICE)
        assert not done.overdue(at("2025-02-10 09:00"))
        assert done.overdue_at_first(at("2025-02-10 09:00"))

    def test_a_pause_after_an_extension_moves_both_due_times_that_lie_ahead(self) -> None:
        longer = extended(clock(), extension(asked="2025-01-26 09:00"), RULES, OFFICE)
        one = paused_for(longer, "2025-02-05 09:00", "2025-02-06 09:00")
        assert (one.due, one.first_due) == (at("2025-02-12 17:30"), at("2025-02-08 17:30"))
        late = paused_for(longer, "2025-02-10 09:00", "2025-02-11 09:00")
        assert late.first_due == clock().due

    def test_a_clock_that_has_stopped_is_not_extended(self) -> None:
        with pytest.raises(ClockStopped):
            extended(stopped(clock(), at("2025-02-06 09:00"), OFFICE), extension(), RULES, OFFICE)


class TestNamedTimes:
    def wish(self, due: str, said: str = "2025-01-26 09:00") -> DueWish:
        return DueWish(due=at(due), at=at(said), by="市领导", reason="尽快")

    def test_a_leader_may_set_it_earlier_or_later(self) -> None:
        for due in ("2025-01-27 12:00", "2025-03-03 12:00"):
            one = instructed(clock(), self.wish(due), OFFICE)
            assert (one.due, one.changes[-1].kind) == (at(due), ChangeKind.INSTRUCTED)

    def test_a_promise_only_makes_it_earlier(self) -> None:
        one = promised(clock(), self.wish("2025-01-29 12:00"), OFFICE)
        assert (one.due, one.changes[-1].kind) == (at("2025-01-29 12:00"), ChangeKind.PROMISED)
        with pytest.raises(PromiseTooLate):
            promised(clock(), self.wish("2025-02-08 12:00"), OFFICE)

    def test_a_time_that_has_passed_is_refused(self) -> None:
        with pytest.raises(DueInThePast):
            instructed(clock(), self.wish("2025-01-26 09:00"), OFFICE)

    def test_a_time_past_the_end_of_the_calendar_is_refused_where_working_days_count(self) -> None:
        far = self.wish(f"{OFFICE.calendar.last.year + 1}-03-01 12:00")
        with pytest.raises(CalendarEnds):
            instructed(clock(), far, OFFICE)
        assert instructed(clock("10个自然日"), far, OFFICE).due == far.due

    def test_every_decision_makes_a_new_edition(self) -> None:
        once = instructed(clock(), self.wish("2025-03-03 12:00"), OFFICE)
        assert [clock().edition, once.edition] == [0, 1]
        assert paused_for(once, "2025-02-05 09:00", "2025-02-06 09:00").edition == 1
