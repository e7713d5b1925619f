"""工单存储: the tables ``tickets``, ``ticket_history`` and ``ticket_tasks``."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    false,
    insert,
    select,
)

from core.database import Instant, insert_into, metadata, upsert
from core.ids import CallId, TicketNo
from core.prepared import Prepared
from core.understanding import Suggestion, Urgency
from core.wire import suggestion_from, suggestion_plain
from tickets.fact_store import put_fact
from tickets.history import Event
from tickets.model import ENDED, Citizen, Demand, Ticket, TicketState, Work
from tickets.plain_form import from_plain, plain
from tickets.visits_store import put_visits

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
    Column("lead_unit", String(32), nullable=False, server_default="", index=True),
    Column("due_at", Instant, index=True),
    Column("matter", String(8), nullable=False, server_default="普通件"),
    Column("closing", String(8), nullable=False, server_default=""),
    Column("closed_at", Instant, index=True),
    Column("parent", String(18), index=True),
    Column("confidential", Boolean, nullable=False, server_default=false()),
    Column("citizen", JSON, nullable=False, server_default="{}"),
    Column("demand", JSON, nullable=False, server_default="{}"),
    Column("work", JSON, nullable=False, server_default="{}"),
    Index("ix_tickets_state_received", "state", "received_at"),
)
_OPEN = tickets.c.state.not_in(ENDED)
Index("ix_tickets_open_due", tickets.c.due_at, postgresql_where=_OPEN, sqlite_where=_OPEN)
"""Closed work orders keep their due time; a list of overdue ones must not wade through them."""
tasks = Table(
    "ticket_tasks",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("part", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("due_at", Instant),
    Index("ix_ticket_tasks_unit", "unit", "state", "due_at"),
)
history = Table(
    "ticket_history",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("actor", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("action", String(16), nullable=False),
    Column("was", String(16), nullable=False),
    Column("now", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("diff", JSON, nullable=False),
)
_GROUPS = {"citizen": Citizen, "demand": Demand, "work": Work}
_FIELDS = tuple(name for name in Ticket.__dataclass_fields__ if name not in _GROUPS)
# built once: building costs more than executing
_ASKED = [
    select(tickets).where(column == bindparam("of")) for column in (tickets.c.ticket_no, tickets.c.call_id)
]
_BY_NUMBER, _OF_CALL = map(Prepared, _ASKED)
_BY_NUMBER_LOCKED, _OF_CALL_LOCKED = (Prepared(asked.with_for_update()) for asked in _ASKED)
_ADD_EVENT = Prepared(insert(history), *(column.name for column in history.columns))
_LAST_AT = Prepared(
    select(history.c.at)
    .where(history.c.ticket_no == bindparam("number"))
    .order_by(history.c.seq.desc())
    .limit(1)
)
_ADD = Prepared(
    lambda dialect: (
        insert_into(tickets, dialect)
        .on_conflict_do_nothing(index_elements=["call_id"])
        .returning(tickets.c.ticket_no)
    ),
    *(column.name for column in tickets.columns),
)


def ticket_of_call(connection: Connection, call_id: CallId, *, locked: bool = False) -> Ticket | None:
    """Give the ticket that a call led to, ``locked`` to change it; None when there is none."""
    found = (_OF_CALL_LOCKED if locked else _OF_CALL).execute(connection, {"of": call_id})
    return ticket_from(found[0]) if found else None


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
    return [ticket_from(dict(row)) for row in rows]


def put(connection: Connection, ticket: Ticket, was: TicketState) -> None:
    """Write a ticket, new or changed; ``was``: its state until now, that of a draft if it is new."""
    upsert(connection, tickets, row_of(ticket))
    upsert(connection, tasks, *task_rows_of(ticket))
    put_visits(connection, ticket)
    put_fact(connection, ticket, was)


def add_draft(connection: Connection, draft: Ticket) -> bool:
    """Write a new one; False, and nothing written, when its arrival has one already."""
    return bool(_ADD.execute(connection, row_of(draft)))


def ticket_by_number(connection: Connection, number: TicketNo, *, locked: bool = False) -> Ticket | None:
    """Give a ticket; ``locked``: nobody else changes it until this transaction ends. None: there is none."""
    found = (_BY_NUMBER_LOCKED if locked else _BY_NUMBER).execute(connection, {"of": number})
    return ticket_from(found[0]) if found else None


def children_of(connection: Connection, number: TicketNo) -> list[TicketNo]:
    """Give what was merged into a ticket, in the order of its numbers."""
    asked = select(tickets.c.ticket_no).where(tickets.c.parent == number).order_by(tickets.c.ticket_no)
    return [TicketNo(child) for child in connection.execute(asked).scalars()]


def add_event(connection: Connection, event: Event) -> None:
    """Keep a step for ever; one that has its number already makes the whole transaction fail."""
    _ADD_EVENT.execute(connection, asdict(event))


def events_of(connection: Connection, number: TicketNo) -> list[Event]:
    """Give the history of a ticket, oldest first."""
    asked = select(history).where(history.c.ticket_no == number).order_by(history.c.seq)
    return [Event(**row) for row in connection.execute(asked).mappings()]


def last_event_at(connection: Connection, number: TicketNo) -> datetime | None:
    """Give when the last step was taken; None without history."""
    found = _LAST_AT.execute(connection, {"number": number})
    return found[0]["at"] if found else None


def row_of(ticket: Ticket) -> dict[str, object]:
    """Give what is kept of a work order, column by column."""
    values: dict[str, object] = {name: getattr(ticket, name) for name in _FIELDS}
    return values | {
        "suggestion": suggestion_plain(ticket.suggestion) if ticket.suggestion else None,
        "lead_unit": ticket.lead.unit if ticket.lead else "",
        "due_at": ticket.due,
        "matter": ticket.work.matter,
        "closing": ticket.work.closing or "",
        "closed_at": ticket.work.closed_at,
        "parent": ticket.work.parent,
        "confidential": ticket.citizen.confidential,
        **{name: plain(getattr(ticket, name)) for name in _GROUPS},
    }


def task_rows_of(ticket: Ticket) -> list[dict[str, object]]:
    """Give what is kept of its tasks beside it, for the lists of units."""
    return [
        {
            "ticket_no": ticket.ticket_no,
            "number": task.number,
            "unit": task.unit,
            "part": task.part,
            "state": task.state,
            "due_at": task.due,
        }
        for task in ticket.work.tasks
    ]


def ticket_from(row: dict[str, object]) -> Ticket:
    """Read a whole row."""
    known = {name: row[name] for name in _FIELDS}
    told = known["suggestion"]
    suggestion: Suggestion | None = suggestion_from(told) if isinstance(told, dict) else None
    return Ticket(
        **known  # type: ignore[arg-type]  # the columns are the fields
        | {
            "suggestion": suggestion,
            "urgency": Urgency(str(known["urgency"])),
            "state": TicketState(str(known["state"])),
            **{name: from_plain(shape, row[name]) for name, shape in _GROUPS.items()},
        }
    )
