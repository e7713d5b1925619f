"""统计报表: every figure says of when it is, what it was made of, and what nobody saw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from queue_manager.figures.facts import Gap, Result
from queue_manager.figures.figure import Figure
from queue_manager.figures.report import Report, Seen, report_of
from queue_manager.figures.rolling import Request
from tests.house.tree import is_chinese
from tests.unit.queue_manager.figures.made import DAY, ENTERPRISE, INTAKE, NOON, POLICY, after, arrival, stay

CALLS = (
    arrival("morning", stay(wait=4), at=after(9)),
    arrival("moved", stay(wait=20), stay(wait=3, queue=ENTERPRISE), at=after(10)),
    arrival("waiting", stay(Result.LIVING, 2), at=after(11.99)),
)
YESTERDAY = (Request(at=after(-12), answered=False), Request(at=after(-12, seconds=-1), answered=True))
SEEN = Seen(window=DAY, as_of=NOON, arrivals=CALLS, before=YESTERDAY)
GAP = Gap(since=after(9), until=after(9.5), why="与 Asterisk 的连接中断")


def everything(report: Report) -> list[Figure]:
    groups = [report.calls, report.demands, *report.queues.values(), *report.seats.values()]
    return [figure for group in groups for figure in group.values()]


def test_every_figure_carries_rule_window_and_instant() -> None:
    for figure in everything(report_of(SEEN, None, POLICY)):
        assert is_chinese(figure.rule)
        assert "{" not in figure.rule + figure.title
        assert (figure.window, figure.as_of, figure.gaps) == (DAY, NOON, ())


def test_the_limit_of_the_hotline_stands_in_title_and_rule() -> None:
    figure = report_of(SEEN, None, replace(POLICY, threshold_seconds=20)).calls["answered_in_15s"]
    assert figure.title == "20 秒接通率"
    assert "20 秒" in figure.rule
    assert (figure.num, figure.den) == (2, 3)


@pytest.mark.parametrize(
    ("gap", "touches"),
    [
        (GAP, True),
        (replace(GAP, since=after(-1), until=after(0)), False),
        (replace(GAP, since=NOON, until=after(13)), False),
        (replace(GAP, since=after(-1), until=after(0, seconds=1)), True),
    ],
)
def test_a_gap_stands_at_every_figure_that_it_touches(gap: Gap, touches: bool) -> None:
    report = report_of(replace(SEEN, gaps=(gap,)), None, POLICY)
    assert {figure.gaps for figure in everything(report)} == {(gap,) if touches else ()}


def test_a_gap_of_yesterday_touches_the_rolling_rate() -> None:
    yesterday = replace(GAP, since=after(-6), until=after(-5))
    report = report_of(replace(SEEN, gaps=(yesterday,)), None, POLICY)
    assert report.rolling["rolling_connect_rate"].gaps == (yesterday,)
    assert report.calls["connect_rate"].gaps == ()


def test_the_rolling_rate_reaches_back_a_day_from_now() -> None:
    figure = report_of(SEEN, None, POLICY).rolling["rolling_connect_rate"]
    assert (figure.num, figure.den) == (2, 4)
    assert figure.window.since == NOON - timedelta(days=1)


def test_of_a_day_that_is_over_there_is_no_outlook() -> None:
    assert report_of(replace(SEEN, as_of=DAY.until), None, POLICY).outlook is None


def test_who_is_waiting_may_still_be_answered() -> None:
    outlook = report_of(SEEN, None, POLICY).outlook
    assert outlook is not None
    assert outlook.worst == 75.0


def test_of_one_queue_only_that_one_is_told() -> None:
    report = report_of(SEEN, ENTERPRISE, POLICY)
    assert set(report.queues) == {ENTERPRISE}
    assert (report.calls["requests"].value, report.calls["human_requests"].value) == (1, 3)
    assert set(report_of(SEEN, None, POLICY).queues) == {INTAKE, ENTERPRISE}


def test_the_needed_seats_follow_from_the_day_so_far() -> None:
    half_hours = report_of(SEEN, None, POLICY).staffing
    assert len(half_hours) == 24
    assert [one.requests for one in half_hours if one.requests] == [1, 1, 1]
    assert half_hours[18].seats == (1, 1)


def test_of_one_queue_the_seats_are_needed_for_its_calls_only() -> None:
    half_hours = report_of(SEEN, ENTERPRISE, POLICY).staffing
    assert [one.requests for one in half_hours if one.requests] == [1]
    assert {one.staffed for one in half_hours} == {None}


def test_of_a_window_that_has_not_begun_nothing_is_told() -> None:
    report = report_of(replace(SEEN, arrivals=(), as_of=after(-6)), None, POLICY)
    assert (report.calls["distinct_calls"].value, report.calls["connect_rate"].value) == (0, None)
    assert (report.seats, report.staffing) == ({}, ())
