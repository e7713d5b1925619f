"""话务存储: reads calls, segments and offers; keeps gaps, and when Asterisk was last heard."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, RowMapping, String, Table, bindparam, func, select

from core.database import Instant, metadata, upsert
from core.ids import CallId
from core.prepared import Prepared
from queue_manager.journal_store import call_row, calls, offer_row, offers, segment_row, segments
from queue_manager.model import Blind, CallRow, GapRow, Heard, OfferRow, SegmentRow

gaps = Table(
    "gaps",
    metadata,
    Column("node", String(32), primary_key=True),
    Column("began_at", Instant, primary_key=True),
    Column("ended_at", Instant, nullable=False),
    Column("why", String(32), nullable=False),
    Column("recovered", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
)
listening = Table(
    "listening",
    metadata,
    Column("node", String(32), primary_key=True),
    Column("heard_at", Instant, nullable=False),
    Column("booted_at", Instant),
)
"""When each node's Asterisk was last heard, and when it said that it had started."""
_CALL_OF = Prepared(select(calls).where(calls.c.call_id == bindparam("of")))
_SEGMENTS_OF, _OFFERS_OF = (
    Prepared(select(table).where(table.c.call_id == bindparam("of")).order_by(table.c.number))
    for table in (segments, offers)
)


def call_of(connection: Connection, call_id: CallId) -> CallRow | None:
    """Give the row of a call; None when it was never seen."""
    return calls_of(connection, {call_id}).get(call_id)


def calls_of(connection: Connection, call_ids: Collection[CallId]) -> dict[CallId, CallRow]:
    """Give the rows of those among these calls that were ever seen."""
    found = [_CALL_OF.execute(connection, {"of": call_id}) for call_id in call_ids]
    return {rows[0]["call_id"]: call_row(rows[0]) for rows in found if rows}


def segments_of(connection: Connection, call_id: CallId) -> list[SegmentRow]:
    """Give a call's segments, the first first."""
    return [segment_row(row) for row in _SEGMENTS_OF.execute(connection, {"of": call_id})]


def offers_of(connection: Connection, call_id: CallId) -> list[OfferRow]:
    """Give to which seats a call was offered, the first first."""
    return [offer_row(row) for row in _OFFERS_OF.execute(connection, {"of": call_id})]


def calls_between(connection: Connection, since: datetime, until: datetime) -> list[CallRow]:
    """Give the calls that arrived in ``[since, until)``, the first first; those of all nodes."""
    found = (
        select(calls)
        .where(calls.c.arrived_at >= since, calls.c.arrived_at < until)
        .order_by(calls.c.arrived_at, calls.c.call_id)
    )
    return [call_row(row) for row in connection.execute(found).mappings()]


def segments_between(connection: Connection, since: datetime, until: datetime) -> list[SegmentRow]:
    """Give the segments of the calls that arrived in ``[since, until)``, call by call, in order."""
    found = (
        select(segments)
        .join(calls, calls.c.call_id == segments.c.call_id)
        .where(calls.c.arrived_at >= since, calls.c.arrived_at < until)
        .order_by(calls.c.arrived_at, segments.c.call_id, segments.c.number)
    )
    return [segment_row(row) for row in connection.execute(found).mappings()]


def offers_between(connection: Connection, since: datetime, until: datetime) -> list[OfferRow]:
    """Give the offers that began in ``[since, until)``, the first first."""
    found = (
        select(offers)
        .where(offers.c.offered_at >= since, offers.c.offered_at < until)
        .order_by(offers.c.offered_at, offers.c.call_id, offers.c.number)
    )
    return [offer_row(row) for row in connection.execute(found).mappings()]


def gaps_between(connection: Connection, since: datetime, until: datetime) -> list[GapRow]:
    """Give the gaps that touch ``[since, until)``, the first first; those of all nodes."""
    found = select(gaps).where(gaps.c.ended_at > since, gaps.c.began_at < until).order_by(gaps.c.began_at)
    return [_gap(row) for row in connection.execute(found).mappings()]


def put_gap(connection: Connection, gap: GapRow) -> None:
    """Write a gap, or what is known of it now."""
    upsert(connection, gaps, asdict(gap))


def number_of_calls(connection: Connection) -> int:
    """Give how many calls there ever were."""
    return connection.execute(select(func.count()).select_from(calls)).scalar_one()


def open_calls(connection: Connection, node: str) -> list[CallRow]:
    """Give every call of a node that has not ended, oldest first."""
    rows = connection.execute(
        select(calls).where(calls.c.node == node, calls.c.gone_at.is_(None)).order_by(calls.c.arrived_at)
    ).mappings()
    return [call_row(row) for row in rows]


def latest_calls(connection: Connection, number: int) -> list[CallRow]:
    """Give the last calls, newest first."""
    rows = connection.execute(select(calls).order_by(calls.c.arrived_at.desc()).limit(number)).mappings()
    return [call_row(row) for row in rows]


def last_heard(connection: Connection, node: str) -> Heard | None:
    """Give when a node's Asterisk was last heard; None when it never was."""
    row = connection.execute(select(listening).where(listening.c.node == node)).one_or_none()
    return Heard(at=row.heard_at, booted_at=row.booted_at) if row else None


def put_heard(connection: Connection, node: str, heard: Heard) -> None:
    """Write that a node's Asterisk was heard."""
    upsert(connection, listening, {"node": node, "heard_at": heard.at, "booted_at": heard.booted_at})


def _gap(row: RowMapping) -> GapRow:
    return GapRow(**{**row, "why": Blind(row["why"])})
