"""时限: how long something may take, in minutes, natural days or working days, and from when it counts."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.calendar import WorkingCalendar
from core.clock import SHANGHAI
from core.errors import HotlineError

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
MOST_DAYS = 366
_WRITTEN = re.compile(r"([0-9]{1,6})\s*个?\s*(分钟|小时|自然日|工作日|天|日)")


class LimitUnclear(HotlineError):
    """时限要写成“30分钟”“24小时”“7个工作日”或“10个自然日”, 从 1 开始, 不超过一年。"""


class MinutesStartAtOnce(HotlineError):
    """以分钟或小时计的时限只能即时起算:请把起算方式改成“即时”。"""


class Measure(StrEnum):
    """计时单位."""

    MINUTES = "分钟"
    NATURAL_DAYS = "自然日"
    WORKING_DAYS = "工作日"


class Start(StrEnum):
    """起算: from the next day (the day of receipt is not counted), or at once (it is the first day)."""

    NEXT_DAY = "次日"
    IMMEDIATE = "即时"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many of a measure; written as people write it, ``7个工作日``."""

    amount: int
    measure: Measure
    start: Start

    def __str__(self) -> str:
        """Write it as :func:`limit_of` reads it."""
        if self.measure is not Measure.MINUTES:
            return f"{self.amount}个{self.measure}"
        hours, odd = divmod(self.amount, MINUTES_PER_HOUR)
        return f"{self.amount}分钟" if odd else f"{hours}小时"

    @property
    def nominal_minutes(self) -> int:
        """Its length were every day a working day: for comparing limits, not for due dates."""
        return self.amount if self.measure is Measure.MINUTES else self.amount * MINUTES_PER_DAY


def limit_of(written: str, start: Start | None = None) -> Limit:
    """Read ``30分钟``, ``24小时``, ``10个自然日`` or ``7个工作日``.

    Days count from the next day and minutes at once unless ``start`` says otherwise. Raises LimitUnclear,
    also for a bare ``7天``, which may mean either kind of day, and MinutesStartAtOnce.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if not found or found[2] in ("天", "日"):
        raise LimitUnclear(written=written)
    in_hours = found[2] == "小时"
    measure = Measure.MINUTES if in_hours else Measure(found[2])
    amount = int(found[1]) * (MINUTES_PER_HOUR if in_hours else 1)
    usual = Start.IMMEDIATE if measure is Measure.MINUTES else Start.NEXT_DAY
    limit = Limit(amount=amount, measure=measure, start=start or usual)
    if not 1 <= limit.nominal_minutes <= MOST_DAYS * MINUTES_PER_DAY:
        raise LimitUnclear(written=written)
    if measure is Measure.MINUTES and limit.start is Start.NEXT_DAY:
        raise MinutesStartAtOnce(written=written)
    return limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """办公时间: the days and hours that are worked; what is due on a day is due when its work ends."""

    calendar: WorkingCalendar
    begins: time
    ends: time

    def end_of(self, day: date) -> datetime:
        """Give the instant at which work ends on this day."""
        return datetime.combine(day, self.ends, SHANGHAI)

    def still_open(self, at: datetime) -> bool:
        """Tell whether at least some work of this very day lies ahead; raises CalendarEnds."""
        day = day_of(at)
        return self.calendar.is_working_day(day) and at < self.end_of(day)

    def begin_of(self, day: date) -> datetime:
        """Give the instant at which work begins on this day."""
        return datetime.combine(day, self.begins, SHANGHAI)


def day_of(at: datetime) -> date:
    """Give the day in Shanghai, whatever the zone of the instant."""
    return at.astimezone(SHANGHAI).date()


def due_of(limit: Limit, at: datetime, office: Office) -> datetime:
    """到期: when something received at ``at`` is due. Minutes and natural days skip nothing.

    Raises CalendarEnds when working days are counted past the tables.
    """
    day = day_of(at)
    at_once = limit.start is Start.IMMEDIATE
    match limit.measure:
        case Measure.MINUTES:
            return at.astimezone(SHANGHAI) + timedelta(minutes=limit.amount)
        case Measure.NATURAL_DAYS:
            whole_days = timedelta(days=limit.amount)
            return at.astimezone(SHANGHAI) + whole_days if at_once else office.end_of(day + whole_days)
        case Measure.WORKING_DAYS:
            today_counts = at_once and office.still_open(at)
            following = limit.amount - (1 if today_counts else 0)
            return office.end_of(office.calendar.working_day(day, following))
