"""Short days of the real engine, in peace and under blows: nothing is lost, doubled or wrong."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.prepare.places import Places
from app.rehearsal import Outcome, Rehearsal
from simulator.day.day_file import HALF_HOURS, Day, Shift, read_day
from simulator.day.town import Plan

CALLS = 60
STRIKES = 24
ROOT = Path(__file__).resolve().parents[2]
MORNING = Shift(begins=0, ends=70, seats=4)


def short_day() -> Day:
    """One busy hour after midnight."""
    hour = (1.0, 1.0) + (0.0,) * (HALF_HOURS - 2)
    return replace(read_day("quiet"), by_half_hour=hour, shifts=(MORNING,))


def rehearsed(folder: Path, *, seed: int, chaos: int) -> Outcome:
    places = Places(
        project=ROOT,
        code=ROOT,
        state_dir=folder,
        data_dir=folder,
        python=Path(sys.executable),
        asterisk=None,
        programs={"flac": folder / "flac"},
        baresip_modules=None,
        service_user=None,
    )
    plan = Plan(day=short_day(), calls=CALLS, seed=seed)
    return Rehearsal(folder / "hotline", places, plan, chaos).run(lambda _number: None)


def test_in_peace_every_row_is_what_happened(tmp_path: Path) -> None:
    verdict = rehearsed(tmp_path, seed=1, chaos=0).verdict
    assert verdict.arrivals == verdict.rows == CALLS
    assert verdict.holds, verdict.wrong
    assert (verdict.gaps, verdict.unknown) == (0, 0)
    assert verdict.reasons["answered"] == verdict.tickets > 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_is_killed_or_taken_away_nothing_is_lost_doubled_or_wrong(tmp_path: Path, seed: int) -> None:
    outcome = rehearsed(tmp_path, seed=seed, chaos=STRIKES)
    assert outcome.kills > 0
    assert sum(outcome.blows.values()) == STRIKES
    assert outcome.verdict.arrivals == outcome.verdict.rows == CALLS
    assert outcome.verdict.holds, outcome.verdict.wrong


def test_the_same_seed_gives_the_same_day(tmp_path: Path) -> None:
    first, again = (rehearsed(tmp_path / name, seed=5, chaos=STRIKES) for name in ("first", "again"))
    assert replace(first, wall_seconds=0.0) == replace(again, wall_seconds=0.0)
