"""座席存储: who the seats are, what each does now, its history, why it was offered a call."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    false,
    func,
    select,
)

from core.database import Instant, metadata, upsert
from core.ids import CallId, QueueName, SeatNo
from queue_manager.journal_store import calls, segments
from queue_manager.offering import Candidate, OfferReason
from queue_manager.seat_state import Seat, SeatChange, SeatEvent, SeatNow, SeatState

seats = Table(
    "seats",
    metadata,
    Column("number", String(10), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("supervisor", Boolean, nullable=False, server_default=false()),
)
skills = Table(
    "seat_skills",
    metadata,
    Column("seat", String(10), primary_key=True),
    Column("queue", String(32), primary_key=True),
    Column("penalty", Integer, nullable=False),
)
states = Table(
    "seat_states",
    metadata,
    Column("seat", String(10), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("since", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("later", String(40), nullable=False),
    Column("misses", Integer, nullable=False),
    Column("behind_until", Instant),
    Column("wrap_up_until", Instant),
    Column("wrap_up_extra", Integer, nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("leg", String(64), nullable=False),
    Column("idle_since", Instant),
    Column("lease", Instant),
    Column("version", Integer, nullable=False),
)
changes = Table(
    "seat_events",
    metadata,
    Column("seat", String(10), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("event", String(16), nullable=False),
    Column("before", String(16), nullable=False),
    Column("after", String(16), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("call_id", String(64), nullable=False),
    Column("queue", String(32), nullable=False),
)
offer_reasons = Table(
    "offer_reasons",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("seat", String(10), primary_key=True),
    Column("queue", String(32), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("candidates", JSON, nullable=False),
)
supervision = Table(
    "supervision",
    metadata,
    Column("at", Instant, primary_key=True),
    Column("seat", String(10), primary_key=True),
    Column("wish", String(20), primary_key=True),
    Column("about", String(64), primary_key=True),
    Column("call_id", String(64), nullable=False),
    Column("answer", String(20), nullable=False),
)


_OFFER = tuple(OfferReason.__dataclass_fields__)
_CANDIDATE = tuple(Candidate.__dataclass_fields__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """监督记录: a supervisor asked to hear or join a seat's call; ``about`` is that seat."""

    at: datetime
    seat: SeatNo
    wish: str
    about: str
    call_id: CallId
    answer: str


@dataclass(slots=True, kw_only=True)
class Unwritten:
    """What happened to seats and is not in the database yet, in the order in which it happened."""

    seats: dict[SeatNo, SeatNow] = field(default_factory=dict)
    changes: list[SeatChange] = field(default_factory=list)
    offers: list[OfferReason] = field(default_factory=list)
    supervised: list[Supervised] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes or self.offers or self.supervised)


def seats_known(connection: Connection) -> list[Seat]:
    """Give every seat, by number, with its skills."""
    skilled: dict[SeatNo, dict[QueueName, int]] = {}
    for seat, queue, penalty in connection.execute(select(skills).order_by(skills.c.seat, skills.c.queue)):
        skilled.setdefault(seat, {})[queue] = penalty
    rows = connection.execute(select(seats).order_by(seats.c.number)).mappings()
    return [Seat(**row, skills=skilled.get(row["number"], {})) for row in rows]


def put_seat(connection: Connection, seat: Seat) -> None:
    """Write a seat, new or changed, with exactly these skills."""
    upsert(connection, seats, {column.name: getattr(seat, column.name) for column in seats.columns})
    connection.execute(delete(skills).where(skills.c.seat == seat.number))
    upsert(
        connection,
        skills,
        *({"seat": seat.number, "queue": queue, "penalty": seat.skills[queue]} for queue in seat.skills),
    )


def drop_seat(connection: Connection, number: SeatNo) -> bool:
    """Remove a seat; False when there was none of that number. Its history stays."""
    connection.execute(delete(skills).where(skills.c.seat == number))
    return connection.execute(delete(seats).where(seats.c.number == number)).rowcount > 0


