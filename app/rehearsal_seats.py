"""签入对照: when every seat was logged in, by the engine's own history and by what really happened.

A seat dials a code, and a moment later its telephone is in the queues: its history must name an instant
between the two. What was done while nobody listened is known by the end of that gap at the latest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.rehearsal_tolerance import TOLERANCE
from core.clock import from_epoch
from core.ids import SeatNo
from queue_manager.figures.facts import Period
from queue_manager.model import GapRow
from simulator.day.truth import TrueDuty


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Why a log-in or log-off may be known later: the gaps in order, and who wraps up logs off after that.

    Whoever never logs off is there until ``ends``.
    """

    gaps: Collection[GapRow]
    wrap_up: timedelta
    ends: datetime


def duties_that_differ(
    known: Iterable[Period], true: Iterable[list[TrueDuty]], allowed: Allowed
) -> Iterator[str]:
    """Yield, in Chinese, every log-in and log-off that was not so."""
    told: defaultdict[SeatNo, list[Period]] = defaultdict(list)
    for period in known:
        told[period.seat].append(period)
    happened = {SeatNo(duties[0].seat): duties for duties in true}
    for seat in sorted({*told, *happened}):
        periods, duties = told[seat], happened.get(seat, [])
        if len(periods) != len(duties):
            yield f"座席 {seat} 记为签入 {len(periods)} 次, 实为 {len(duties)} 次"
        for period, duty in zip(periods, duties, strict=False):
            yield from _wrong(period, duty, allowed)


def _wrong(period: Period, duty: TrueDuty, allowed: Allowed) -> Iterator[str]:
    since, until = from_epoch(period.since), from_epoch(period.until)
    latest = _known_by(duty.dialled_in, duty.logged_in, allowed.gaps)
    if not duty.dialled_in - TOLERANCE <= since <= latest + TOLERANCE:
        yield f"座席 {duty.seat} 记为 {since:%H:%M:%S} 签入, 实为 {duty.logged_in:%H:%M:%S}"
    if duty.dialled_off is None or duty.logged_off is None:
        if until != allowed.ends:
            yield f"座席 {duty.seat} 记为 {until:%H:%M:%S} 签出, 实际没有"
        return
    latest = _known_by(duty.dialled_off, duty.logged_off, allowed.gaps)
    if duty.talked_until is not None:
        talked = _known_by(duty.talked_until, duty.talked_until, allowed.gaps)
        latest = max(latest, talked + allowed.wrap_up)
    if not duty.dialled_off - TOLERANCE <= until <= latest + TOLERANCE:
        yield f"座席 {duty.seat} 记为 {until:%H:%M:%S} 签出, 实为 {duty.logged_off:%H:%M:%S}"


def _known_by(dialled: datetime, done: datetime, gaps: Iterable[GapRow]) -> datetime:
    """Give by when it must be known."""
    for gap in gaps:
        if gap.began_at <= done and dialled <= gap.ended_at:
            done = max(done, gap.ended_at)
    return done
