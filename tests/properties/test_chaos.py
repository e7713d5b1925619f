"""Short days of the real engine, in peace and under blows: nothing is lost, doubled or wrong."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.prepare.places import Places
from app.rehearsal import Outcome, Rehearsal
from app.rehearsal_chaos import Blow, Strike, strikes_of
from simulator.day.citizens import fates_of
from simulator.day.day_file import HALF_HOURS, Day, Shift, Spread, read_day
from simulator.day.town import Plan
from tests.house.tree import ROOT

CALLS = 50
STRIKES = 24
SQLITE = "sqlite"


def short_day() -> Day:
    """Half an hour after midnight: careless seats, more citizens than they can serve; many are handed on."""
    half_an_hour = (1.0,) + (0.0,) * (HALF_HOURS - 1)
    quiet = read_day("quiet")
    careless = replace(quiet.seats, miss_share=0.1, reject_share=0.1)
    again = replace(
        quiet.citizens,
        transfer_share=0.3,
        comes_back_share=0.5,
        comes_back_after=Spread(median=60, spread=1),
    )
    four = (Shift(begins=0, ends=35, seats=4),)
    return replace(quiet, by_half_hour=half_an_hour, citizens=again, seats=careless, shifts=four)


def day_of_old_acquaintances() -> Day:
    """Everybody who was answered calls again; seats have time, and are careless."""
    day = short_day()
    back = replace(day.citizens, comes_back_share=1.0, comes_back_after=Spread(median=120, spread=0.5))
    careless = replace(day.seats, miss_share=0.3)
    return replace(day, citizens=back, seats=careless, shifts=(Shift(begins=0, ends=35, seats=12),))


def day_of_misdials() -> Day:
    """Everybody hangs up within the greeting."""
    day = short_day()
    return replace(day, citizens=replace(day.citizens, misdial_share=1.0))


def rehearsed(folder: Path, *, seed: int, chaos: int, database: str = SQLITE) -> Outcome:
    plan = Plan(day=short_day(), calls=CALLS, seed=seed)
    return lived(folder, plan, strikes_of(chaos, plan), database)


def lived(folder: Path, plan: Plan, strikes: list[Strike], database: str = SQLITE) -> Outcome:
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
    return Rehearsal(folder / "hotline", places, plan, strikes, database).run(lambda _number: None)


def night() -> Day:
    """Two seats and hardly anybody who calls, from half past three on."""
    before, after = (0.0,) * 7, (0.0,) * (HALF_HOURS - 8)
    return replace(
        short_day(), by_half_hour=(*before, 1.0, *after), shifts=(Shift(begins=205, ends=245, seats=2),)
    )


def held(outcome: Outcome) -> bool:
    """Whether a day under blows left every citizen's row, and every figure, as they must be."""
    verdict = outcome.verdict
    assert outcome.kills > 0
    assert sum(outcome.blows.values()) == STRIKES
    assert verdict.arrivals == verdict.rows == CALLS
    assert verdict.figures > 0
    assert verdict.hidden < CALLS, "nothing was left to compare"
    assert verdict.wrong == []
    return verdict.holds


def test_whoever_calls_again_is_tried_at_the_seat_that_knows_him_and_goes_on(tmp_path: Path) -> None:
    verdict = lived(tmp_path, Plan(day=day_of_old_acquaintances(), calls=CALLS, seed=1), []).verdict
    assert verdict.holds, verdict.wrong
    assert verdict.came_back > verdict.went_on > 0


def timeless(outcome: Outcome) -> Outcome:
    return replace(outcome, wall_seconds=0.0, processor_seconds=0.0)


def test_in_peace_every_row_and_every_figure_is_what_happened(tmp_path: Path) -> None:
    verdict = rehearsed(tmp_path, seed=1, chaos=0).verdict
    assert verdict.arrivals == verdict.rows == CALLS
    assert verdict.holds, verdict.wrong
    assert (verdict.gaps, verdict.hidden, verdict.unknown) == (0, 0, 0)
    assert verdict.reasons["answered"] == verdict.tickets > 0
    assert verdict.reasons["hung_up_waiting"] > 0


@pytest.fixture(scope="module")
def day_under_blows(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return rehearsed(tmp_path_factory.mktemp("day"), seed=1, chaos=STRIKES)


def test_whatever_is_killed_or_taken_away_nothing_is_lost_doubled_or_wrong(day_under_blows: Outcome) -> None:
    assert held(day_under_blows)


def test_whoever_hangs_up_while_the_engine_dies_in_his_greeting_is_not_forgotten(tmp_path: Path) -> None:
    plan = Plan(day=day_of_misdials(), calls=CALLS, seed=1)
    moments = [fate.at + 0.04 * (n % 5) for n, fate in enumerate(fates_of(plan.day, CALLS, plan.seed)[::3])]
    strikes = [Strike(at=at, blow=Blow.KILLED, lasts=6.0) for at in moments]
    outcome = lived(tmp_path, plan, strikes)
    assert outcome.kills > 0
    assert outcome.verdict.arrivals == outcome.verdict.rows == CALLS
    assert outcome.verdict.holds, outcome.verdict.wrong
    assert outcome.verdict.unknown == 0


def test_the_same_seed_gives_the_same_day(tmp_path: Path, day_under_blows: Outcome) -> None:
    again = rehearsed(tmp_path, seed=1, chaos=STRIKES)
    assert timeless(again) == timeless(day_under_blows)


def test_at_night_the_engine_brings_order_into_its_recordings_once(tmp_path: Path) -> None:
    with capture_logs() as logs:
        lived(tmp_path, Plan(day=night(), calls=2, seed=1), [])
    assert [line["event"] for line in logs].count("录音留存") == 1
