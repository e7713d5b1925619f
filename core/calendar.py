"""工作日历: which days are worked in China, holidays moved about and make-up days included; never a guess.

The State Council says each November how the next year's holidays lie. Until it has, nobody knows, so
every answer about a day outside the tables is refused (:class:`CalendarEnds`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from importlib.metadata import version

from chinese_calendar.constants import Holiday, holidays, workdays

from core.errors import HotlineError

DAY = timedelta(days=1)
SATURDAY = 5


class CalendarEnds(HotlineError):
    """工作日历里没有这一天, 时限算不出来:请把国务院公布的放假调休安排写进配置档的 calendar.toml。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCalendar:
    """The days from ``first`` to ``last``; ``version`` names the tables, so that a due date can be redone.

    ``rest`` and ``work`` hold the days that differ from the week, each with the reason: 春节, 国庆节.
    """

    rest: Mapping[date, str]
    work: Mapping[date, str]
    first: date
    last: date
    version: str

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on this day; raises CalendarEnds."""
        if not self.first <= day <= self.last:
            raise CalendarEnds(asked=day, first=self.first, last=self.last)
        return day in self.work or (day.weekday() < SATURDAY and day not in self.rest)

    def why(self, day: date) -> str:
        """Say in Chinese what kind of day it is; raises CalendarEnds."""
        working = self.is_working_day(day)
        if day in self.work:
            return f"调休上班({self.work[day]})"
        if working:
            return "工作日"
        return f"放假({self.rest[day]})" if day in self.rest else "周末"

    def working_days_after(self, day: date) -> Iterator[date]:
        """Give the working days that follow, nearest first, until CalendarEnds."""
        while True:
            day += DAY
            if self.is_working_day(day):
                yield day

    def working_day(self, day: date, number: int) -> date:
        """Give the ``number``-th working day after ``day``, the next day being counted first.

        ``number`` 0 gives the day itself, or the next working day when it is none. Raises CalendarEnds.
        """
        if number == 0 and self.is_working_day(day):
            return day
        following = self.working_days_after(day)
        for _ in range(number - 1):
            next(following)
        return next(following)

    def working_days_between(self, day: date, until: date) -> int:
        """Count the working days after ``day`` up to and with ``until``; raises CalendarEnds."""
        return sum(self.is_working_day(day + DAY * step) for step in range(1, (until - day).days + 1))

    def ends_before(self, today: date, working_days: int) -> bool:
        """Tell whether a limit of so many working days, set today, would reach past the tables."""
        try:
            self.working_day(today, working_days)
        except CalendarEnds:
            return True
        return False

    def with_days(self, rest: Mapping[date, str], work: Mapping[date, str], last: date) -> "WorkingCalendar":
        """Add what a hotline itself wrote down; its days win, and the version tells that they are there."""
        written = sorted((str(day), kind) for kind, days in (("休", rest), ("班", work)) for day in days)
        if not written and last <= self.last:
            return self
        mark = sha256(repr((written, max(last, self.last))).encode()).hexdigest()[:8]
        return replace(
            self,
            rest={day: name for day, name in self.rest.items() if day not in work} | dict(rest),
            work={day: name for day, name in self.work.items() if day not in rest} | dict(work),
            last=max(last, self.last),
            version=f"{self.version}+{mark}",
        )


def national_calendar() -> WorkingCalendar:
    """国务院公布的安排: as far as the installed tables go."""
    years = {day.year for day in holidays}
    return WorkingCalendar(
        rest={day: Holiday(name).chinese for day, name in holidays.items()},
        work={day: Holiday(name).chinese for day, name in workdays.items()},
        first=date(min(years), 1, 1),
        last=date(max(years), 12, 31),
        version=f"chinesecalendar-{version('chinesecalendar')}",
    )
