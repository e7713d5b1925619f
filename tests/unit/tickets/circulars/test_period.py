"""通报期."""

from datetime import date, timedelta

import pytest

from tickets.circulars.period import Kind, ended_before, period_before, period_of


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "name"),
    [
        (Kind.WEEKLY, date(2026, 11, 22), date(2026, 11, 16), date(2026, 11, 22), "2026年第47周"),
        (Kind.WEEKLY, date(2027, 1, 1), date(2026, 12, 28), date(2027, 1, 3), "2026年第53周"),
        (Kind.TENDAY, date(2026, 2, 10), date(2026, 2, 1), date(2026, 2, 10), "2026年2月上旬"),
        (Kind.TENDAY, date(2026, 2, 28), date(2026, 2, 21), date(2026, 2, 28), "2026年2月下旬"),
        (Kind.TENDAY, date(2026, 12, 31), date(2026, 12, 21), date(2026, 12, 31), "2026年12月下旬"),
        (Kind.MONTHLY, date(2028, 2, 3), date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        (Kind.QUARTERLY, date(2026, 12, 1), date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        (Kind.YEARLY, date(2026, 5, 5), date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_day_lies_in_one_period(kind: Kind, day: date, first: date, last: date, name: str) -> None:
    period = period_of(kind, day)
    assert (period.first, period.last, period.name) == (first, last, name)


@pytest.mark.parametrize("kind", Kind)
def test_periods_follow_each_other_without_a_gap(kind: Kind) -> None:
    day = date(2024, 1, 1)
    while day < date(2026, 1, 1):
        period = period_of(kind, day)
        assert period.first <= day < period.after
        assert period_before(kind, period).after == period.first
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        (date(2026, 11, 22), []),
        (date(2026, 11, 23), [Kind.WEEKLY]),
        (date(2026, 11, 11), [Kind.TENDAY]),
        (date(2026, 12, 1), [Kind.TENDAY, Kind.MONTHLY]),
        (date(2026, 10, 1), [Kind.TENDAY, Kind.MONTHLY, Kind.QUARTERLY]),
        (date(2027, 1, 1), [Kind.TENDAY, Kind.MONTHLY, Kind.QUARTERLY, Kind.YEARLY]),
    ],
)
def test_on_the_day_after_a_period_it_is_to_be_issued(day: date, kinds: list[Kind]) -> None:
    regular = (Kind.WEEKLY, Kind.TENDAY, Kind.MONTHLY, Kind.QUARTERLY, Kind.YEARLY)
    due = ended_before(day, regular)
    assert [kind for kind, _ in due] == kinds
    assert all(period.last + timedelta(days=1) == day for _, period in due)
