"""通报规则: what a city decides about its circulars, from ``circulars.toml``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tickets.circulars.rule_book import BY_KEY
from tickets.profile import NO_MORE_KEYS, PolicyFile


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularPolicy:
    """``weights``: how much each rate counts in the ranking. ``least``: units with fewer are not ranked."""

    __pydantic_config__: ClassVar[dict[str, str]] = NO_MORE_KEYS
    issuer: str
    weights: dict[str, int]
    least: int
    bottom_percent: int
    top: int


def read_circular_policy(folder: Path) -> CircularPolicy:
    """Read it from a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / "circulars.toml")
    policy = file.read(CircularPolicy)
    for key, weight in policy.weights.items():
        if key not in BY_KEY or BY_KEY[key].unit != "%" or not BY_KEY[key].good:
            raise file.wrong(("weights", key), "没有这个可以计分的比率")
        if weight <= 0:
            raise file.wrong(("weights", key), "权重应当大于零")
    for name in ("least", "bottom_percent", "top"):
        if getattr(policy, name) < 1:
            raise file.wrong((name,), "应当是正整数")
    if policy.bottom_percent > 100:
        raise file.wrong(("bottom_percent",), "应当不大于 100")
    if not policy.weights:
        raise file.wrong(("weights",), "至少要有一个比率计分")
    return policy
