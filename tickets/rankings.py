"""排名: places by score, equal scores share one (1, 2, 2, 4), and the bottom percent, rounded up."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """名次 of one; ``bottom``: 末位."""

    rank: int
    bottom: bool


def places(scores: Mapping[str, int], bottom_percent: int) -> Mapping[str, Place]:
    """Rank by score, high before low; the bottom is ⌈percent of all⌉, and whoever ties with its first."""
    ordered = sorted(scores.values(), reverse=True)
    cut = -(-len(ordered) * bottom_percent // 100)
    worst = ordered[-cut] if cut else None
    return {
        name: Place(rank=ordered.index(score) + 1, bottom=worst is not None and score <= worst)
        for name, score in scores.items()
    }
