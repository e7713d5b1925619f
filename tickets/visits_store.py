"""回访存储: visits as rows that can be counted, and requests to leave a work order out of what is rated."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

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
    insert,
    select,
    update,
)

from core.database import Instant, insert_new, metadata
from core.ids import TicketNo
from tickets.model import Ticket, Visit
from tickets.plain_form import from_plain, plain
from tickets.visits_policy import FIELDS

visits = Table(
    "ticket_visits",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("by", String(40), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("handle_sat", String(16), nullable=False),
    Column("process_sat", String(16), nullable=False),
    Column("is_solved", String(16), nullable=False),
    Column("replied", String(16), nullable=False),
)
exclusions = Table(
    "ticket_exclusions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_no", String(18), nullable=False, index=True),
    Column("asked_at", Instant, nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("visit", JSON),
    Column("decided_at", Instant, index=True),
    Column("decided_by", String(40), nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("opinion", Text, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """剔除申请. ``visit``: the bad rating that waits for the decision; None when the work order has ended."""

    number: int = 0
    ticket_no: TicketNo
    asked_at: datetime
    asked_by: str
    reason: str
    note: str
    visit: Visit | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    approved: bool = False
    opinion: str = ""


def put_visits(connection: Connection, ticket: Ticket) -> None:
    """Keep each visit as it happened, with the unit that was rated; those that are known stay as they are."""
    insert_new(connection, visits, *visit_rows_of(ticket))


def visit_rows_of(ticket: Ticket) -> list[dict[str, object]]:
    """Give what is kept of its visits beside it, for the rates."""
    unit = ticket.lead.unit if ticket.lead else ""
    return [_row(ticket, number, visit, unit) for number, visit in enumerate(ticket.work.visits, start=1)]


def _row(ticket: Ticket, number: int, visit: Visit, unit: str) -> dict[str, object]:
    return {
        "ticket_no": ticket.ticket_no,
        "number": number,
        "at": visit.at,
        "by": visit.by,
        "channel": visit.channel,
        "reached": visit.reached,
        "unit": unit,
        **{name: getattr(visit, name) for name in FIELDS},
    }


def add_exclusion(connection: Connection, asked: Exclusion) -> None:
    """Keep a request."""
    connection.execute(insert(exclusions), _plain_row(asked))


def decide_exclusion(connection: Connection, decided: Exclusion) -> None:
    """Keep what came of it."""
    row = {name: getattr(decided, name) for name in ("decided_at", "decided_by", "approved", "opinion")}
    connection.execute(update(exclusions).where(exclusions.c.id == decided.number), row)


def open_exclusion(connection: Connection, number: TicketNo) -> Exclusion | None:
    """Give the request of a work order that nobody has decided; None when there is none."""
    query = select(exclusions).where(exclusions.c.ticket_no == number, exclusions.c.decided_at.is_(None))
    found = connection.execute(query.with_for_update()).mappings().first()
    return _exclusion(found) if found else None


def exclusions_known(connection: Connection, since: datetime | None, most: int) -> list[Exclusion]:
    """Give what is undecided, or, from ``since`` on, what was decided; oldest first."""
    query = select(exclusions).where(exclusions.c.decided_at.is_(None))
    if since is not None:
        query = select(exclusions).where(exclusions.c.decided_at >= since)
    rows = connection.execute(query.order_by(exclusions.c.id).limit(most)).mappings()
    return [_exclusion(row) for row in rows]


def _plain_row(asked: Exclusion) -> Mapping[str, Any]:
    row = asdict(asked) | {"visit": plain(asked.visit) if asked.visit else None}
    del row["number"]
    return row


def _exclusion(row: RowMapping) -> Exclusion:
    known = dict(row)
    visit = known.pop("visit")
    return Exclusion(
        number=known.pop("id"),
        visit=from_plain(Visit, visit) if visit else None,
        **known | {"ticket_no": TicketNo(known["ticket_no"])},
    )
