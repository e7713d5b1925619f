"""爱尔兰 C 公式: how many seats a load needs; nobody gives up, arrivals by chance, lengths exponential.

Written here because it is a dozen lines: see the decision about figures.
"""

import math


def waits_at_all(load: float, seats: int) -> float:
    """Give the chance (0..1) that a caller must wait, 1.0 when seats cannot keep up; ``load`` in erlang."""
    if seats <= load:
        return 1.0
    blocked = 1.0
    for one in range(1, seats + 1):
        # Erlang B by its recursion, which never leaves 0..1: no factorial, no overflow.
        blocked = load * blocked / (one + load * blocked)
    return seats * blocked / (seats - load * (1 - blocked))


def answered_within(load: float, seats: int, seconds: float, handle_seconds: float) -> float:
    """Give the share of callers (0..1) who wait at most ``seconds``."""
    if load == 0:
        return 1.0
    if seats <= load:
        return 0.0
    return 1 - waits_at_all(load, seats) * math.exp(-(seats - load) * seconds / handle_seconds)


def seats_needed(load: float, share: float, seconds: float, handle_seconds: float) -> int:
    """Give the fewest seats with which at least ``share`` (0..1) wait at most ``seconds``; 0 without load."""
    if load <= 0:
        return 0
    seats = math.floor(load) + 1
    while answered_within(load, seats, seconds, handle_seconds) < share:
        seats += 1
    return seats
