"""质检表存储: sheets are only ever added; the last one about a seat's part in a call is the one that counts.

They lie beside the calls, not beside the work orders: a sheet is about what a seat did in a call, and the
figures read it by the day on which that call arrived.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import reduce
from operator import add

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    exists,
    func,
    insert,
    select,
)

from core.database import Instant, metadata
from core.ids import SeatNo
from queue_manager.journal_store import calls, segments
from queue_manager.model import SHORTEST_TALK_SECONDS
from queue_manager.quality import ASPECTS, Marks, QualitySheet, Talk

sheets = Table(
    "quality_sheets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("seat", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    *(Column(aspect, Integer, nullable=False) for aspect in ASPECTS),
    Column("remark", Text, nullable=False),
    Index("ix_quality_sheets_call_id", "call_id", "seat"),
)
_TOLD = ("call_id", "seat", "at", "by", "remark")
_TOTAL = reduce(add, (sheets.c[aspect] for aspect in ASPECTS))
_LATER = sheets.alias("later")
_REPLACED = exists().where(
    _LATER.c.call_id == sheets.c.call_id, _LATER.c.seat == sheets.c.seat, _LATER.c.id > sheets.c.id
)
_HAS_SHEET = exists().where(sheets.c.call_id == segments.c.call_id, sheets.c.seat == segments.c.seat)
_WHOLE_TALK = and_(
    segments.c.answered_at.is_not(None),
    segments.c.ended_at.is_not(None),
    segments.c.talk_seconds >= SHORTEST_TALK_SECONDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which sheets: of calls that arrived in ``[since, until)``, of one seat; None: of all."""

    since: datetime | None = None
    until: datetime | None = None
    seat: SeatNo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A sheet with the arrival of its call; ``counts`` is False once a later one stands in its place."""

    sheet: QualitySheet
    arrived_at: datetime | None
    counts: bool


def add_sheet(connection: Connection, sheet: QualitySheet) -> None:
    """Write a sheet behind those that there are."""
    row = {name: getattr(sheet, name) for name in _TOLD}
    connection.execute(insert(sheets), {**row, **asdict(sheet.marks)})


def sheets_listed(connection: Connection, wanted: Wanted, most: int) -> list[Listed]:
    """Give the last so many sheets, replaced ones too, the first written first."""
    asked = (
        select(sheets, calls.c.arrived_at, _REPLACED.label("replaced"))
        .join(calls, calls.c.call_id == sheets.c.call_id)
        .where(*_wanted(wanted))
        .order_by(sheets.c.id.desc())
        .limit(most)
    )
    return [_listed(row) for row in reversed(connection.execute(asked).mappings().all())]


def totals_between(
    connection: Connection, since: datetime, until: datetime
) -> Sequence[tuple[str, SeatNo, int]]:
    """Give caller, seat and the sum of five marks of each sheet that counts, of calls that arrived then."""
    asked = (
        select(calls.c.caller, sheets.c.seat, _TOTAL)
        .join(calls, calls.c.call_id == sheets.c.call_id)
        .where(calls.c.arrived_at >= since, calls.c.arrived_at < until, ~_REPLACED)
    )
    return [(caller, seat, marks) for caller, seat, marks in connection.execute(asked)]


def unmarked_talks(connection: Connection, since: datetime, until: datetime) -> list[tuple[str, Talk]]:
    """Give caller and talk of what has no sheet yet, of calls that arrived then and have ended."""
    talked = func.sum(segments.c.talk_seconds)
    asked = (
        select(calls.c.caller, segments.c.seat, calls.c.call_id, calls.c.arrived_at, talked.label("seconds"))
        .join(segments, segments.c.call_id == calls.c.call_id)
        .where(calls.c.arrived_at >= since, calls.c.arrived_at < until, calls.c.gone_at.is_not(None))
        .where(_WHOLE_TALK, segments.c.seat.is_not(None), ~_HAS_SHEET)
        .group_by(calls.c.caller, segments.c.seat, calls.c.call_id, calls.c.arrived_at)
    )
    return [
        (caller, Talk(seat=seat, call_id=call_id, arrived_at=arrived_at, talk_seconds=seconds))
        for caller, seat, call_id, arrived_at, seconds in connection.execute(asked)
    ]


def _wanted(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        asked.append(calls.c.arrived_at >= wanted.since)
    if wanted.until is not None:
        asked.append(calls.c.arrived_at < wanted.until)
    if wanted.seat is not None:
        asked.append(sheets.c.seat == wanted.seat)
    return asked


def _listed(row: RowMapping) -> Listed:
    marks = Marks(**{aspect: row[aspect] for aspect in ASPECTS})
    sheet = QualitySheet(marks=marks, **{name: row[name] for name in _TOLD})
    return Listed(sheet=sheet, arrived_at=row["arrived_at"], counts=not row["replaced"])
