"""工单存储: the tables ``tickets`` and ``ticket_sequence``."""

from collections.abc import Collection
from dataclasses import asdict, replace

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from core.database import Instant, metadata, upsert
from core.events import Suggestion, Urgency
from core.ids import CallId, TicketNo
from core.wire import suggestion_from, suggestion_plain
from tickets.model import Ticket, TicketState

tickets = Table(
    "tickets",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("query_code", String(6), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("src_channel", String(16), nullable=False),
    Column("call_id", String(64), nullable=False, unique=True),
    Column("orig_did", String(64), nullable=False),
    Column("received_at", Instant, nullable=False, index=True),
    Column("seat", String(32), nullable=False),
    Column("phone", String(64), nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("dialogue", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("demand_type", String(8), nullable=False),
    Column("category", String(100), nullable=False),
    Column("urgency", String(8), nullable=False),
    Column("address", Text, nullable=False),
    Column("suggestion", JSON),
    Column("recording", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
sequence = Table(
    "ticket_sequence",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
_FIELDS = tuple(Ticket.__dataclass_fields__)
# built once: building costs more than executing
_OF_CALL = select(tickets).where(tickets.c.call_id == bindparam("call"))


def next_number(connection: Connection) -> int:
    """Take the next number of the sequence; two engines on one database never get the same."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    first = dialect.insert(sequence).values(id=1, last=1)
    taken = first.on_conflict_do_update(index_elements=["id"], set_={"last": sequence.c.last + 1})
    return int(connection.execute(taken.returning(sequence.c.last)).scalar_one())


def ticket_of_call(connection: Connection, call_id: CallId) -> Ticket | None:
    """Give the ticket that a call led to; None when there is none."""
    found = connection.execute(_OF_CALL, {"call": call_id}).mappings().first()
    return _ticket(dict(found)) if found else None


def states_of(
    connection: Connection, call_ids: Collection[CallId]
) -> list[tuple[CallId, TicketNo, TicketState]]:
    """Give the number and the state of the tickets that these calls led to, without what is in them."""
    columns = (tickets.c.call_id, tickets.c.ticket_no, tickets.c.state)
    rows = connection.execute(select(*columns).where(tickets.c.call_id.in_(call_ids)))
    return [(CallId(row.call_id), TicketNo(row.ticket_no), TicketState(row.state)) for row in rows]


def calls_of(connection: Connection, number: TicketNo) -> list[CallId]:
    """Give the calls of a ticket; none when there is no such ticket."""
    query = select(tickets.c.call_id).where(tickets.c.ticket_no == number)
    return [CallId(call_id) for call_id in connection.execute(query).scalars()]


def latest_tickets(connection: Connection, number: int) -> list[Ticket]:
    """Give the last tickets, newest first."""
    rows = connection.execute(select(tickets).order_by(tickets.c.received_at.desc()).limit(number)).mappings()
    return [_ticket(dict(row)) for row in rows]


def put(connection: Connection, ticket: Ticket) -> None:
    """Write a ticket, new or changed."""
    values = asdict(replace(ticket, suggestion=None))
    values["suggestion"] = suggestion_plain(ticket.suggestion) if ticket.suggestion else None
    upsert(connection, tickets, values)


def _ticket(row: dict[str, object]) -> Ticket:
    known = {name: row[name] for name in _FIELDS}
    plain = known["suggestion"]
    suggestion: Suggestion | None = suggestion_from(plain) if isinstance(plain, dict) else None
    return Ticket(
        **known  # type: ignore[arg-type]  # the columns are the fields
        | {
            "suggestion": suggestion,
            "urgency": Urgency(str(known["urgency"])),
            "state": TicketState(str(known["state"])),
        }
    )
