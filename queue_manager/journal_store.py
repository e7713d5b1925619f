"""底账存储: sightings, and the rows that follow from them; written together, in one transaction.

Sightings are only ever added. Calls, segments and offers are projections and can be made anew.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from core.database import Instant, insert_new, metadata, upsert
from core.events import EndReason, Party
from core.ids import CallId
from core.prepared import Prepared, Row
from queue_manager.model import CallRow, CallStory, OfferOutcome, OfferRow, SegmentEnd, SegmentRow, Via
from queue_manager.sightings import FIELDS, Mouth, Seen, Sighting, every_field

sightings = Table(
    "sightings",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("mark", String(24), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("mouth", String(16), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("seat", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("target", String(64), nullable=False),
    Column("caller", String(64), nullable=False),
    Column("dialled", String(64), nullable=False),
    Column("not_before", Instant),
)
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
    Column("answered_at", Instant),
    Column("gone_at", Instant, index=True),
    Column("gone_after", Instant),
    Column("gone_certain", Boolean, nullable=False),
    Column("end_reason", String(32)),
    Column("ended_by", String(16), nullable=False),
    Column("waited_seconds", Float, nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Column("transfers", Integer, nullable=False),
    Column("urgent_at", Instant),
    Column("gap", String(200), nullable=False),
)
segments = Table(
    "segments",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("via", String(16), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("position", Integer, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("queued_at", Instant),
    Column("seat", String(32)),
    Column("answered_at", Instant),
    Column("ended_at", Instant),
    Column("end", String(32)),
    Column("ended_by", String(16), nullable=False),
    Column("from_seat", String(32)),
    Column("waited_seconds", Float, nullable=False),
    Column("talk_seconds", Float, nullable=False),
    Column("hold_seconds", Float, nullable=False),
    Index("ix_segments_seat", "seat", "answered_at"),
)
offers = Table(
    "offers",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("segment", Integer, nullable=False),
    Column("queue", String(32), nullable=False),
    Column("seat", String(32), nullable=False),
    Column("offered_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    Column("outcome", String(16)),
    Column("ring_seconds", Float, nullable=False),
)

_CALL = tuple(CallRow.__dataclass_fields__)
_SEGMENT = tuple(SegmentRow.__dataclass_fields__)
_OFFER = tuple(OfferRow.__dataclass_fields__)
_call_fields, _segment_fields, _offer_fields = (attrgetter(*names) for names in (_CALL, _SEGMENT, _OFFER))

NEVER_FORGOTTEN = (Seen.ARRIVED, Seen.GONE, Seen.RECORDING_OFF, Seen.RECORDING_ON)
"""Stays of every call, however old."""
NOTHING_KNOWN: Mapping[CallId, CallStory] = MappingProxyType({})

# Statements of every call are built once: building costs more than executing.
_SEEN_OF = Prepared(select(sightings).where(sightings.c.call_id == bindparam("of")))
_SWITCHES_OF = Prepared(
    select(sightings.c.at, sightings.c.kind)
    .where(sightings.c.call_id == bindparam("of"))
    .where(or_(sightings.c.kind == Seen.RECORDING_OFF.value, sightings.c.kind == Seen.RECORDING_ON.value))
    .order_by(sightings.c.at)
)
_SURPLUS = {
    table: delete(table).where(table.c.call_id == bindparam("of"), table.c.number > bindparam("last"))
    for table in (segments, offers)
}


def sightings_of(connection: Connection, call_ids: Collection[CallId]) -> dict[CallId, set[Sighting]]:
    """Give everything that was seen of these calls; those that were never seen are missing."""
    seen = {
        call_id: set(map(_sighting, _SEEN_OF.execute(connection, {"of": call_id}))) for call_id in call_ids
    }
    return {call_id: of_call for call_id, of_call in seen.items() if of_call}


def recording_switches_of(connection: Connection, call_id: CallId) -> list[tuple[datetime, bool]]:
    """Give when the recording of a call was paused (False) and resumed (True), in order."""
    found = _SWITCHES_OF.execute(connection, {"of": call_id})
    return [(row["at"], row["kind"] == Seen.RECORDING_ON) for row in found]


def ended_before(
    connection: Connection, until: datetime, *, after: tuple[datetime, CallId] | None, most: int
) -> list[tuple[datetime, CallId]]:
    """Give the ends of calls before ``until``, behind ``after``, in order; for whoever goes through all."""
    order = tuple_(calls.c.gone_at, calls.c.call_id)
    found = select(calls.c.gone_at, calls.c.call_id).where(calls.c.gone_at < until)
    if after is not None:
        found = found.where(order > tuple_(literal(after[0], Instant), literal(after[1])))
    rows = connection.execute(found.order_by(calls.c.gone_at, calls.c.call_id).limit(most))
    return [(row.gone_at, CallId(row.call_id)) for row in rows]


def count_details(connection: Connection, call_ids: Collection[CallId], before: datetime) -> int:
    """Count what :func:`forget_details` would remove."""
    counted = select(func.count()).select_from(sightings).where(_details(call_ids, before))
    return connection.execute(counted).scalar_one()


def forget_details(connection: Connection, call_ids: Collection[CallId], before: datetime) -> int:
    """Remove what was seen of these calls before then, but for what must stay; gives how many."""
    return connection.execute(delete(sightings).where(_details(call_ids, before))).rowcount


def _details(call_ids: Collection[CallId], before: datetime) -> ColumnElement[bool]:
    stays = [kind.value for kind in NEVER_FORGOTTEN]
    # another call may have had the same number later
    return and_(sightings.c.call_id.in_(call_ids), sightings.c.at < before, sightings.c.kind.not_in(stays))


def keep(connection: Connection, seen: Iterable[Sighting]) -> None:
    """Add sightings; those that are there already change nothing."""
    rows = (dict(zip(FIELDS, every_field(one), strict=True), mark=one.mark) for one in seen)
    insert_new(connection, sightings, *rows)


def put(
    connection: Connection, *stories: CallStory, known: Mapping[CallId, CallStory] = NOTHING_KNOWN
) -> None:
    """Write calls as they are told now; what stands there already, as ``known``, is not written again."""
    pairs = [(known.get(story.call.call_id), story) for story in stories]
    changed = [now.call for was, now in pairs if was is None or was.call != now.call]
    upsert(connection, calls, *(dict(zip(_CALL, _call_fields(row), strict=True)) for row in changed))
    told = [row for was, now in pairs for row in now.segments if was is None or row not in was.segments]
    upsert(connection, segments, *(dict(zip(_SEGMENT, _segment_fields(row), strict=True)) for row in told))
    rung = [row for was, now in pairs for row in now.offers if was is None or row not in was.offers]
    upsert(connection, offers, *(dict(zip(_OFFER, _offer_fields(row), strict=True)) for row in rung))
    for was, now in pairs:
        if was is not None:
            _drop_surplus(connection, was, now)


def _drop_surplus(connection: Connection, was: CallStory, now: CallStory) -> None:
    """Something that was taken for two turned out to be one."""
    call_id = now.call.call_id
    if len(now.segments) < len(was.segments):
        connection.execute(_SURPLUS[segments], {"of": call_id, "last": len(now.segments)})
    if len(now.offers) < len(was.offers):
        connection.execute(_SURPLUS[offers], {"of": call_id, "last": len(now.offers)})


def _sighting(row: Row) -> Sighting:
    known: dict[str, Any] = {name: row[name] for name in FIELDS}
    known["kind"], known["mouth"] = Seen(row["kind"]), Mouth(row["mouth"])
    return Sighting(**known)


def call_row(row: Row) -> CallRow:
    """Read a call."""
    known: dict[str, Any] = {name: row[name] for name in _CALL}
    known["end_reason"] = EndReason(row["end_reason"]) if row["end_reason"] else None
    known["ended_by"] = Party(row["ended_by"])
    return CallRow(**known)


def segment_row(row: Row) -> SegmentRow:
    """Read a segment."""
    known: dict[str, Any] = {name: row[name] for name in _SEGMENT}
    known["via"], known["ended_by"] = Via(row["via"]), Party(row["ended_by"])
    known["end"] = SegmentEnd(row["end"]) if row["end"] else None
    return SegmentRow(**known)


def offer_row(row: Row) -> OfferRow:
    """Read an offer."""
    known: dict[str, Any] = {name: row[name] for name in _OFFER}
    known["outcome"] = OfferOutcome(row["outcome"]) if row["outcome"] else None
    return OfferRow(**known)
