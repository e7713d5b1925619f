"""指标: rounding, percentiles and half-open windows."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_manager.figures.figure import mean, nearest_rank, rate, rounded
from tests.unit.queue_manager.figures.made import DAY, after

WHOLE = st.integers(min_value=0, max_value=10**9)


@pytest.mark.parametrize(
    ("num", "den", "shown"),
    [(1, 3, 0.33), (2, 3, 0.67), (1, 8, 0.13), (3, 8, 0.38), (1, 200, 0.01), (1, 201, 0.0), (0, 7, 0.0)],
)
def test_halves_are_rounded_up(num: int, den: int, shown: float) -> None:
    assert rounded(num, den) == shown


@given(WHOLE, st.integers(min_value=1, max_value=10**6))
def test_rounding_is_exact_for_any_numbers(num: int, den: int) -> None:
    shown = rounded(num, den)
    assert shown is not None
    off = Fraction(round(shown * 100), 100) - Fraction(num, den)
    assert Fraction(-1, 200) < off <= Fraction(1, 200)


@pytest.mark.parametrize("reading", [rate(0, 0), mean(0, 0), nearest_rank([], 50)])
def test_nothing_to_divide_by_is_no_figure(reading: object) -> None:
    assert getattr(reading, "value", 0) is None


@given(st.lists(WHOLE, min_size=1), st.integers(min_value=1, max_value=100))
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(
    values: list[int], percent: int
) -> None:
    found = nearest_rank(sorted(values), percent).value
    enough = math.ceil(percent * len(values) / 100)
    assert found in values
    assert sum(value <= found for value in values if found is not None) >= enough
    assert all(
        sum(value <= lower for value in values) < enough
        for lower in values
        if found is not None and lower < found
    )


def test_a_window_holds_its_first_instant_and_not_its_last() -> None:
    assert DAY.holds(DAY.since)
    assert DAY.holds(after(24, seconds=-0.000001))
    assert not DAY.holds(DAY.until)
    assert not DAY.holds(after(0, seconds=-0.000001))
