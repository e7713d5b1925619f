"""指标: a number that carries numerator, denominator, rule, window, instant and gaps with it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from queue_manager.figures.facts import Gap, Second

Number = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """统计时段, half-open: ``[since, until)``."""

    since: datetime
    until: datetime

    @property
    def seconds(self) -> tuple[Second, Second]:
        """Give both ends, floored to whole seconds."""
        return floored(self.since), floored(self.until)

    @property
    def in_utc(self) -> "Window":
        """Give the same window in UTC: instants of one zone compare many times faster."""
        return Window(since=self.since.astimezone(UTC), until=self.until.astimezone(UTC))

    def holds(self, at: datetime) -> bool:
        """Tell whether an instant lies inside."""
        return self.since <= at < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """读数: value with numerator and denominator; the value is None where there is nothing to divide by."""

    value: Number | None
    num: Number | None
    den: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all figures of one look have in common; ``gaps`` are those that touch the window."""

    window: Window
    as_of: datetime
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """一个指标; ``unit`` is 通, 秒, %, 通/小时, 次 or 分."""

    value: Number | None
    num: Number | None
    den: Number | None
    title: str
    unit: str
    rule: str
    window: Window
    as_of: datetime
    gaps: tuple[Gap, ...]


def count(number: int) -> Reading:
    """Give a plain number."""
    return Reading(value=number, num=number)


def rate(num: int, den: int) -> Reading:
    """Give a share in percent, two decimals."""
    return Reading(value=rounded(num * 100, den), num=num, den=den)


def mean(total: int, number: int) -> Reading:
    """Give total by number, two decimals."""
    return Reading(value=rounded(total, number), num=total, den=number)


def nearest_rank(values: Sequence[int], percent: int) -> Reading:
    """Give the percentile of sorted values: the value at rank ``ceil(percent/100 · n)``, from 1."""
    if not values:
        return Reading(value=None, num=None, den=0)
    value = values[max(1, math.ceil(percent * len(values) / 100)) - 1]
    return Reading(value=value, num=value, den=len(values))


def floored(at: datetime) -> Second:
    """Give an instant as whole seconds since 1970."""
    return int(at.timestamp() // 1)


def rounded(num: int, den: int) -> float | None:
    """Divide whole numbers and round half up to two decimals (四舍五入), without going through fractions."""
    if den <= 0:
        return None
    return (num * 200 + den) // (2 * den) / 100
