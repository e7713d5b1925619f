"""爱尔兰 C 公式: against the textbook's sum, a queue that is simulated, and known sizes of hotlines."""

import heapq
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_manager.figures.erlang import answered_within, seats_needed, waits_at_all


def textbook(load: Fraction, seats: int) -> float:
    """Erlang C as printed: the sum with factorials, in exact fractions."""
    last = load**seats / math.factorial(seats) * seats / (seats - load)
    others = sum((load**k / Fraction(math.factorial(k)) for k in range(seats)), Fraction(0))
    return float(last / (others + last))


@given(st.integers(min_value=1, max_value=900), st.integers(min_value=1, max_value=25))
def test_the_chance_of_waiting_is_the_textbooks(tenths: int, spare: int) -> None:
    load = Fraction(tenths, 10)
    seats = math.floor(load) + spare
    assert waits_at_all(float(load), seats) == pytest.approx(textbook(load, seats), abs=1e-9)


@pytest.mark.parametrize(
    ("per_hour", "handle", "offered", "needed"),
    [
        (340, 180, 17.0, (21, 24)),
        (1_040, 180, 52.0, (58, 63)),
        (1_040, 240, 69.3, (77, 82)),
        (1_248, 240, 83.2, (91, 97)),
    ],
)
def test_sizes_of_known_hotlines(per_hour: int, handle: int, offered: float, needed: tuple[int, int]) -> None:
    load = per_hour * handle / 3600
    assert round(load, 1) == offered
    assert tuple(seats_needed(load, share, 15, handle) for share in (0.80, 0.95)) == needed


def test_no_call_needs_no_seat_and_the_smallest_load_needs_one() -> None:
    assert seats_needed(0, 0.95, 15, 180) == 0
    assert seats_needed(0.001, 0.80, 15, 180) == 1
    assert answered_within(0, 0, 15, 180) == 1.0


def test_too_few_seats_never_keep_up() -> None:
    assert waits_at_all(5, 5) == 1.0
    assert answered_within(5, 5, 15, 180) == 0.0


@given(
    st.floats(min_value=0.01, max_value=300),
    st.floats(min_value=0.5, max_value=0.99),
    st.floats(min_value=30, max_value=900),
)
def test_one_seat_less_would_not_do(load: float, share: float, handle: float) -> None:
    seats = seats_needed(load, share, 15, handle)
    assert answered_within(load, seats, 15, handle) >= share
    assert answered_within(load, seats - 1, 15, handle) < share
    assert 0 <= waits_at_all(load, seats) <= 1


def test_a_simulated_queue_agrees() -> None:
    chance, handle, seats, every = random.Random(12345), 180.0, 21, 180 / 17
    free = [0.0] * seats
    heapq.heapify(free)
    now, in_time, callers = 0.0, 0, 60_000
    for _ in range(callers):
        now += chance.expovariate(1 / every)
        begins = max(now, heapq.heappop(free))
        in_time += begins - now <= 15
        heapq.heappush(free, begins + chance.expovariate(1 / handle))
    assert in_time / callers == pytest.approx(answered_within(17.0, seats, 15, handle), abs=0.02)
