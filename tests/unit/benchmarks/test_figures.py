"""数字: percentiles and tables."""

import math

import pytest

from benchmarks.figures import figure, markdown_table, percentile, spread


@pytest.mark.parametrize(
    ("values", "share", "value"),
    [
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.95, 95.0),
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([7.0], 0.99, 7.0),
        ([7.0, 8.0], 0.0, 7.0),
    ],
)
def test_a_percentile_is_a_value_that_was_measured(values: list[float], share: float, value: float) -> None:
    assert percentile(values, share) == value


def test_nothing_measured_is_shown_as_nothing() -> None:
    assert math.isnan(percentile([], 0.5))
    assert spread([]) == "— / — / —"


def test_figures_are_as_short_as_they_mean_something() -> None:
    assert [figure(value) for value in (0.04, 3.14159, 123.4)] == ["0.0", "3.1", "123"]


def test_a_table_has_a_row_per_line() -> None:
    assert markdown_table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
