"""``./hotline bench chaos``: what a program reads, what a person reads, and when a day took too long."""

import argparse
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import bench, simulate
from app.rehearsal import Outcome
from app.rehearsal_chaos import Blow
from app.rehearsal_check import Verdict
from core.events import EndReason
from simulator.day.town import Plan

OUTCOME = Outcome(
    verdict=Verdict(arrivals=5, rows=5, came_back=3, went_on=1, reasons=Counter(EndReason)),
    kills=3,
    blows={blow.value: 1 for blow in Blow},
    wall_seconds=10.0,
    processor_seconds=9.0,
)


@pytest.fixture(autouse=True)
def results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is rehearsed, and what is kept goes elsewhere."""
    file = tmp_path / "RESULTS.md"
    monkeypatch.setattr(bench, "CHAOS_RESULTS", file)
    days_take(monkeypatch, OUTCOME.wall_seconds)
    return file


def days_take(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    def rehearsed(_plan: Plan, blows: int) -> Outcome:
        return replace(OUTCOME, kills=blows, wall_seconds=seconds)

    monkeypatch.setattr(simulate, "rehearse", rehearsed)


def asked(*words: str) -> argparse.Namespace:
    parser = Arguments(prog="./hotline bench")
    bench.add_arguments(parser)
    return parser.parse_args(["chaos", *words])


def test_a_program_reads_one_document_with_both_days_by_their_blows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.run(asked("--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert {blows: day["kills"] for blows, day in told.items()} == {"100": 100, "1000": 1000}
    assert told["100"]["came_back"] > told["100"]["went_on"] > 0


def test_a_day_that_took_too_long_fails_unless_it_is_only_looked_at(
    monkeypatch: pytest.MonkeyPatch, results: Path
) -> None:
    days_take(monkeypatch, bench.LONGEST_DAY_TAKES + 1.0)
    assert bench.run(asked("--quick")) == 0
    assert not results.exists()
    assert bench.run(asked()) == 1
    assert results.read_text(encoding="utf-8").count("./hotline bench chaos") == 2


def test_no_two_rows_have_the_same_name(results: Path) -> None:
    bench.run(asked())
    [_, first_day, _] = results.read_text(encoding="utf-8").split("\n## ")
    names = [row.split(" | ")[0] for row in first_day.splitlines() if row.startswith("| ")]
    assert "| 引擎被杀" in names
    assert "| 捣乱:引擎被杀" in names
    assert len(set(names)) == len(names) > len(Blow) + len(EndReason)
