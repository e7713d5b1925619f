"""时限预警: which warnings have become due between two looks at a clock; each is told exactly once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tickets.clocks import Clock
from tickets.deadlines import ClockKind
from tickets.limits import Measure, Office, Start, day_of

AT_DUE = 100
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWarning:
    """预警: so many percent of the time are used up at ``at``; 100 is the due time itself.

    Everything but ``at`` is its name: kept in a row with a unique key, it is told once, however often one
    looks. An edition that a decision has made is warned of anew.
    """

    kind: ClockKind
    round: int
    edition: int
    percent: int
    at: datetime


Told = tuple[ClockKind, int, int, int]


def name_of(warning: DueWarning) -> Told:
    """Give what a warning is known by."""
    return warning.kind, warning.round, warning.edition, warning.percent


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningRules:
    """At which percents of the time used up one warns, by which office hours."""

    percents: Sequence[int]
    office: Office

    def between(
        self, clock: Clock, since: datetime, until: datetime, told: Collection[Told]
    ) -> tuple[DueWarning, ...]:
        """Give the warnings of ``since`` < at ≤ ``until`` that nobody was told of yet, in order.

        A clock that stands still or has stopped warns of nothing that would come after. Look from the
        clock's start, whenever the last look was: ``told`` sees to it that nothing is said twice, and
        nothing is lost that a restart or a pause hid. A later ``since`` is for work orders brought in from
        elsewhere, whose old warnings nobody wants.
        """
        return tuple(
            warning
            for warning in self._points(clock)
            if since < warning.at <= until and name_of(warning) not in told
        )

    def next_at(self, clock: Clock, told: Collection[Told]) -> datetime | None:
        """Give when to look again: the first warning nobody was told of; None when there is none."""
        coming = [warning.at for warning in self._points(clock) if name_of(warning) not in told]
        return min(coming, default=None)

    def _points(self, clock: Clock) -> Iterator[DueWarning]:
        begins = clock.changes[-1].at if clock.changes else clock.started_at
        standing = clock.pauses[-1].since if clock.paused else None
        ends = clock.stopped_at or standing
        for percent in sorted(self.percents):
            at = point_of(clock, percent, self.office)
            if at > begins and (ends is None or at < ends):
                yield DueWarning(
                    kind=clock.kind, round=clock.round, edition=clock.edition, percent=percent, at=at
                )


def point_of(clock: Clock, percent: int, office: Office) -> datetime:
    """Give when so many percent (1 to 100) of a clock's time are used up; pauses use up nothing.

    Days count as days: half of five working days is the middle of the third, holidays or not.
    """
    if percent >= AT_DUE:
        return clock.due
    if clock.paused:
        # How long it will stand still nobody knows: what lies before is as it was.
        return point_of(replace(clock, pauses=clock.pauses[:-1]), percent, office)
    days = _days_of(clock, office)
    if not days:
        return _share_of_time(clock, percent)
    used = len(days) * percent
    whole_days = (used - 1) // AT_DUE
    last = days[whole_days]
    end = min(office.end_of(last), clock.due)
    begin = min(max(office.begin_of(last), clock.started_at), end)
    return begin + (end - begin) * (used - whole_days * AT_DUE) / AT_DUE


def _days_of(clock: Clock, office: Office) -> list[date]:
    """Give the days that this clock counts; none for one that counts minutes."""
    limit = clock.limit
    at_once = limit.start is Start.IMMEDIATE
    if limit.measure is Measure.MINUTES or (limit.measure is Measure.NATURAL_DAYS and at_once):
        return []
    first = day_of(clock.started_at)
    begin = first if at_once and office.still_open(clock.started_at) else first + ONE_DAY
    until = day_of(clock.due)
    days = [begin + ONE_DAY * step for step in range((until - begin).days + 1)]
    return [day for day in days if _counts(clock, day, office)]


def _counts(clock: Clock, day: date, office: Office) -> bool:
    paused = any(day_of(since) < day <= day_of(until) for since, until in _pauses(clock))
    working = clock.limit.measure is not Measure.WORKING_DAYS or office.calendar.is_working_day(day)
    return working and not paused


def _share_of_time(clock: Clock, percent: int) -> datetime:
    """Walk along the time between the pauses until the share is used up."""
    stretches = _stretches(clock)
    left = sum((end - begin for begin, end in stretches), timedelta()) * percent / AT_DUE
    for begin, end in stretches:
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return clock.due


def _stretches(clock: Clock) -> list[tuple[datetime, datetime]]:
    found = []
    begin = clock.started_at
    for since, until in _pauses(clock):
        found.append((begin, since))
        begin = until
    return [*found, (begin, max(begin, clock.due))]


def _pauses(clock: Clock) -> list[tuple[datetime, datetime]]:
    return [(pause.since, pause.until) for pause in clock.pauses if pause.until]
