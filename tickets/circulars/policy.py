"""通报规则: what a city decides about its circulars, from ``circulars.toml``."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tickets.circulars.period import Kind
from tickets.circulars.rule_book import BY_KEY
from tickets.profile import NO_MORE_KEYS, PolicyFile

CIRCULARS = "circulars.toml"
NOT_REGULAR = (Kind.TOPIC, Kind.SPECIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularPolicy:
    """``weights``: how much each rate counts in the ranking. ``least``: units with fewer are not ranked.

    ``regular``: which circulars this hotline issues whenever a period is over.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = NO_MORE_KEYS
    issuer: str
    weights: dict[str, int]
    least: int
    bottom_percent: int
    top: int
    regular: tuple[Kind, ...]


def read_circular_policy(folder: Path) -> CircularPolicy:
    """Read it from a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / CIRCULARS)
    policy = file.read(CircularPolicy)
    _check_weights(file, policy.weights)
    for name in ("least", "bottom_percent", "top"):
        if getattr(policy, name) < 1:
            raise file.wrong((name,), "应当是正整数")
    if policy.bottom_percent > 100:
        raise file.wrong(("bottom_percent",), "应当不大于 100")
    if set(policy.regular) & set(NOT_REGULAR) or len(set(policy.regular)) < len(policy.regular):
        raise file.wrong(("regular",), "专题分析和专报不定期, 别的不要写两次")
    return policy


def _check_weights(file: PolicyFile, weights: dict[str, int]) -> None:
    for key, weight in weights.items():
        if key not in BY_KEY or BY_KEY[key].unit != "%" or not BY_KEY[key].good:
            raise file.wrong(("weights", key), "没有这个可以计分的比率")
        if weight <= 0:
            raise file.wrong(("weights", key), "权重应当大于零")
    if not weights:
        raise file.wrong(("weights",), "至少要有一个比率计分")
