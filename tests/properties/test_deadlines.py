"""Deadlines: never in the past, never earlier for what comes later, never lost by pausing or restarting."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.clock import SHANGHAI
from tests.unit.tickets.office import OFFICE
from tickets.clock_changes import paused, resumed, stopped
from tickets.clocks import Clock, started
from tickets.deadlines import ClockKind, LimitRule
from tickets.due_warnings import Told, WarningRules, name_of, point_of
from tickets.limits import Limit, Measure, Start, day_of, due_of

FIRST, LAST = datetime(2024, 1, 1), datetime(2026, 9, 1)  # noqa: DTZ001 - made aware below
WARN = WarningRules(percents=(50, 80, 100), office=OFFICE)
INSTANTS = st.datetimes(FIRST, LAST).map(lambda at: at.replace(tzinfo=SHANGHAI))
DAY_LIMITS = st.builds(
    Limit,
    amount=st.integers(1, 20),
    measure=st.sampled_from([Measure.NATURAL_DAYS, Measure.WORKING_DAYS]),
    start=st.sampled_from(Start),
)
MINUTE_LIMITS = st.builds(
    Limit, amount=st.integers(1, 3000), measure=st.just(Measure.MINUTES), start=st.just(Start.IMMEDIATE)
)
LIMITS = st.one_of(DAY_LIMITS, MINUTE_LIMITS)
STEPS = st.lists(st.integers(1, 60 * 24 * 20), min_size=2, max_size=6)


def clock(limit: Limit, at: datetime) -> Clock:
    rule = LimitRule(name="一般", clocks=(ClockKind.FINISH,), limit=limit, when={})
    return started(ClockKind.FINISH, rule, at, OFFICE)


@given(LIMITS, INSTANTS)
def test_it_is_due_after_it_was_received(limit: Limit, at: datetime) -> None:
    assert due_of(limit, at, OFFICE) > at


@given(LIMITS, INSTANTS, st.integers(0, 60 * 24 * 10))
def test_what_comes_later_is_never_due_earlier(limit: Limit, at: datetime, minutes: int) -> None:
    assert due_of(limit, at, OFFICE) <= due_of(limit, at + timedelta(minutes=minutes), OFFICE)


@given(st.integers(1, 20), st.sampled_from(Start), INSTANTS)
def test_working_days_end_on_a_working_day_with_as_many_of_them_between(
    amount: int, start: Start, at: datetime
) -> None:
    due = due_of(Limit(amount=amount, measure=Measure.WORKING_DAYS, start=start), at, OFFICE)
    assert OFFICE.calendar.is_working_day(day_of(due))
    between = OFFICE.calendar.working_days_between(day_of(at), day_of(due))
    today = start is Start.IMMEDIATE and OFFICE.still_open(at)
    assert between == amount - today


@given(LIMITS, INSTANTS, STEPS)
def test_pausing_gives_back_at_least_what_it_took_and_never_makes_it_late(
    limit: Limit, at: datetime, steps: list[int]
) -> None:
    one, now = clock(limit, at), at
    for minutes, stands in zip(steps[::2], steps[1::2], strict=False):
        now += timedelta(minutes=minutes)
        if now > one.due:
            break
        before = one.due
        one = paused(one, now, "调解", ("调解",))
        now += timedelta(minutes=stands)
        assert not one.overdue(now)
        one = resumed(one, now, OFFICE)
        assert one.due >= before
        assert one.due > now or before == now - timedelta(minutes=stands)
    assert stopped(one, now, OFFICE).overdue(now) == (now > one.due)


@given(LIMITS, INSTANTS)
def test_warnings_come_in_order_between_start_and_due(limit: Limit, at: datetime) -> None:
    one = clock(limit, at)
    points = [point_of(one, percent, OFFICE) for percent in range(1, 101)]
    assert points == sorted(points)
    assert at < points[0]
    assert points[-1] == one.due


@given(LIMITS, INSTANTS, STEPS, st.lists(st.integers(1, 60 * 24 * 40), min_size=1, max_size=20))
def test_each_warning_is_told_once_whenever_one_looks_and_whatever_one_forgets(
    limit: Limit, at: datetime, steps: list[int], looks: list[int]
) -> None:
    one, begin = clock(limit, at), at + timedelta(minutes=steps[0])
    if begin <= one.due:
        one = resumed(paused(one, begin, "调解", ("调解",)), begin + timedelta(minutes=steps[1]), OFFICE)
    kept: set[Told] = set()
    heard: list[int] = []
    now = at
    for minutes in (*looks, 60 * 24 * 365):
        now += timedelta(minutes=minutes)
        for warning in WARN.between(one, at, now, kept):
            heard.append(warning.percent)
            kept.add(name_of(warning))
    assert heard == [50, 80, 100]
