"""日历配置: calendar.toml of a profile: the next year, and days that a city alone works or rests."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from core.calendar import DAY, SATURDAY, WorkingCalendar
from tickets.profile import NO_MORE_KEYS, Place, PolicyFile

CALENDAR = "calendar.toml"
ALWAYS_REST = ((1, 1), (5, 1), (10, 1))
"""No year is without them; a table that lacks one was not copied whole."""
LONGEST_HOLIDAY = 31
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*至\s*(\d{4}-\d{2}-\d{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Holiday:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    name: str
    rest: tuple[str, ...] = ()
    work: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    year: int
    source: str
    holiday: tuple[_Holiday, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    year: tuple[_Year, ...] = ()
    local: tuple[_Holiday, ...] = ()


def read_calendar(folder: Path, national: WorkingCalendar) -> WorkingCalendar:
    """Add what calendar.toml of a profile says to the national tables; raises PolicyWrong."""
    file = PolicyFile.of(folder / CALENDAR)
    written = file.read(_Written)
    calendar = national
    for number, year in enumerate(written.year):
        calendar = _with_year(file, ("year", number, "year"), year, calendar)
    for number, holiday in enumerate(written.local):
        place: Place = ("local", number, "name")
        rest, work = _days(file, place, holiday)
        for day in (*rest, *work):
            if not calendar.first <= day <= calendar.last:
                raise file.wrong(place, f"日历到 {calendar.last} 为止, {day} 还写不了")
        calendar = calendar.with_days(rest, work, calendar.last)
    return calendar


def _with_year(file: PolicyFile, place: Place, year: _Year, known: WorkingCalendar) -> WorkingCalendar:
    if year.year > known.last.year + 1:
        raise file.wrong(place, f"日历到 {known.last} 为止, 请接着写 {known.last.year + 1} 年")
    rest: dict[date, str] = {}
    work: dict[date, str] = {}
    for holiday in year.holiday:
        more_rest, more_work = _days(file, place, holiday)
        rest |= more_rest
        work |= more_work
    _check_year(file, place, year.year, (*rest, *work))
    for month, number in ALWAYS_REST:
        if date(year.year, month, number) not in rest:
            raise file.wrong(place, f"{year.year} 年的安排没有写全:{month}月{number}日应当放假")
    if year.year > known.last.year:
        return known.with_days(rest, work, date(year.year, 12, 31))
    # The program has learnt of this year meanwhile: it must have learnt the same.
    for day in _every_day(date(year.year, 1, 1), date(year.year, 12, 31)):
        resting = day in rest or (day.weekday() >= SATURDAY and day not in work)
        if resting == known.is_working_day(day):
            raise file.wrong(place, f"{day} 和程序自带的安排不同:请核对国务院的通知, 多半应删去这一年")
    return known


def _check_year(file: PolicyFile, place: Place, year: int, days: tuple[date, ...]) -> None:
    """A holiday may begin in the last days of the year before."""
    for day in days:
        if not date(year - 1, 12, 25) <= day <= date(year, 12, 31):
            raise file.wrong(place, f"{day} 不在 {year} 年")


def _days(file: PolicyFile, place: Place, holiday: _Holiday) -> tuple[dict[date, str], dict[date, str]]:
    rest = [day for written in holiday.rest for day in _written_days(file, place, written)]
    work = [day for written in holiday.work for day in _written_days(file, place, written)]
    for day in work:
        if day in rest:
            raise file.wrong(place, f"{holiday.name}的 {day} 又放假又上班")
        if day.weekday() < SATURDAY:
            raise file.wrong(place, f"{holiday.name}的 {day} 不是周末, 本来就上班")
    return dict.fromkeys(rest, holiday.name), dict.fromkeys(work, holiday.name)


def _written_days(file: PolicyFile, place: Place, written: str) -> list[date]:
    found = _WRITTEN.fullmatch(written.strip())
    try:
        first = date.fromisoformat(found[1] if found else "")
        last = date.fromisoformat(found[2]) if found and found[2] else first
    except ValueError as error:
        raise file.wrong(place, f"“{written}”不行, 要写成“2027-02-20”或“2027-02-05 至 2027-02-11”") from error
    days = list(_every_day(first, last))
    if not 1 <= len(days) <= LONGEST_HOLIDAY:
        raise file.wrong(place, f"“{written}”的起止不对")
    return days


def _every_day(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + DAY * step
