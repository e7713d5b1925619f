"""时钟变更: stops, pauses, extends and sets clocks; every change keeps who wanted it and why."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.errors import HotlineError
from tickets.clocks import ChangeKind, Clock, DueChange, Pause
from tickets.limits import Limit, Measure, Office, Start, day_of, due_of


class ClockStopped(HotlineError):
    """这个时钟已经停了, 不能再改。"""


class AlreadyPaused(HotlineError):
    """这个时钟已经暂停:请先恢复。"""


class PauseNotAllowed(HotlineError):
    """这个理由不能暂停计时。"""


class NotPaused(HotlineError):
    """这个时钟没有暂停, 不用恢复。"""


class PastDue(HotlineError):
    """已经超过时限, 不能再申请延期或暂停。"""


class DueInThePast(HotlineError):
    """要求的时限早于现在:请给一个以后的时间。"""


class TooManyExtensions(HotlineError):
    """延期次数已经用完。"""


class ExtensionTooLong(HotlineError):
    """一次延期超过了允许的长度。"""


class NobodyApproved(HotlineError):
    """延期要由有权的人批准, 并写明理由。"""


class PromiseTooLate(HotlineError):
    """承诺只能比原来的时限早:要推后请申请延期。"""


class OutOfOrder(HotlineError):
    """时间倒着走了:这一步早于时钟的上一步。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRules:
    """延期规定: how often, how much at a time, and which roles may approve it."""

    most: int
    longest: Limit
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """延期: asked for at ``asked_at``, approved at ``at``; the approval may come after the due time."""

    by: Limit
    asked_at: datetime
    at: datetime
    approver: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWish:
    """A due time that somebody has named at ``at``: a leader who instructs, or a unit that promises."""

    due: datetime
    at: datetime
    by: str
    reason: str


def stopped(clock: Clock, at: datetime, office: Office) -> Clock:
    """停钟: done, or no longer wanted; a pause ends with it. Stopped twice stays as it was first."""
    if clock.stopped_at is not None:
        return clock
    _check_order(clock, at)
    return replace(resumed(clock, at, office) if clock.paused else clock, stopped_at=at)


def paused(clock: Clock, at: datetime, reason: str, allowed: tuple[str, ...]) -> Clock:
    """暂停: before it is due, for one of the reasons that are ``allowed``.

    Raises ClockStopped, AlreadyPaused, PauseNotAllowed or PastDue.
    """
    _check_running(clock, at)
    if reason not in allowed:
        raise PauseNotAllowed(reason=reason, allowed="、".join(allowed))
    _check_before_due(clock, at)
    return replace(clock, pauses=(*clock.pauses, Pause(since=at, until=None, reason=reason)))


def resumed(clock: Clock, at: datetime, office: Office) -> Clock:
    """恢复: both due times move by what passed meanwhile, in the clock's own measure. Raises NotPaused.

    Limits in days move by whole days: the day of the pause has counted, the day of the return has not.
    """
    if not clock.paused:
        raise NotPaused(clock=clock.kind)
    _check_order(clock, at)
    ended = replace(clock.pauses[-1], until=at)
    return replace(
        clock,
        due=_moved(clock.due, clock.limit, ended.since, at, office),
        first_due=_moved(clock.first_due, clock.limit, ended.since, at, office),
        pauses=(*clock.pauses[:-1], ended),
        calendar=office.calendar.version,
    )


def _moved(due: datetime, limit: Limit, since: datetime, until: datetime, office: Office) -> datetime:
    if due < since:
        return due
    first, last = day_of(since), day_of(until)
    if limit.measure is Measure.WORKING_DAYS:
        left = office.calendar.working_days_between(first, day_of(due))
        on_day = due if first == last else office.end_of(office.calendar.working_day(last, left))
        moved = _at_same_time(due, on_day)
        return moved if moved > until else _at_same_time(due, office.end_of(_next_day(last, office)))
    if limit.start is Start.IMMEDIATE:
        return due + (until - since)
    moved = due + timedelta(days=(last - first).days)
    return moved if moved > until else moved + timedelta(days=1)


