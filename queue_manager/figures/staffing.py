"""座席配置建议: seats needed per half hour of the day, by Erlang C on our own arrivals and handle time."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from core.clock import SHANGHAI
from queue_manager.figures.erlang import seats_needed
from queue_manager.figures.facts import Period
from queue_manager.figures.figure import Window, floored, rounded

HALF_HOUR = timedelta(minutes=30)
HALF_HOUR_SECONDS = 1800
LEVELS = (80, 95)
"""Percent of callers who are answered in time."""
RULE = (
    "爱尔兰 C 公式:按该半小时的人工请求数和统计时段的平均处理时长,算出要使 80%、95% 的来电在 {t} 秒内接通"
    "各需多少座席在岗(已签入且不示忙);只算已经过完的半小时,多天的取平均。假定市民不会中途放弃,来电越少越不准。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfHour:
    """半小时; means over ``days`` days; ``staffed`` is how many seats were there, None if nobody knows.

    ``seats`` are those needed, per level of :data:`LEVELS`; None while no handle time is known.
    """

    begins: time
    days: int
    requests: float
    load: float | None
    seats: tuple[int, ...] | None
    staffed: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """依据: the handle time in seconds (None when nobody was served), and how soon is in time."""

    handle_seconds: float | None
    threshold_seconds: int


def staffing(
    requests: Iterable[datetime], duty: Sequence[Period] | None, window: Window, basis: Basis
) -> list[HalfHour]:
    """Give the half hours of the day that lie wholly in the window, from the earliest on.

    ``duty`` is when seats were there and not paused; None when nobody knows.
    """
    first, number = _half_hours_in(window)
    # One zone on both sides: otherwise each difference asks the zones for their offsets.
    origin = first.astimezone(UTC)
    asked = Counter((at - origin) // HALF_HOUR for at in requests)
    worked = _worked(duty or (), first, window)
    days: Counter[time] = Counter()
    calls: Counter[time] = Counter()
    seconds: Counter[time] = Counter()
    for one in range(number):
        begins = (first + HALF_HOUR * one).time()
        days[begins] += 1
        calls[begins] += asked[one]
        seconds[begins] += worked[one]
    return [
        _half_hour(begins, times, (calls[begins], None if duty is None else seconds[begins]), basis)
        for begins, times in sorted(days.items())
    ]


def _half_hour(begins: time, times: int, total: tuple[int, int | None], basis: Basis) -> HalfHour:
    """Average what was seen in ``times`` days: requests, and seconds of duty."""
    calls, seconds = total
    return HalfHour(
        begins=begins,
        days=times,
        requests=calls / times,
        load=_load(calls / times, basis),
        seats=_seats(calls / times, basis),
        staffed=None if seconds is None else rounded(seconds, times * HALF_HOUR_SECONDS),
    )


def _load(requests: float, basis: Basis) -> float | None:
    if basis.handle_seconds is None:
        return None
    return requests * basis.handle_seconds / HALF_HOUR_SECONDS


def _seats(requests: float, basis: Basis) -> tuple[int, ...] | None:
    load = _load(requests, basis)
    if load is None or basis.handle_seconds is None:
        return None
    return tuple(
        seats_needed(load, level / 100, basis.threshold_seconds, basis.handle_seconds) for level in LEVELS
    )


def _half_hours_in(window: Window) -> tuple[datetime, int]:
    """Give the first whole half hour of a window, by local time, and how many follow, itself included."""
    local = window.since.astimezone(SHANGHAI)
    first = local.replace(minute=local.minute // 30 * 30, second=0, microsecond=0)
    if first < window.since:
        first += HALF_HOUR
    return first, max(0, (window.until - first) // HALF_HOUR)


def _worked(duty: Iterable[Period], first: datetime, window: Window) -> Counter[int]:
    """Give the seconds that seats were on duty per half hour, counted from the first."""
    begins, (_, ends) = floored(first), window.seconds
    worked: Counter[int] = Counter()
    for period in duty:
        at, until = max(period.since, begins), min(period.until, ends)
        while at < until:
            slot = (at - begins) // HALF_HOUR_SECONDS
            upto = min(until, begins + (slot + 1) * HALF_HOUR_SECONDS)
            worked[slot] += upto - at
            at = upto
    return worked
