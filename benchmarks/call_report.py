"""呼叫压测报告: what was measured, as a table, as JSON, and as an entry in RESULTS.md."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from benchmarks.calls import Report, Step
from benchmarks.figures import figure, markdown_table, percentile, spread
from benchmarks.footprint import machine

USUAL_RATE = 20
"""Calls per second at which the added time is judged: sixty times the busiest hour of a large city."""

_TITLES = (
    "做法",
    "呼叫/秒",
    "保持住(轮)",
    "通数",
    "INVITE→200 毫秒 p50/p95/p99",
    "INVITE→问候语 毫秒 p50/p95/p99",
    "处理器 毫秒/通",
    "内存 MiB",
)


def table(report: Report) -> str:
    """One row per variant and rate, all rounds together."""
    return markdown_table(_TITLES, _rows(report))


def verdict(report: Report) -> str:
    """Say what counts: ceilings, their ratio, and what our flow adds at the usual rate."""
    lines = [f"{name}:最高保持 {figure(ceiling)} 呼叫/秒" for name, ceiling in report.ceilings.items()]
    plain = report.ceilings[report.baseline]
    for name, ceiling in report.ceilings.items():
        if name != report.baseline:
            ratio = f"{ceiling / plain:.2f}" if plain else "—"
            lines.append(f"{name} / {report.baseline} = {ratio}")
            lines.append(f"{name} 在 {USUAL_RATE} 呼叫/秒时多用(p99):{_added(report, name)}")
    return "\n".join(f"- {line}" for line in lines)


def as_json(report: Report) -> str:
    """Everything in one object; per step percentiles instead of every single time, null for none."""
    steps = [
        {
            name: _percentiles(value) if name.endswith("s_ms") else value
            for name, value in asdict(step).items()
        }
        for step in report.steps
    ]
    plain = {"machine": machine(), "ceilings": dict(report.ceilings), "steps": steps}
    return json.dumps(plain, ensure_ascii=False)


def _percentiles(values: Sequence[float]) -> dict[str, float] | None:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {name: percentile(values, share) for name, share in shares.items()} if values else None


def entry(report: Report) -> str:
    """Give what stands in RESULTS.md of it."""
    return f"{verdict(report)}\n\n{table(report)}"


def _rows(report: Report) -> Iterator[Sequence[str]]:
    kinds = {(step.rate, step.variant) for step in report.steps}
    for rate, variant in sorted(kinds, key=lambda kind: (kind[0], kind[1] != report.baseline, kind[1])):
        steps = _steps(report, variant, rate)
        yield (
            variant,
            str(rate),
            f"{sum(step.held for step in steps)}/{len(steps)}",
            str(sum(step.calls for step in steps)),
            spread(_answers(steps)),
            spread(_greetings(steps)),
            _by_process([dict(step.cpu_ms) for step in steps]),
            _by_process([dict(step.resident_mib) for step in steps]),
        )


def _steps(report: Report, variant: str, rate: int) -> list[Step]:
    return [step for step in report.steps if (step.variant, step.rate) == (variant, rate)]


def _by_process(figures: list[dict[str, float]]) -> str:
    return ",".join(
        f"{name} {figure(sum(each[name] for each in figures) / len(figures))}" for name in figures[0]
    )


def _answers(steps: Sequence[Step]) -> list[float]:
    return [ms for step in steps for ms in step.answers_ms]


def _greetings(steps: Sequence[Step]) -> list[float]:
    return [ms for step in steps for ms in step.greetings_ms]


def _added(report: Report, variant: str) -> str:
    ours, plain = _steps(report, variant, USUAL_RATE), _steps(report, report.baseline, USUAL_RATE)
    answer = percentile(_answers(ours), 0.99) - percentile(_answers(plain), 0.99)
    greeting = percentile(_greetings(ours), 0.99) - percentile(_greetings(plain), 0.99)
    return f"接通 {figure(answer)} 毫秒,问候语 {figure(greeting)} 毫秒"