def seat_states(connection: Connection) -> dict[SeatNo, SeatNow]:
    """Give what each seat does, of those that ever did anything."""
    rows = connection.execute(select(states)).mappings()
    return {row["seat"]: _now(row) for row in rows}


def seat_state_of(connection: Connection, seat: SeatNo) -> SeatNow | None:
    """Give what a seat does; None when it never did anything."""
    row = connection.execute(select(states).where(states.c.seat == seat)).mappings().first()
    return _now(row) if row else None


def write_down(connection: Connection, sheet: Unwritten) -> None:
    """Write what happened; written twice equals written once."""
    upsert(connection, states, *map(_plain, sheet.seats.values()))
    upsert(connection, changes, *map(_plain, sheet.changes))
    upsert(connection, offer_reasons, *map(_offer_columns, sheet.offers))
    upsert(connection, supervision, *map(_plain, sheet.supervised))


def talks_since(connection: Connection, since: datetime) -> list[tuple[str, SeatNo, datetime]]:
    """Give who talked to which seat, and when, oldest first; of calls that arrived since then."""
    asked = (
        select(calls.c.caller, segments.c.seat, segments.c.answered_at)
        .join(segments, segments.c.call_id == calls.c.call_id)
        .where(calls.c.arrived_at >= since, segments.c.answered_at.is_not(None), segments.c.seat.is_not(None))
        .order_by(segments.c.answered_at)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(asked)]


def seat_events_between(connection: Connection, since: datetime, until: datetime) -> list[SeatChange]:
    """Give all that happened to seats within ``[since, until)``, by seat, in its order."""
    asked = select(changes).where(changes.c.at >= since, changes.c.at < until)
    rows = connection.execute(asked.order_by(changes.c.seat, changes.c.version)).mappings()
    return list(map(_change, rows))


def last_seat_events(connection: Connection, before: datetime) -> list[SeatChange]:
    """Give for every seat the last that happened to it before an instant: what it did then."""
    latest = (
        select(changes.c.seat, func.max(changes.c.version).label("version"))
        .where(changes.c.at < before)
        .group_by(changes.c.seat)
        .subquery()
    )
    joined = (changes.c.seat == latest.c.seat) & (changes.c.version == latest.c.version)
    rows = connection.execute(select(changes).join(latest, joined).order_by(changes.c.seat)).mappings()
    return list(map(_change, rows))


def offer_reasons_of(connection: Connection, call_id: CallId) -> list[OfferReason]:
    """Give why a call was offered to each seat, in the order of the offers."""
    asked = select(offer_reasons).where(offer_reasons.c.call_id == call_id).order_by(offer_reasons.c.at)
    return [_offer(row) for row in connection.execute(asked).mappings()]


def supervision_between(connection: Connection, since: datetime, until: datetime) -> list[Supervised]:
    """Give what supervisors asked for within ``[since, until)``, oldest first."""
    asked = select(supervision).where(supervision.c.at >= since, supervision.c.at < until)
    rows = connection.execute(asked.order_by(supervision.c.at)).mappings()
    return [Supervised(**row) for row in rows]


def _plain(row: SeatNow | SeatChange | Supervised) -> dict[str, object]:
    values = ((one.name, getattr(row, one.name)) for one in fields(row))
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values}


def _offer_columns(offer: OfferReason) -> dict[str, object]:
    columns = {name: getattr(offer, name) for name in _OFFER}
    columns["candidates"] = [{name: getattr(one, name) for name in _CANDIDATE} for one in offer.candidates]
    return columns


def _now(row: RowMapping) -> SeatNow:
    return SeatNow(**{**row, "state": SeatState(row["state"])})


def _change(row: RowMapping) -> SeatChange:
    return SeatChange(
        **{
            **row,
            "event": SeatEvent(row["event"]),
            "before": SeatState(row["before"]),
            "after": SeatState(row["after"]),
        }
    )


def _offer(row: RowMapping) -> OfferReason:
    return OfferReason(**{**row, "candidates": tuple(Candidate(**one) for one in row["candidates"])})
