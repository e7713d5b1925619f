"""学习培训: who studied the hotline's work or was trained, when, about what; and who still owes a study."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.calendar import SATURDAY, CalendarEnds, WorkingCalendar
from tickets.circulars.period import Period
from tickets.study_policy import StudyPolicy
from tickets.units import Unit, UnitId, UnitTree

DAY = timedelta(days=1)
CENTRE = UnitId("")
"""Under this the hotline's centre keeps what it held itself."""


class StudyKind(StrEnum):
    """种类. Only a study by a unit's leaders is what the rule asks for; a training does not count."""

    STUDY = "研究"
    TRAINING = "培训"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """撤销: an entry that was wrong stays on record and no longer counts."""

    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """一次学习培训, held by a unit or by the centre; ``number`` is 0 until it is entered."""

    number: int = 0
    unit: UnitId
    kind: StudyKind
    day: date
    topic: str
    chair: str
    people: int
    remark: str
    entered_by: str
    entered_at: datetime
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owing:
    """欠学习: a unit that has not studied often enough in a period, and when it was reminded."""

    unit: Unit
    held: int
    reminded_at: datetime | None


def owing(
    tree: UnitTree,
    policy: StudyPolicy,
    held: Mapping[UnitId, int],
    reminded: Mapping[UnitId, datetime],
) -> Iterator[Owing]:
    """Give the units to which the rule applies and that have not studied often enough, by number."""
    for unit in sorted(tree, key=lambda unit: unit.unit_id):
        if not unit.active or unit.unit_class not in policy.unit_classes:
            continue
        if policy.deepest and tree.level(unit) > policy.deepest:
            continue
        times = held.get(unit.unit_id, 0)
        if times < policy.times:
            yield Owing(unit=unit, held=times, reminded_at=reminded.get(unit.unit_id))


def remind_on(period: Period, policy: StudyPolicy, calendar: WorkingCalendar) -> date:
    """Give the day from which one reminds: so many days before the end, or the last working day before."""
    day = period.last - policy.remind_days * DAY
    while day > period.first and not is_worked(day, calendar):
        day -= DAY
    return day


def is_worked(day: date, calendar: WorkingCalendar) -> bool:
    """Tell whether offices work on this day; where the calendar has ended, by the week alone."""
    try:
        return calendar.is_working_day(day)
    except CalendarEnds:
        # A reminder on a holiday does less harm than none.
        return day.weekday() < SATURDAY
