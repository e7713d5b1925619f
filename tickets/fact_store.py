"""通报素材存储: the table ``ticket_facts``, what a circular has to know of each work order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    false,
    or_,
    select,
    true,
)

from core.database import Instant, metadata, upsert
from core.ids import TicketNo
from core.prepared import Prepared
from tickets.circulars.fact_of_ticket import FACTS_VERSION, fact_of
from tickets.circulars.facts import TicketFact, VisitFact
from tickets.model import Ticket, TicketState

facts = Table(
    "ticket_facts",
    metadata,
    Column("ticket_no", String(18), primary_key=True),
    Column("made_by", Integer, nullable=False),
    Column("matters_until", Instant, index=True),
    Column("received_at", Instant, nullable=False),
    Column("channel", String(16), nullable=False, server_default=""),
    Column("demand_type", String(8), nullable=False, server_default=""),
    Column("category", String(100), nullable=False, server_default=""),
    Column("title", Text, nullable=False, server_default=""),
    Column("district", Text, nullable=False, server_default=""),
    Column("unit", String(32), nullable=False, server_default=""),
    Column("urgency", String(8), nullable=False, server_default=""),
    Column("matter", String(8), nullable=False, server_default=""),
    Column("invalid", Boolean, nullable=False, server_default=false()),
    Column("withdrawn", Boolean, nullable=False, server_default=false()),
    Column("solved_on_line", Boolean, nullable=False, server_default=false()),
    Column("dispatched_at", Instant),
    Column("sign_due", Instant),
    Column("signed_at", Instant),
    Column("contact_due", Instant),
    Column("contacted_at", Instant),
    Column("first_due", Instant),
    Column("due", Instant),
    Column("first_closed_at", Instant),
    Column("closed_at", Instant),
    Column("redos", Integer, nullable=False, server_default="0"),
    Column("refusals", Integer, nullable=False, server_default="0"),
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("wants_visit", Boolean, nullable=False, server_default=true()),
    Column("visit_at", Instant),
    Column("visit_attempts", Integer),
    Column("visit_answered", Integer),
    Column("visit_satisfaction", String(8)),
    Column("visit_outcome", String(8)),
    Column("visit_counted", Boolean),
)
"""``made_by``: the version of the rule that made the row. ``matters_until``: the last instant that a circular
may ask about; nothing while the work order is open. What was merged counts as received, and by its visits."""
_OF_VISIT = tuple(VisitFact.__dataclass_fields__)
_OF_TICKET = tuple(name for name in TicketFact.__dataclass_fields__ if name not in ("no", "visit"))
_NAMES = ("no", *_OF_TICKET)
_READ = (
    facts.c.ticket_no,
    *(facts.c[name] for name in _OF_TICKET),
    *(facts.c[f"visit_{name}"] for name in _OF_VISIT),
    facts.c.made_by,
)
_VISIT_AT = len(_NAMES)
_DROP = Prepared(delete(facts).where(facts.c.ticket_no == bindparam("number")))


def put_fact(connection: Connection, ticket: Ticket, was: TicketState) -> None:
    """Write what a circular has to know of a work order; ``was``: its state until now.

    A draft has no row, and loses it when the seat takes back what was submitted.
    """
    if ticket.state is not TicketState.DRAFT:
        upsert(connection, facts, fact_row_of(ticket))
    elif was is not TicketState.DRAFT:
        _DROP.execute(connection, {"number": ticket.ticket_no})


def fact_row_of(ticket: Ticket) -> dict[str, Any]:
    """Give what is kept of it, column by column."""
    fact = fact_of(ticket)
    visit = {f"visit_{name}": getattr(fact.visit, name, None) for name in _OF_VISIT}
    known = {name: getattr(fact, name) for name in _OF_TICKET}
    own = {"ticket_no": fact.no, "made_by": FACTS_VERSION, "matters_until": _matters_until(ticket)}
    return own | known | visit


def _matters_until(ticket: Ticket) -> datetime | None:
    if ticket.state is TicketState.MERGED:
        return max([ticket.received_at, *(visit.at for visit in ticket.work.visits)])
    closed, due = ticket.work.closed_at, ticket.due
    return max(ticket.received_at, closed, due or closed) if closed else None


def facts_between(
    connection: Connection, since: datetime, until: datetime
) -> tuple[list[TicketFact], list[TicketNo]]:
    """Give the facts that touch a window, and the numbers of those that an older rule made."""
    known, outdated = [], []
    for row in connection.execute(select(*_READ).where(_touches(since, until))).all():
        if row[-1] == FACTS_VERSION:
            known.append(_fact_from(row))
        else:
            outdated.append(TicketNo(row[0]))
    return known, outdated


def outdated_between(connection: Connection, since: datetime, until: datetime, most: int) -> list[TicketNo]:
    """Give and lock some that an older rule made; those that are being written right now are left out."""
    old = and_(_touches(since, until), facts.c.made_by != FACTS_VERSION)
    asked = select(facts.c.ticket_no).where(old).limit(most).with_for_update(skip_locked=True)
    return [TicketNo(number) for number in connection.execute(asked).scalars()]


def put_facts(connection: Connection, changed: Collection[Ticket]) -> None:
    """Write the facts of work orders that are no drafts anew."""
    upsert(connection, facts, *map(fact_row_of, changed))


def _touches(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Came in before ``until``, and was open at ``since`` or mattered later."""
    lasting = or_(facts.c.matters_until.is_(None), facts.c.matters_until >= since)
    return and_(facts.c.received_at < until, lasting)


def _fact_from(row: Sequence[Any]) -> TicketFact:
    """Read a row; what stands behind the names of the work order itself is its visit's."""
    known = dict(zip(_NAMES, row, strict=False))
    if row[_VISIT_AT] is not None:
        known["visit"] = VisitFact(**dict(zip(_OF_VISIT, row[_VISIT_AT:], strict=False)))
    return TicketFact(**known)
