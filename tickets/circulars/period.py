"""通报期: which days a circular is about; weeks begin on Monday, 旬 on the 1st, 11th and 21st."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from core.clock import SHANGHAI

DAY = timedelta(days=1)
TEN_DAYS = "上中下"
QUARTERS = "一二三四"


class Kind(StrEnum):
    """哪一种通报; the names of the members, in small letters, are those of the command line."""

    WEEKLY = "周报"
    TENDAY = "旬报"
    MONTHLY = "月报"
    QUARTERLY = "季度排名"
    YEARLY = "年度通报"
    TOPIC = "专题分析"
    SPECIAL = "专报"

    @property
    def word(self) -> str:
        """Give the word of the command line."""
        return self.name.lower()


@cache
def _midnight(day: date) -> datetime:
    """Asked of every work order, for each figure of a circular."""
    return datetime.combine(day, time(), SHANGHAI)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """一期, half-open: ``[first, after)``. ``number`` counts within ``year``."""

    first: date
    after: date
    year: int
    number: int
    name: str

    @property
    def since(self) -> datetime:
        """Give its first instant."""
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """Give the instant at which it is over."""
        return _midnight(self.after)

    @property
    def last(self) -> date:
        """Give its last day."""
        return self.after - DAY

    def holds(self, at: datetime | None) -> bool:
        """Tell whether an instant lies inside; nothing does not."""
        return at is not None and self.since <= at < self.until


def period_of(kind: Kind, day: date) -> Period:
    """Give the period in which a day lies: a topic is looked at by the month, a special by the week."""
    match kind:
        case Kind.WEEKLY | Kind.SPECIAL:
            return _week(day)
        case Kind.TENDAY:
            return _ten_days(day)
        case Kind.MONTHLY | Kind.TOPIC:
            return _months(day, 1, f"{day.year}年{day.month}月")
        case Kind.QUARTERLY:
            return _months(day, 3, f"{day.year}年第{QUARTERS[(day.month - 1) // 3]}季度")
        case Kind.YEARLY:
            return _months(day, 12, f"{day.year}年")


def period_before(kind: Kind, period: Period) -> Period:
    """上期."""
    return period_of(kind, period.first - DAY)


def ended_before(day: date, kinds: Iterable[Kind]) -> tuple[tuple[Kind, Period], ...]:
    """Give which of these periods ended the day before: what is to be issued on this day."""
    ended = [(kind, period_of(kind, day - DAY)) for kind in kinds]
    return tuple((kind, period) for kind, period in ended if period.after == day)


def _week(day: date) -> Period:
    monday = day - day.weekday() * DAY
    year, week, _ = day.isocalendar()
    return Period(first=monday, after=monday + 7 * DAY, year=year, number=week, name=f"{year}年第{week}周")


def _ten_days(day: date) -> Period:
    third = min((day.day - 1) // 10, 2)
    first = day.replace(day=third * 10 + 1)
    after = first + 10 * DAY if third < 2 else _first_of_next(day)
    return Period(
        first=first,
        after=after,
        year=day.year,
        number=(day.month - 1) * 3 + third + 1,
        name=f"{day.year}年{day.month}月{TEN_DAYS[third]}旬",
    )


def _months(day: date, length: int, name: str) -> Period:
    number = (day.month - 1) // length
    first = date(day.year, number * length + 1, 1)
    last = date(day.year, number * length + length, 1)
    return Period(first=first, after=_first_of_next(last), year=day.year, number=number + 1, name=name)


def _first_of_next(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1)
