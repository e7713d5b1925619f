"""滚动接通率: the connect rate of the 24 hours before any instant, and whether it can still be saved.

An event is an instant at which a citizen asked for a person, and whether he got one.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.clock import SHANGHAI
from queue_manager.figures.figure import Reading, Window, rate

DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY_MICROS = DAY // MICROSECOND
MINUTE = timedelta(minutes=1)
MINUTES = DAY // MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """人工请求: when it arrived and whether it was answered; ``open`` while that may still come true."""

    at: datetime
    answered: bool
    open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowest:
    """最低的一刻; ``at`` is None when nobody called."""

    reading: Reading
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """预警: how the next 24 hours go if every call from now on is answered.

    ``misses_from`` is when the rate is (or falls) below the target, ``recovers_at`` when it is back for
    good (24 hours from now at the latest), ``worst`` how low it gets; all None when the target is kept.
    """

    misses_from: datetime | None = None
    recovers_at: datetime | None = None
    worst: float | None = None
    expected: int = 0


def rolling_rate(requests: Sequence[Request], at: datetime) -> Reading:
    """Give the connect rate of ``[at − 24 h, at)``."""
    day = Window(since=at - DAY, until=at).in_utc
    inside = [one.answered for one in requests if day.holds(one.at)]
    return rate(sum(inside), len(inside))


def lowest(requests: Sequence[Request], window: Window) -> Lowest:
    """Give the lowest rolling rate at any instant in ``[since, until]``, and the first such instant."""
    events = sorted((_micros(one.at), one.answered) for one in requests)
    found: tuple[int, int, int] | None = None
    for at, answered, asked in _changes(events, window):
        if asked and (found is None or answered * found[2] < found[1] * asked):
            found = (at, answered, asked)
    if found is None:
        return Lowest(reading=rate(0, 0), at=None)
    return Lowest(reading=rate(found[1], found[2]), at=_instant(found[0]))


def expected_requests(last_week: Sequence[datetime], last_day: Sequence[datetime]) -> list[datetime]:
    """Say when the next 24 hours' requests will come: as in the same 24 hours of last week.

    Where that week saw less than half of the last 24 hours (the hotline was new, or down), as in these.
    """
    if 2 * len(last_week) < len(last_day):
        return [at + DAY for at in last_day]
    return [at + WEEK for at in last_week]


def outlook(past: Sequence[Request], expected: Sequence[datetime], now: datetime, target: int) -> Outlook:
    """Look ahead 24 hours with calls at the ``expected`` instants; they and those who wait are answered.

    Minute by minute: what is to come is known no better.
    """
    begins = now.astimezone(UTC)
    leaving, missing = _last_day_by_minute(past, begins)
    coming = Counter((at - begins) // MINUTE for at in expected)
    asked, missed = leaving.total(), missing.total()
    first = back = worst = None
    for minute in range(MINUTES + 1):
        if missed * 100 > (100 - target) * asked:
            first, back = minute if first is None else first, None
            if worst is None or missed * worst[1] > worst[0] * asked:
                worst = (missed, asked)
        elif first is not None and back is None:
            back = minute
        asked += coming[minute] - leaving[minute]
        missed -= missing[minute]
    return Outlook(
        misses_from=None if first is None else now + first * MINUTE,
        recovers_at=None if back is None else now + back * MINUTE,
        worst=None if worst is None else rate(worst[1] - worst[0], worst[1]).value,
        expected=sum(number for minute, number in coming.items() if 0 <= minute < MINUTES),
    )


def _last_day_by_minute(past: Sequence[Request], now: datetime) -> tuple[Counter[int], Counter[int]]:
    """Count the last 24 hours' requests, and those that were missed, by the minute in which they fall out."""
    leaving: Counter[int] = Counter()
    missing: Counter[int] = Counter()
    for one in past:
        minute = (one.at + DAY - now) // MINUTE
        if one.at < now and minute >= 0:
            leaving[minute] += 1
            missing[minute] += not (one.answered or one.open)
    return leaving, missing


def _changes(events: Sequence[tuple[int, bool]], window: Window) -> Iterator[tuple[int, int, int]]:
    """Yield ``(instant, answered, asked)`` of the 24 hours before: at first, then right after each change.

    Events are sorted; their instants are whole microseconds, because whole numbers compare fast.
    """
    at, until = _micros(window.since), _micros(window.until)
    entering = leaving = answered = asked = 0
    while at <= until:
        while entering < len(events) and events[entering][0] < at:
            answered += events[entering][1]
            asked += 1
            entering += 1
        while leaving < entering and events[leaving][0] < at - DAY_MICROS:
            answered -= events[leaving][1]
            asked -= 1
            leaving += 1
        yield at, answered, asked
        nexts = [events[entering][0] + 1] if entering < len(events) else []
        if leaving < len(events):
            nexts.append(events[leaving][0] + DAY_MICROS + 1)
        if not nexts:
            return
        at = min(nexts)


def _micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def _instant(micros: int) -> datetime:
    return (EPOCH + micros * MICROSECOND).astimezone(SHANGHAI)
