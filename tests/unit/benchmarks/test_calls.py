"""呼叫压测: when a rate counts as held, and what the rounds come to."""

import json
from dataclasses import replace

import pytest

from benchmarks.call_report import as_json, entry, table, verdict
from benchmarks.calls import Report, Step, ceilings_of, held
from benchmarks.load import LoadResult
from benchmarks.probe import ProbeResult

LOADED = LoadResult(made=90, succeeded=90, repeated_messages=0, answers_ms=(1.0,), last_answer_seconds=10.1)
PROBED = ProbeResult(answers_ms=(2.0,) * 10, greetings_ms=(3.0,) * 10, lost=0)
STEP = Step(
    round=1,
    variant="plain",
    rate=20,
    calls=100,
    held=True,
    sipp_answers_ms=(),
    answers_ms=(1.0, 2.0),
    greetings_ms=(2.0, 3.0),
    cpu_ms={"asterisk": 5.0},
    resident_mib={"asterisk": 90.0},
)


def test_a_rate_is_held_when_calls_succeed_at_pace_and_the_greeting_comes_soon() -> None:
    assert held(LOADED, PROBED, 10)


@pytest.mark.parametrize(
    ("loaded", "probed"),
    [
        (replace(LOADED, succeeded=88), PROBED),
        (replace(LOADED, repeated_messages=2), PROBED),
        (replace(LOADED, last_answer_seconds=12.0), PROBED),
        (LOADED, replace(PROBED, greetings_ms=(3.0,) * 8, lost=2)),
        (LOADED, replace(PROBED, greetings_ms=(900.0,) * 10)),
        (LOADED, replace(PROBED, answers_ms=(), greetings_ms=(), lost=10)),
    ],
)
def test_lost_repeated_slow_or_late_calls_are_not_a_held_rate(
    loaded: LoadResult, probed: ProbeResult
) -> None:
    assert not held(loaded, probed, 10)


def test_the_ceiling_is_the_median_of_the_rounds_highest_held_rates() -> None:
    highest = {1: 100, 2: 150, 3: 100}
    steps = [
        replace(STEP, round=number, rate=rate, held=rate <= limit)
        for number, limit in highest.items()
        for rate in (50, 100, 150, 200)
    ]
    never = [replace(STEP, variant="ours", round=number, held=False) for number in highest]
    assert ceilings_of([*steps, *never]) == {"plain": 100.0, "ours": 0.0}


def report() -> Report:
    ours = replace(STEP, variant="ours", answers_ms=(4.0, 6.0), greetings_ms=(5.0, 9.0), held=False)
    return Report(baseline="plain", steps=(ours, STEP), ceilings={"plain": 200.0, "ours": 150.0})


def test_the_table_names_the_plain_dialplan_before_what_is_measured_against_it() -> None:
    rows = table(report()).splitlines()[2:]
    assert [row.split(" | ")[0] for row in rows] == ["| plain", "| ours"]
    assert "1.0 / 2.0 / 2.0" in rows[0]


def test_the_verdict_tells_the_ratio_and_what_is_added_at_the_usual_rate() -> None:
    said = verdict(report())
    assert "ours / plain = 0.75" in said
    assert "接通 4.0 毫秒,问候语 6.0 毫秒" in said


def test_the_json_has_percentiles_and_null_for_nothing() -> None:
    steps = json.loads(as_json(report()))["steps"]
    assert steps[1]["answers_ms"] == {"p50": 1.0, "p95": 2.0, "p99": 2.0}
    assert steps[1]["sipp_answers_ms"] is None
    assert steps[1]["cpu_ms"] == {"asterisk": 5.0}


def test_the_entry_has_the_verdict_before_the_table() -> None:
    said = entry(report())
    assert 0 <= said.index("ours / plain = 0.75") < said.index("| 做法 |") < said.index("| ours |")
