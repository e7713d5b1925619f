"""话单存储: the table ``calls``; ``queue_manager`` alone writes it."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    func,
    select,
)

from core.database import Instant, metadata, upsert
from core.events import EndReason
from core.ids import CallId, SeatNo
from queue_manager.model import CallRow, SeatRow

calls = Table(
    "calls",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("node", String(32), nullable=False, index=True),
    Column("caller", String(64), nullable=False),
    Column("dialled", String(64), nullable=False),
    Column("recording", Text, nullable=False),
    Column("arrived_at", Instant, index=True),
    Column("queue", String(32)),
    Column("position", Integer, nullable=False),
    Column("queued_at", Instant),
    Column("seat", String(32)),
    Column("offered_at", Instant),
    Column("offer_ended_at", Instant),
    Column("answered_at", Instant),
    Column("gone_at", Instant, index=True),
    Column("gone_certain", Boolean, nullable=False),
    Column("end_reason", String(32)),
    Column("waited_seconds", Float, nullable=False),
    Column("talk_seconds", Float, nullable=False),
)
seats = Table(
    "seats",
    metadata,
    Column("number", String(10), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("added_at", Instant, nullable=False),
)
_FIELDS = tuple(CallRow.__dataclass_fields__)


def seats_known(connection: Connection) -> list[SeatRow]:
    """Give every seat, by number."""
    rows = connection.execute(select(seats).order_by(seats.c.number)).mappings()
    return [SeatRow(**row) for row in rows]


def put_seat(connection: Connection, seat: SeatRow) -> None:
    """Write a seat, new or renamed."""
    upsert(connection, seats, asdict(seat))


def drop_seat(connection: Connection, number: SeatNo) -> bool:
    """Remove a seat; False when there was none of that number."""
    return connection.execute(delete(seats).where(seats.c.number == number)).rowcount > 0


def call_of(connection: Connection, call_id: CallId) -> CallRow | None:
    """Give the row of a call; None when it was never seen."""
    return calls_of(connection, {call_id}).get(call_id)


def calls_of(connection: Connection, call_ids: Collection[CallId]) -> dict[CallId, CallRow]:
    """Give the rows of those among these calls that were ever seen."""
    rows = connection.execute(select(calls).where(calls.c.call_id.in_(call_ids))).mappings()
    return {row["call_id"]: _row(row) for row in rows}


def open_calls(connection: Connection, node: str) -> list[CallRow]:
    """Give every call of a node that has not ended, oldest first."""
    rows = connection.execute(
        select(calls).where(calls.c.node == node, calls.c.gone_at.is_(None)).order_by(calls.c.arrived_at)
    ).mappings()
    return [_row(row) for row in rows]


def latest_calls(connection: Connection, number: int) -> list[CallRow]:
    """Give the last calls, newest first."""
    rows = connection.execute(
        select(calls).order_by(func.coalesce(calls.c.arrived_at, calls.c.queued_at).desc()).limit(number)
    ).mappings()
    return [_row(row) for row in rows]


def last_seen(connection: Connection, node: str) -> datetime | None:
    """Give the latest instant noted for a node; None when it never had a call."""
    latest = [func.max(calls.c[name]) for name in ("arrived_at", "queued_at", "answered_at", "gone_at")]
    found = connection.execute(select(*latest).where(calls.c.node == node)).one()
    return max((instant for instant in found if instant is not None), default=None)


def put(connection: Connection, *rows: CallRow) -> None:
    """Write rows, new or changed, with the figures that follow from them."""
    upsert(connection, calls, *map(_columns, rows))


def _columns(row: CallRow) -> dict[str, object]:
    reason: EndReason | None = row.end_reason
    return {name: getattr(row, name) for name in _FIELDS} | {
        "end_reason": reason.value if reason else None,
        "waited_seconds": row.waited_seconds,
        "talk_seconds": row.talk_seconds,
    }


def _row(found: RowMapping) -> CallRow:
    return CallRow(**{name: found[name] for name in _FIELDS})
