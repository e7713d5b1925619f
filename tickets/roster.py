"""值班: who is on duty when, where nobody is (脱岗), and what came of ringing the duty rooms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import HotlineError
from tickets.units import Person, Post, Unit, UnitId
from tickets.urgent_chain import Rung


class ShiftEndsBeforeItBegins(HotlineError):
    """班次的结束要晚于开始, 一班最长 72 小时。"""


class Duty(StrEnum):
    """值班身份."""

    WATCH = "值班员"
    LEADER = "带班领导"


LONGEST_SHIFT_HOURS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """班次: from, to, who; the end belongs to whoever comes next."""

    unit_id: UnitId
    begins: datetime
    ends: datetime
    name: str
    phone: str
    duty: Duty = Duty.WATCH

    def __post_init__(self) -> None:
        """Refuse a shift that cannot be; raises ShiftEndsBeforeItBegins."""
        hours = (self.ends - self.begins).total_seconds() / 3600
        if not 0 < hours <= LONGEST_SHIFT_HOURS:
            raise ShiftEndsBeforeItBegins(
                begins=self.begins.isoformat(timespec="minutes"), ends=self.ends.isoformat(timespec="minutes")
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """脱岗: nobody of this unit was on duty from ``begins`` to ``ends``."""

    unit_id: UnitId
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCheck:
    """查岗: the duty room was rung. Unanswered, it is a duty gap on record (脱岗)."""

    unit_id: UnitId
    at: datetime
    phone: str
    answered: bool
    by: str
    note: str = ""


def on_duty(shifts: Iterable[Shift], at: datetime, duty: Duty = Duty.WATCH) -> tuple[Shift, ...]:
    """Give the shifts that are on at this instant, the one that came last first."""
    now = [shift for shift in shifts if shift.duty is duty and shift.begins <= at < shift.ends]
    return tuple(sorted(now, key=lambda shift: shift.begins, reverse=True))


def gaps_of(unit_id: UnitId, shifts: Iterable[Shift], since: datetime, until: datetime) -> tuple[Gap, ...]:
    """Give the stretches of this window in which the unit has nobody on watch; its own shifts only count."""
    watched = sorted(
        (shift.begins, shift.ends)
        for shift in shifts
        if shift.unit_id == unit_id and shift.duty is Duty.WATCH and shift.ends > since
    )
    found: list[Gap] = []
    covered = since
    for begins, ends in watched:
        if begins >= until:
            break
        if begins > covered:
            found.append(Gap(unit_id=unit_id, begins=covered, ends=begins))
        covered = max(covered, ends)
    if covered < until:
        found.append(Gap(unit_id=unit_id, begins=covered, ends=until))
    return tuple(found)


def whom_to_ring(unit: Unit, shifts: Sequence[Shift], rung: Rung, at: datetime) -> Person | None:
    """升级时找谁: at this rung of the ladder; None when the unit has named nobody for it.

    The telephone is that of the first contact, the duty room that of whoever is on watch, else the room's
    own; the leader is the deputy in charge, else the head.
    """
    match rung:
        case Rung.PHONE:
            return next(iter((*unit.people_as(Post.CONTACT), *unit.people_as(Post.OFFICER))), None)
        case Rung.LEADER:
            return next(iter((*unit.people_as(Post.DEPUTY), *unit.people_as(Post.HEAD))), None)
        case Rung.DUTY:
            own = [shift for shift in on_duty(shifts, at) if shift.unit_id == unit.unit_id]
            if own:
                return Person(post=Post.OFFICER, name=own[0].name, phone=own[0].phone)
            room = Person(post=Post.OFFICER, name="值班室", phone=unit.duty_phone)
            return room if unit.duty_phone else None
