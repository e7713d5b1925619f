"""Spot checks: drawn by chance, of every unit by itself."""

from random import Random

from core.ids import TicketNo
from tickets.visits_sample import drawn

CLOSED = [
    *((TicketNo(f"a{number:03d}"), "02") for number in range(41)),
    *((TicketNo(f"b{number:03d}"), "03") for number in range(3)),
]


def test_of_each_unit_five_percent_rounded_up() -> None:
    found = drawn(CLOSED, 5, Random(1))
    assert [unit for _, unit in found] == ["02"] * 3 + ["03"]
    assert set(found) <= set(CLOSED)
    assert len(set(found)) == 4


def test_chance_decides_and_nothing_else() -> None:
    draws = {tuple(drawn(CLOSED, 5, Random(seed))) for seed in range(20)}
    assert len(draws) > 10
    assert drawn(CLOSED, 5, Random(1)) == drawn(CLOSED, 5, Random(1))


def test_a_hundred_percent_is_everything_and_nothing_closed_is_nothing() -> None:
    assert drawn(CLOSED, 100, Random(1)) == CLOSED
    assert drawn([], 5, Random(1)) == []
