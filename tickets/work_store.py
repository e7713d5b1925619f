"""办理存储: timers, warnings and reveals, and the lists that people work through."""

import re
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
)

from core.database import Instant, insert_new, metadata, upsert
from core.ids import TicketNo
from core.prepared import Prepared
from tickets.model import ENDED, Ticket
from tickets.store import tasks, ticket_from, tickets

timers = Table(
    "ticket_timers",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("next_at", Instant, nullable=False, index=True),
)
warnings = Table(
    "ticket_warnings",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("task", Integer, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("text", String(200), nullable=False),
)
reveals = Table(
    "ticket_reveals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ticket_no", String(18), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("role", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
)

# looked for every few seconds, and nearly always in vain
_CLAIMED = Prepared(
    select(timers.c.ticket_no)
    .where(timers.c.next_at <= bindparam("until"))
    .order_by(timers.c.next_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)

WHOLE_NUMBER = re.compile(r"\d{18}")
"""Who types a whole 工单编号 wants that one, and not every text in which it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """预警或升级, told once; ``name`` tells it from every other of this task (0: of the centre)."""

    ticket_no: TicketNo
    task: int
    name: str
    at: datetime
    told_at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """调阅: who saw whose number and name, when and why."""

    ticket_no: TicketNo
    at: datetime
    actor: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """筛选: what is not named may be anything; ``units`` and ``seat`` are what one is allowed to see.

    Without ``secrets`` a confidential one is found by its number alone, by nobody's telephone or words.
    """

    states: Collection[str] = ()
    units: Collection[str] | None = None
    seat: str | None = None
    numbers: Collection[TicketNo] | None = None
    urgency: str = ""
    channel: str = ""
    matter: str = ""
    phone: str = ""
    words: str = ""
    overdue_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    secrets: bool = False
    most: int = 50


def listing(connection: Connection, asked: Asked) -> list[Ticket]:
    """Give the tickets asked for: those that are overdue by their due time, others newest first."""
    query = _narrowed(select(tickets), asked)
    order = tickets.c.received_at.desc() if asked.overdue_at is None else tickets.c.due_at
    rows = connection.execute(query.order_by(order, tickets.c.ticket_no).limit(asked.most)).mappings()
    return [ticket_from(dict(row)) for row in rows]


def _narrowed(query: Select[tuple[object, ...]], asked: Asked) -> Select[tuple[object, ...]]:
    for column, value in (
        (tickets.c.urgency, asked.urgency),
        (tickets.c.src_channel, asked.channel),
        (tickets.c.matter, asked.matter),
        (tickets.c.phone, asked.phone),
    ):
        query = query.where(column == value) if value else query
    if asked.phone and not asked.secrets:
        query = query.where(tickets.c.confidential.is_(False))
    if asked.states:
        query = query.where(tickets.c.state.in_(asked.states))
    if asked.seat is not None:
        query = query.where(tickets.c.seat == asked.seat)
    if asked.numbers is not None:
        query = query.where(tickets.c.ticket_no.in_(asked.numbers))
    if asked.since is not None:
        query = query.where(tickets.c.received_at >= asked.since)
    if asked.until is not None:
        query = query.where(tickets.c.received_at < asked.until)
    if asked.overdue_at is not None:
        query = query.where(tickets.c.due_at < asked.overdue_at, tickets.c.state.not_in(ENDED))
    return _with_words(query, asked)


def _with_words(query: Select[tuple[object, ...]], asked: Asked) -> Select[tuple[object, ...]]:
    for word in asked.words.split():
        if WHOLE_NUMBER.fullmatch(word):
            query = query.where(tickets.c.ticket_no == word)
            continue
        fields = (tickets.c.title, tickets.c.content, tickets.c.address)
        said = or_(*(field.contains(word, autoescape=True) for field in fields))
        told = said if asked.secrets else and_(said, tickets.c.confidential.is_(False))
        query = query.where(or_(tickets.c.ticket_no.contains(word, autoescape=True), told))
    if asked.units is not None:
        theirs = select(tasks.c.ticket_no).where(tasks.c.unit.in_(asked.units))
        query = query.where(tickets.c.ticket_no.in_(theirs))
    return query


def set_timer(connection: Connection, number: TicketNo, at: datetime | None) -> None:
    """Say when a ticket's clocks are to be looked at next; None: never again."""
    if at is None:
        connection.execute(delete(timers).where(timers.c.ticket_no == number))
    else:
        upsert(connection, timers, {"ticket_no": number, "next_at": at})


def claimed_timers(connection: Connection, until: datetime, most: int) -> list[TicketNo]:
    """Claim the tickets to look at by now: nobody else gets them until this transaction ends."""
    rows = _CLAIMED.execute(connection, {"until": until, "most": most})
    return [TicketNo(row["ticket_no"]) for row in rows]


def told_of(connection: Connection, number: TicketNo) -> set[tuple[int, str]]:
    """Give the task and the name of every warning that was told."""
    asked = select(warnings.c.task, warnings.c.name).where(warnings.c.ticket_no == number)
    return {(row.task, row.name) for row in connection.execute(asked)}


def warned_of(connection: Connection, number: TicketNo) -> list[Warned]:
    """Give every warning of a ticket, in the order of time."""
    asked = select(warnings).where(warnings.c.ticket_no == number).order_by(warnings.c.at, warnings.c.name)
    return [Warned(**row) for row in connection.execute(asked).mappings()]


def add_warning(connection: Connection, warned: Warned) -> bool:
    """Keep a warning; False when it was told before."""
    return insert_new(connection, warnings, asdict(warned)) > 0


def add_reveal(connection: Connection, reveal: Reveal) -> None:
    """Keep for ever who saw what."""
    connection.execute(insert(reveals), asdict(reveal))


def reveals_of(connection: Connection, number: TicketNo) -> list[Reveal]:
    """Give who saw the citizen's data of a ticket, oldest first."""
    columns = [reveals.c[name] for name in Reveal.__dataclass_fields__]
    asked = select(*columns).where(reveals.c.ticket_no == number).order_by(reveals.c.id)
    return [Reveal(**row) for row in connection.execute(asked).mappings()]