def _next_day(day: date, office: Office) -> date:
    return office.calendar.working_day(day, 1)


def extended(clock: Clock, extension: Extension, rules: ExtensionRules, office: Office) -> Clock:
    """延期: longer by so much, counted from the present due time.

    Raises PastDue when it was asked for too late, TooManyExtensions, ExtensionTooLong, NobodyApproved.
    """
    _check_running(clock, extension.at)
    _check_before_due(clock, extension.asked_at)
    granted = sum(change.kind is ChangeKind.EXTENDED for change in clock.changes)
    if granted >= rules.most:
        raise TooManyExtensions(most=rules.most)
    if extension.by.nominal_minutes > rules.longest.nominal_minutes:
        raise ExtensionTooLong(asked=extension.by, longest=rules.longest)
    if (
        extension.role not in rules.approvers
        or not extension.approver.strip()
        or not extension.reason.strip()
    ):
        raise NobodyApproved(role=extension.role, allowed="、".join(rules.approvers))
    wish = DueWish(
        due=_longer(clock.due, extension.by, office),
        at=extension.at,
        by=extension.approver,
        reason=extension.reason,
    )
    return _changed(clock, ChangeKind.EXTENDED, wish, office)


def _longer(due: datetime, by: Limit, office: Office) -> datetime:
    if by.measure is Measure.MINUTES:
        return due + timedelta(minutes=by.amount)
    return _at_same_time(due, due_of(replace(by, start=Start.NEXT_DAY), due, office))


def _at_same_time(due: datetime, day: datetime) -> datetime:
    """Keep the time of day at which it was due."""
    return datetime.combine(day, due.timetz())


def instructed(clock: Clock, wish: DueWish, office: Office) -> Clock:
    """指示: due when a leader says so, be it earlier or later. Raises DueInThePast or CalendarEnds."""
    return _changed(clock, ChangeKind.INSTRUCTED, wish, office)


def promised(clock: Clock, wish: DueWish, office: Office) -> Clock:
    """承诺: due when it was promised, which is never later. Raises DueInThePast or PromiseTooLate."""
    if wish.due > clock.due:
        raise PromiseTooLate(due=clock.due.isoformat(timespec="minutes"))
    return _changed(clock, ChangeKind.PROMISED, wish, office)


def _changed(clock: Clock, kind: ChangeKind, wish: DueWish, office: Office) -> Clock:
    _check_running(clock, wish.at)
    if wish.due <= wish.at:
        raise DueInThePast(asked=wish.due.isoformat(timespec="minutes"))
    if clock.limit.measure is Measure.WORKING_DAYS:
        # Past the end of the calendar nobody could say how much of it is used up.
        office.calendar.is_working_day(day_of(wish.due))
    change = DueChange(kind=kind, at=wish.at, was=clock.due, now=wish.due, by=wish.by, reason=wish.reason)
    return replace(
        clock,
        due=wish.due,
        edition=clock.edition + 1,
        changes=(*clock.changes, change),
        calendar=office.calendar.version,
    )


def _check_running(clock: Clock, at: datetime) -> None:
    if clock.stopped_at is not None:
        raise ClockStopped(clock=clock.kind)
    if clock.paused:
        raise AlreadyPaused(clock=clock.kind)
    _check_order(clock, at)


def _check_before_due(clock: Clock, at: datetime) -> None:
    if at > clock.due:
        raise PastDue(clock=clock.kind, due=clock.due.isoformat(timespec="minutes"))


def _check_order(clock: Clock, at: datetime) -> None:
    if at < clock.last_touched:
        raise OutOfOrder(clock=clock.kind, at=at.isoformat(), last=clock.last_touched.isoformat())
