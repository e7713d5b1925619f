"""Places: equal scores share one, and the bottom is rounded up."""

import pytest

from tickets.rankings import places


def test_equal_scores_share_a_place_and_the_next_is_left_out() -> None:
    given = places({"a": 90, "b": 80, "c": 80, "d": 70}, 5)
    assert [given[name].rank for name in "abcd"] == [1, 2, 2, 4]


@pytest.mark.parametrize(("units", "last"), [(1, 1), (20, 1), (21, 2), (40, 2), (41, 3), (130, 7)])
def test_five_percent_of_the_units_are_rounded_up(units: int, last: int) -> None:
    given = places({f"{number:03d}": number for number in range(units)}, 5)
    assert sorted(name for name, place in given.items() if place.bottom) == [
        f"{number:03d}" for number in range(last)
    ]


def test_who_ties_with_the_first_of_the_bottom_is_in_it() -> None:
    given = places({"a": 90, "b": 60, "c": 60, "d": 50}, 50)
    assert [name for name, place in given.items() if place.bottom] == ["b", "c", "d"]


def test_nobody_ranked_nobody_last() -> None:
    assert places({}, 5) == {}
