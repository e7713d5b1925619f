"""Warnings: at half, at four fifths and when it is due; each exactly once, whenever one looks."""

from datetime import datetime, timedelta

import pytest

from tests.unit.tickets.office import OFFICE, at
from tests.unit.tickets.test_clocks import BEGIN, REASONS, RULES, clock, extension, paused_for
from tickets.clock_changes import DueWish, extended, instructed, paused, stopped
from tickets.clocks import Clock
from tickets.due_warnings import Told, WarningRules, name_of, point_of
from tickets.limits import Start

WARN = WarningRules(percents=(50, 80, 100), office=OFFICE)
LONG_AFTER = at("2026-06-01 00:00")


def told(one: Clock, until: datetime = LONG_AFTER, since: datetime = BEGIN) -> list[tuple[int, str]]:
    return [(each.percent, f"{each.at:%m-%d %H:%M}") for each in WARN.between(one, since, until, ())]


@pytest.mark.parametrize(
    ("limit", "start", "points"),
    [
        ("5个工作日", None, ["02-05 13:00", "02-06 17:30", "02-07 17:30"]),
        ("1个工作日", None, ["01-26 13:00", "01-26 15:42", "01-26 17:30"]),
        ("2个工作日", Start.IMMEDIATE, ["01-24 17:30", "01-26 13:54", "01-26 17:30"]),
        ("10个自然日", None, ["01-29 17:30", "02-01 17:30", "02-03 17:30"]),
        ("2个自然日", Start.IMMEDIATE, ["01-25 10:00", "01-26 00:24", "01-26 10:00"]),
        ("30分钟", None, ["01-24 10:15", "01-24 10:24", "01-24 10:30"]),
        ("24小时", None, ["01-24 22:00", "01-25 05:12", "01-25 10:00"]),
    ],
)
def test_days_count_as_days_and_minutes_as_minutes(
    limit: str, start: Start | None, points: list[str]
) -> None:
    one = clock(limit, start)
    assert told(one) == list(zip((50, 80, 100), points, strict=True))


def test_a_day_that_had_half_gone_when_it_began_is_shared_out_to_its_end() -> None:
    one = clock("1个工作日", Start.IMMEDIATE)
    assert [percent for percent, _ in told(one)] == [50, 80, 100]
    assert point_of(one, 50, OFFICE) > BEGIN
    assert point_of(one, 50, OFFICE) < point_of(one, 80, OFFICE) < one.due


def test_a_pause_uses_up_nothing() -> None:
    one = paused_for(clock(), "2025-01-26 11:00", "2025-02-05 09:00")
    assert told(one) == [(50, "02-07 13:00"), (80, "02-08 17:30"), (100, "02-10 17:30")]
    minutes = paused_for(clock("60分钟"), "2025-01-24 10:20", "2025-01-24 11:20")
    assert told(minutes) == [(50, "01-24 11:30"), (80, "01-24 11:48"), (100, "01-24 12:00")]


def test_a_clock_that_stands_still_warns_of_nothing_to_come() -> None:
    standing = paused(clock(), at("2025-02-05 13:30"), "调解", REASONS)
    assert told(standing) == [(50, "02-05 13:00")]
    assert (
        WARN.next_at(standing, {name_of(one) for one in WARN.between(standing, BEGIN, LONG_AFTER, ())})
        is None
    )


def test_one_that_was_finished_in_time_does_not_warn_of_its_due_time() -> None:
    assert told(stopped(clock(), at("2025-02-07 09:00"), OFFICE)) == [
        (50, "02-05 13:00"),
        (80, "02-06 17:30"),
    ]


def test_after_an_extension_it_warns_anew_of_what_lies_ahead() -> None:
    longer = extended(clock(), extension("3个工作日", asked="2025-02-06 10:00"), RULES, OFFICE)
    assert told(longer) == [(50, "02-06 17:30"), (80, "02-10 12:06"), (100, "02-11 17:30")]
    assert {one.edition for one in WARN.between(longer, BEGIN, LONG_AFTER, ())} == {1}


def test_a_nearer_time_that_a_leader_names_warns_once_it_comes() -> None:
    wish = DueWish(due=at("2025-01-24 15:00"), at=at("2025-01-24 14:00"), by="市领导", reason="急")
    assert told(instructed(clock(), wish, OFFICE)) == [(100, "01-24 15:00")]


def test_between_two_looks_are_those_after_the_first_up_to_the_second() -> None:
    half, most, due = (point_of(clock(), percent, OFFICE) for percent in (50, 80, 100))
    second = timedelta(seconds=1)
    assert told(clock(), until=half - second) == []
    assert [percent for percent, _ in told(clock(), until=half)] == [50]
    assert [percent for percent, _ in told(clock(), since=half, until=due)] == [80, 100]
    assert told(clock(), since=most, until=due - second) == []


@pytest.mark.parametrize("step_minutes", [7, 60, 60 * 24, 60 * 24 * 30])
def test_nothing_is_told_twice_and_nothing_is_lost_however_often_one_looks_or_forgets(
    step_minutes: int,
) -> None:
    kept: set[Told] = set()
    now, heard = BEGIN, []
    while now < at("2025-03-01 00:00"):
        now += timedelta(minutes=step_minutes)
        # Looking from the very beginning every time is what a restart does.
        for one in WARN.between(clock(), BEGIN, now, kept):
            heard.append(one.percent)
            kept.add(name_of(one))
    assert heard == [50, 80, 100]


def test_when_to_look_again_is_the_next_that_nobody_was_told_of() -> None:
    first = WARN.next_at(clock(), ())
    assert first == at("2025-02-05 13:00")
    kept = {name_of(one) for one in WARN.between(clock(), BEGIN, at("2025-02-05 13:00"), ())}
    assert WARN.next_at(clock(), kept) == at("2025-02-06 17:30")
    assert (
        WARN.next_at(clock(), {name_of(one) for one in WARN.between(clock(), BEGIN, LONG_AFTER, ())}) is None
    )
