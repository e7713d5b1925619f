"""日程文件: what a rehearsed day is like; one TOML file per kind of day, to be copied and changed."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from math import exp
from pathlib import Path
from random import Random
from typing import Any

from core.errors import HotlineError

DAYS = Path(__file__).parent / "days"
HALF_HOURS = 48
MINUTES = 60


class DayMissing(HotlineError):
    """没有这个日程:请给出 simulator/day/days 里的名字(不带 .toml),或一个日程文件的路径。"""


class DayBroken(HotlineError):
    """日程文件看不懂:请按括号里的提示改正,写法见 simulator/day/days/peak.toml。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """多长时间: seconds, half of them below ``median``; ``spread`` 0 means always the same (log-normal)."""

    median: float
    spread: float = 0.0

    def draw(self, random: Random) -> float:
        """Give one length in seconds."""
        return self.median * exp(random.gauss(0.0, self.spread)) if self.spread else self.median


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizens:
    """市民: shares are between 0 and 1."""

    misdial_share: float
    """Notice in the greeting that it is the wrong number."""
    withheld_share: float
    patience: Spread
    talk: Spread
    hangs_up_first_share: float
    """Of those who were answered: who hangs up before the seat does."""
    redial_share: float
    """Of those who gave up waiting."""
    redial_after: Spread
    hold_share: float
    hold: Spread
    transfer_share: float
    comes_back_share: float = 0.0
    """Of those who were answered: who calls once more about the same matter."""
    comes_back_after: Spread = Spread(median=1800.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """话务员's habits."""

    answer: Spread
    miss_share: float
    """Let it ring until it stops."""
    reject_share: float
    break_every: Spread
    break_length: Spread
    ready_early_share: float
    """End the wrap-up themselves."""
    wrap_up: Spread
    extend_share: float
    """Ask for more time to wrap up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """班次: so many seats from one time of day to another, in minutes since midnight."""

    begins: int
    ends: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """日程: a day with its citizens and seats."""

    title: str
    calls: int
    by_half_hour: tuple[float, ...]
    citizens: Citizens
    seats: Seats
    shifts: tuple[Shift, ...]


def read_day(name: str) -> Day:
    """Read one of ours by name, or any file by path; raises DayMissing or DayBroken."""
    file = DAYS / f"{name}.toml" if (DAYS / f"{name}.toml").is_file() else Path(name)
    if not file.is_file():
        known = "、".join(sorted(path.stem for path in DAYS.glob("*.toml")))
        raise DayMissing(given=name, known=known)
    try:
        return _day(tomllib.loads(file.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DayBroken(file=file, reason="不合 TOML 语法") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DayBroken(file=file, reason=str(error)) from error


def _day(plain: dict[str, Any]) -> Day:
    weights = tuple(float(weight) for weight in plain["calls"]["by_half_hour"])
    if len(weights) != HALF_HOURS or min(weights) < 0 or not sum(weights):
        raise ValueError("by_half_hour 要有 48 个数, 不小于 0")
    return Day(
        title=str(plain["title"]),
        calls=int(plain["calls"]["total"]),
        by_half_hour=weights,
        citizens=Citizens(**_values(Citizens, plain["citizens"])),
        seats=Seats(**_values(Seats, plain["seats"])),
        shifts=tuple(_shift(one) for one in plain["shifts"]),
    )


def _values(kind: type, plain: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name: field.type for field in fields(kind)}
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    if wrong := (needed - set(plain)) | (set(plain) - set(known)):
        raise ValueError(f"缺少或多出的项: {sorted(wrong)}")
    return {
        name: Spread(**value) if known[name] is Spread else _share(name, value)
        for name, value in plain.items()
    }


def _share(name: str, value: object) -> float:
    if isinstance(value, int | float) and 0 <= value <= 1:
        return float(value)
    raise ValueError(f"{name} 应当在 0 和 1 之间")


def _shift(plain: Mapping[str, Any]) -> Shift:
    shift = Shift(begins=_minutes(plain["from"]), ends=_minutes(plain["to"]), seats=int(plain["seats"]))
    if shift.ends <= shift.begins or shift.seats < 1:
        raise ValueError(f"班次 {plain['from']}-{plain['to']} 的时间或人数不对")
    return shift


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * MINUTES + int(minutes)
