"""诉求取数: which demands were called about, with every call about each; for the figures of the hotline."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Connection, Select, and_, exists, select

from core.ids import TicketNo
from tickets.deadlines import PHONE
from tickets.model import NO_DEMAND, Closing, TicketState
from tickets.store import tasks, tickets

_VALID = and_(tickets.c.closing != Closing.WITHDRAWN, tickets.c.demand_type.not_in(NO_DEMAND))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledAbout:
    """一件诉求: a work order that was merged into no other; ``calls`` are number and instant of each.

    ``closed``: it came to its end, which an appeal 复核 does not undo until it is decided.
    """

    ticket_no: TicketNo
    received_at: datetime
    valid: bool
    closed: bool
    dispatched: bool
    calls: tuple[tuple[str, datetime], ...]


def called_about(connection: Connection, since: datetime, until: datetime) -> Iterator[CalledAbout]:
    """Give the demands that were called about in ``[since, until)``; a draft is none yet."""
    mains = _mains(since, until)
    calls: defaultdict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for main, phone, at in connection.execute(_calls_of(mains)):
        calls[main].append((phone, at))
    columns = (tickets.c.ticket_no, tickets.c.received_at, _VALID, tickets.c.closed_at.is_not(None))
    dispatched = exists().where(tasks.c.ticket_no == tickets.c.ticket_no)
    asked = select(*columns, dispatched).where(
        tickets.c.ticket_no.in_(select(mains.c.main)), tickets.c.state != TicketState.DRAFT
    )
    for number, received_at, valid, closed, sent in connection.execute(asked):
        yield CalledAbout(
            ticket_no=TicketNo(number),
            received_at=received_at,
            valid=bool(valid),
            closed=bool(closed),
            dispatched=bool(sent),
            calls=tuple(sorted(calls[number], key=lambda call: call[1])),
        )


def _mains(since: datetime, until: datetime) -> CTE:
    """What was called about, or what that was merged into in the end."""
    begun = select(tickets.c.ticket_no, tickets.c.parent).where(
        tickets.c.received_at >= since,
        tickets.c.received_at < until,
        tickets.c.src_channel == PHONE,
        tickets.c.state != TicketState.DRAFT,
    )
    line = begun.cte("line", recursive=True)
    above = select(tickets.c.ticket_no, tickets.c.parent).join(line, tickets.c.ticket_no == line.c.parent)
    line = line.union(above)
    return select(line.c.ticket_no.label("main")).where(line.c.parent.is_(None)).distinct().cte("mains")


def _calls_of(mains: CTE) -> Select[Any]:
    """Every call about them, whether its own work order stands or was merged into another."""
    merged = select(mains.c.main, mains.c.main.label("ticket_no")).cte("merged", recursive=True)
    below = select(merged.c.main, tickets.c.ticket_no).join(merged, tickets.c.parent == merged.c.ticket_no)
    merged = merged.union(below)
    columns = (merged.c.main, tickets.c.phone, tickets.c.received_at)
    calls = select(*columns).join(tickets, tickets.c.ticket_no == merged.c.ticket_no)
    return calls.where(tickets.c.src_channel == PHONE)
