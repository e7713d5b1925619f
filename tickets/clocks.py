"""时钟: what runs towards a due time; at most one of each kind runs for one work order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import HotlineError
from tickets.deadlines import ClockKind, LimitRule
from tickets.limits import Limit, Office, due_of


class ClockRunsAlready(HotlineError):
    """同一种时钟已经在走:请先停下原来的, 再开新的。"""


class NoSuchClock(HotlineError):
    """这张工单没有正在走的这种时钟。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """暂停: from, to, and why; for mediation, or an expert's report."""

    since: datetime
    until: datetime | None
    reason: str


class ChangeKind(StrEnum):
    """为什么变: the only three reasons for which a due time is moved."""

    EXTENDED = "延期"
    INSTRUCTED = "指示"
    PROMISED = "承诺"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChange:
    """时限变更: the old due time and the new, who decided it and why."""

    kind: ChangeKind
    at: datetime
    was: datetime
    now: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock of one work order. ``round`` counts redos; ``first_due`` leaves decisions out, not pauses.

    ``edition`` goes up whenever a decision moves the due time: warnings belong to an edition.
    """

    kind: ClockKind
    rule: str
    limit: Limit
    started_at: datetime
    first_due: datetime
    due: datetime
    calendar: str
    round: int = 0
    edition: int = 0
    pauses: tuple[Pause, ...] = ()
    changes: tuple[DueChange, ...] = ()
    stopped_at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Tell whether it stands still."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def last_touched(self) -> datetime:
        """Give the latest instant of its history."""
        pauses = [at for pause in self.pauses for at in (pause.since, pause.until) if at]
        stops = [self.stopped_at] if self.stopped_at else []
        return max([self.started_at, *pauses, *stops, *(change.at for change in self.changes)])

    def overdue(self, now: datetime) -> bool:
        """超期: ran past its due time, or stopped after it; a clock that is paused is not overdue."""
        return not self.paused and (self.stopped_at or now) > self.due

    def overdue_at_first(self, now: datetime) -> bool:
        """Tell whether it would be overdue had nobody extended it: 按时办结率 is shown both ways."""
        return (self.stopped_at or now) > self.first_due


def started(kind: ClockKind, rule: LimitRule, at: datetime, office: Office, redo: int = 0) -> Clock:
    """开钟. Raises CalendarEnds."""
    due = due_of(rule.limit, at, office)
    return Clock(
        kind=kind,
        rule=rule.name,
        limit=rule.limit,
        started_at=at,
        first_due=due,
        due=due,
        calendar=office.calendar.version,
        round=redo,
    )


def running(clocks: Sequence[Clock], kind: ClockKind) -> Clock | None:
    """Give the clock of this kind that has not stopped; None when there is none."""
    return next((clock for clock in clocks if clock.kind is kind and clock.stopped_at is None), None)


def with_started(clocks: Sequence[Clock], fresh: Clock) -> tuple[Clock, ...]:
    """Add a clock; raises ClockRunsAlready, for there is at most one open clock of each kind."""
    if running(clocks, fresh.kind):
        raise ClockRunsAlready(clock=fresh.kind)
    return (*clocks, fresh)


def with_changed(clocks: Sequence[Clock], changed: Clock) -> tuple[Clock, ...]:
    """Put a changed clock in the place of the running one of its kind; raises NoSuchClock."""
    old = running(clocks, changed.kind)
    if old is None:
        raise NoSuchClock(clock=changed.kind)
    return tuple(changed if clock is old else clock for clock in clocks)
