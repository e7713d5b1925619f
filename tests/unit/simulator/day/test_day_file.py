"""A day file says what a day is like; what is wrong with it is said in one sentence."""

from pathlib import Path

import pytest

from simulator.day.citizens import Arrivals, fates_of
from simulator.day.day_file import DAYS, DayBroken, DayMissing, read_day
from simulator.day.town import seats_of

QUIET = (DAYS / "quiet.toml").read_text(encoding="utf-8")


def test_the_shipped_days_have_as_many_calls_as_they_say() -> None:
    assert (read_day("peak").calls, read_day("quiet").calls) == (10400, 600)


def test_a_day_of_ones_own_is_read_from_its_path(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(QUIET.replace("total = 600", "total = 42"), encoding="utf-8")
    assert read_day(str(file)).calls == 42


def test_a_day_file_need_not_say_that_anybody_calls_again(tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    lines = (line for line in QUIET.splitlines() if not line.startswith("comes_back"))
    file.write_text("\n".join(lines), encoding="utf-8")
    fates = fates_of(read_day(str(file)), 100, seed=1)
    assert [fate.comes_back_after for fate in fates] == [None] * 100
    others = fates_of(read_day("quiet"), 100, seed=1)
    assert [fate.talk for fate in fates] == [fate.talk for fate in others]


def test_an_unknown_day_is_answered_with_those_there_are() -> None:
    with pytest.raises(DayMissing, match="peak"):
        read_day("holiday")


@pytest.mark.parametrize(
    ("was", "is_now"),
    [
        ("[calls]", "[calls"),
        ("misdial_share = 0.03", "misdial_share = 3"),
        ("misdial_share = 0.03", ""),
        ("2, 2, 1, 1,", "2, 2, 1,"),
        ('from = "08:00"', 'from = "18:00"'),
        ('from = "08:00"', 'from = "eight"'),
        ("patience = {", "impatience = {"),
    ],
)
def test_a_mistake_is_refused(tmp_path: Path, was: str, is_now: str) -> None:
    file = tmp_path / "ours.toml"
    assert was in QUIET
    file.write_text(QUIET.replace(was, is_now), encoding="utf-8")
    with pytest.raises(DayBroken):
        read_day(str(file))


def test_fates_come_in_time_order_and_the_same_from_the_same_seed() -> None:
    day = read_day("quiet")
    fates = fates_of(day, 200, seed=3)
    assert [fate.at for fate in fates] == sorted(fate.at for fate in fates)
    assert fates == fates_of(day, 200, seed=3)
    assert fates != fates_of(day, 200, seed=4)


def test_whoever_calls_again_takes_the_place_of_somebody_who_has_not_called() -> None:
    arrivals = Arrivals(fates_of(read_day("quiet"), 10, seed=1), seed=1)
    called = 0
    for _fate in arrivals:
        called += 1
        if called == 3:
            assert arrivals.take_place()
    assert called == 9
    assert not arrivals.take_place()


def test_every_seat_of_every_shift_has_a_number_of_its_own() -> None:
    seats = seats_of(read_day("quiet"))
    assert len(seats) == len(set(seats)) == 13
