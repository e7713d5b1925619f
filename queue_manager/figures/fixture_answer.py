"""样例结果: the figures of a fixture as plain values, under the keys that its ``expected`` asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from queue_manager.figures.figure import Figure
from queue_manager.figures.fixture import Fixture
from queue_manager.figures.report import Report, report_of
from queue_manager.figures.rule_book import CALLS, DEMANDS, SEATS, entry_of

SEATS_KEY = "seats"
USUAL = (
    *("requests", "entered", "answered", "abandoned", "timeout", "callback", "blocked", "saturated"),
    *("short_abandoned", "connect_rate", "connect_rate_entered", "connect_rate_ex_short"),
    *("answered_in_15s", "service_level_asterisk", "service_level_asterisk_2", "service_level_amazon"),
    *("service_level_vonage_breakouts", "service_level_vonage", "service_level_xcally"),
    *("abandon_rate", "abandon_rate_ex_short", "mean_wait_answered", "mean_wait_abandoned", "max_wait"),
    *("p50_wait_answered", "p90_wait_answered", "handle_time"),
    *("distinct_calls", "human_requests", "hotline_connect_rate"),
)
"""What is told of a file that expects nothing."""
USUAL_OF_SEATS = ("busy", "occupancy", "utilisation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """结果: the full report, plain values as asked, their rules, and what a reader should know."""

    report: Report
    values: dict[str, Any]
    rules: dict[str, Any]
    warnings: tuple[str, ...]

    def differences(self, expected: Mapping[str, Any]) -> list[str]:
        """Name the keys whose value is not the expected one; numbers are compared as numbers."""
        return sorted(_differences(self.values, expected))


def answer_to(fixture: Fixture) -> Answer:
    """Compute what the file asks for."""
    report = report_of(fixture.seen, fixture.queue, fixture.policy)
    book = CALLS | DEMANDS
    wanted = [key for key in fixture.expected if key != SEATS_KEY] or USUAL
    of_seats = _wanted_of_seats(fixture.expected)
    figures = {**report.calls, **report.demands}
    values: dict[str, Any] = {key: figures[key].value for key in wanted if key in figures}
    rules: dict[str, Any] = {key: entry_of(book, key, fixture.policy).rule for key in values}
    if fixture.seats:
        values[SEATS_KEY] = {seat: _values(report.seats[seat], of_seats) for seat in fixture.seats}
        rules[SEATS_KEY] = {
            key: entry_of(SEATS, key, fixture.policy).rule for key in of_seats if key in SEATS
        }
    unknown = [*(key for key in wanted if key not in figures), *(key for key in of_seats if key not in SEATS)]
    warnings = (*_warnings(fixture, report), *(f"不认识 expected 里的指标 {key},未计算" for key in unknown))
    return Answer(report=report, values=values, rules=rules, warnings=warnings)


def _wanted_of_seats(expected: Mapping[str, Any]) -> Sequence[str]:
    seats = expected.get(SEATS_KEY)
    first = next(iter(seats.values()), None) if isinstance(seats, dict) else None
    return tuple(first) if isinstance(first, dict) and first else USUAL_OF_SEATS


def _values(figures: Mapping[str, Figure], wanted: Sequence[str]) -> dict[str, Any]:
    return {key: figures[key].value for key in wanted if key in figures}


def _warnings(fixture: Fixture, report: Report) -> Iterator[str]:
    for seat, figures in report.seats.items():
        if seat not in fixture.seats:
            yield f"座席 {seat} 有通话,但 seats 里没有它,座席指标里不列"
        elif figures["unaccounted"].value:
            off = figures["unaccounted"].value
            yield f"座席 {seat} 的签入时长与各状态之和相差 {off} 秒,它的占有率不可信"


def _differences(got: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    for key in {*got, *expected}:
        ours, theirs = got.get(key), expected.get(key)
        if isinstance(ours, dict) and isinstance(theirs, dict):
            yield from (f"{key}.{below}" for below in _differences(ours, theirs))
        elif key not in got or key not in expected or ours != theirs:
            yield key
