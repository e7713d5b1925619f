"""Limits: how they are written, and when something is due."""

from datetime import UTC

import pytest

from tests.unit.core.test_calendar import RECEIVED
from tests.unit.tickets.office import OFFICE, at
from tickets.limits import LimitUnclear, Measure, MinutesStartAtOnce, Start, due_of, limit_of


@pytest.mark.parametrize(
    ("written", "amount", "measure", "start"),
    [
        ("30分钟", 30, Measure.MINUTES, Start.IMMEDIATE),
        ("24小时", 1440, Measure.MINUTES, Start.IMMEDIATE),
        ("10个自然日", 10, Measure.NATURAL_DAYS, Start.NEXT_DAY),
        ("7个工作日", 7, Measure.WORKING_DAYS, Start.NEXT_DAY),
        (" 7 工作日 ", 7, Measure.WORKING_DAYS, Start.NEXT_DAY),
    ],
)
def test_a_limit_is_written_as_people_write_it(
    written: str, amount: int, measure: Measure, start: Start
) -> None:
    limit = limit_of(written)
    assert (limit.amount, limit.measure, limit.start) == (amount, measure, start)


@pytest.mark.parametrize("written", ["90分钟", "24小时", "10个自然日", "7个工作日"])
def test_it_is_shown_as_it_was_written(written: str) -> None:
    assert str(limit_of(written)) == written


@pytest.mark.parametrize(
    "written",
    ["7天", "7日", "七个工作日", "0个工作日", "-1个工作日", "400个工作日", "7", "工作日", "", "1.5小时"],
)
def test_what_is_unclear_is_refused(written: str) -> None:
    with pytest.raises(LimitUnclear, match="7个工作日"):
        limit_of(written)


def test_minutes_do_not_wait_for_the_next_day() -> None:
    with pytest.raises(MinutesStartAtOnce):
        limit_of("30分钟", Start.NEXT_DAY)


@pytest.mark.parametrize("row", RECEIVED, ids=lambda row: row[0])
@pytest.mark.parametrize("hour", ["00:00", "10:00", "17:30", "23:59"])
def test_working_days_are_due_when_the_last_of_them_ends(row: tuple[str, ...], hour: str) -> None:
    received, *expected = row
    for amount, text in zip((1, 3, 5, 7), expected, strict=True):
        due = due_of(limit_of(f"{amount}个工作日"), at(f"{received} {hour}"), OFFICE)
        assert due == at(f"{received[:4]}-{text} 17:30")


@pytest.mark.parametrize(
    ("received", "amount", "due"),
    [
        ("2025-01-24 10:00", 1, "2025-01-24 17:30"),
        ("2025-01-24 10:00", 5, "2025-02-06 17:30"),
        ("2025-01-24 17:30", 1, "2025-01-26 17:30"),
        ("2025-01-25 10:00", 1, "2025-01-26 17:30"),
        ("2025-01-28 10:00", 1, "2025-02-05 17:30"),
    ],
)
def test_started_at_once_the_day_of_receipt_is_the_first_if_it_is_worked(
    received: str, amount: int, due: str
) -> None:
    assert due_of(limit_of(f"{amount}个工作日", Start.IMMEDIATE), at(received), OFFICE) == at(due)


@pytest.mark.parametrize(
    ("written", "received", "due"),
    [
        ("30分钟", "2025-01-28 23:45", "2025-01-29 00:15"),
        ("2小时", "2025-10-01 09:00", "2025-10-01 11:00"),
        ("24小时", "2026-12-31 18:00", "2027-01-01 18:00"),
        ("3个自然日", "2025-01-28 10:00", "2025-01-31 17:30"),
        ("10个自然日", "2026-12-30 10:00", "2027-01-09 17:30"),
    ],
)
def test_minutes_and_natural_days_know_no_holidays(written: str, received: str, due: str) -> None:
    assert due_of(limit_of(written), at(received), OFFICE) == at(due)


def test_natural_days_started_at_once_are_whole_days() -> None:
    limit = limit_of("3个自然日", Start.IMMEDIATE)
    assert due_of(limit, at("2025-01-28 10:07"), OFFICE) == at("2025-01-31 10:07")


def test_the_day_is_that_of_shanghai_whatever_the_zone_of_the_instant() -> None:
    late = at("2025-01-24 02:00").astimezone(UTC)
    assert late.day == 23
    assert due_of(limit_of("1个工作日"), late, OFFICE) == at("2025-01-26 17:30")
