"""指标数据: a report as plain values for JSON; every figure with numerator, denominator, rule and gaps."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from queue_manager.figures.facts import Gap
from queue_manager.figures.figure import Figure, Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Report
from queue_manager.figures.rule_book import general_rules
from queue_manager.figures.staffing import LEVELS, RULE, HalfHour


def plain_report(report: Report, policy: Policy) -> dict[str, Any]:
    """Give one object: what was asked, then the figures by part of the report."""
    outlook = report.outlook
    return {
        "queue": report.queue,
        "window": _window(report.frame.window),
        "as_of": report.frame.as_of.isoformat(),
        "gaps": [_gap(gap) for gap in report.frame.gaps],
        "general_rules": general_rules(policy),
        "calls": _figures(report.calls),
        "demands": _figures(report.demands),
        "queues": {name: _figures(figures) for name, figures in report.queues.items()},
        "seats": {seat: _figures(figures) for seat, figures in report.seats.items()},
        "rolling": {**_figures(report.rolling), "lowest_at": _instant(report.lowest_at)},
        "outlook": None
        if outlook is None
        else {
            "target": policy.connect_rate_target,
            "misses_from": _instant(outlook.misses_from),
            "recovers_at": _instant(outlook.recovers_at),
            "worst": outlook.worst,
            "expected_requests": outlook.expected,
        },
        "staffing": {
            "rule": RULE.format(t=policy.threshold_seconds),
            "half_hours": [_half_hour(one) for one in report.staffing],
        },
    }


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {
        key: {
            **{name: getattr(figure, name) for name in ("value", "num", "den", "title", "unit", "rule")},
            "window": _window(figure.window),
            "as_of": figure.as_of.isoformat(),
            "gaps": [_gap(gap) for gap in figure.gaps],
        }
        for key, figure in figures.items()
    }


def _half_hour(one: HalfHour) -> dict[str, Any]:
    seats = dict(zip((f"seats_{level}" for level in LEVELS), one.seats or (None,) * len(LEVELS), strict=True))
    known = {name: value for name, value in asdict(one).items() if name != "seats"}
    return {**known, "begins": f"{one.begins:%H:%M}", **seats}


def _window(window: Window) -> list[str]:
    return [window.since.isoformat(), window.until.isoformat()]


def _gap(gap: Gap) -> dict[str, str]:
    return {"from": gap.since.isoformat(), "to": gap.until.isoformat(), "why": gap.why}


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
