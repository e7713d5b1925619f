"""问责存储: the register of accountability, append-only, and the work orders that rules are held against."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import JSON, Column, Connection, Integer, RowMapping, String, Table, Text, insert, or_, select

from core.database import Instant, metadata
from core.ids import TicketNo
from tickets.circulars.period import Period
from tickets.consequences_facts import Dossier, Entry, Material, Person
from tickets.history import Event
from tickets.model import TicketState
from tickets.store import history, ticket_from, tickets
from tickets.unit_store import checks_between, units_known
from tickets.work_store import warnings

ABSENT = "脱岗"
"""In the text of an alarm: the duty room was rung in vain."""
AT_ONCE = 500
accountability = Table(
    "accountability",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("persons", JSON, nullable=False),
    Column("tickets", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("entered_by", String(40), nullable=False),
    Column("role", String(16), nullable=False),
)


def add_entry(connection: Connection, entry: Entry) -> int:
    """Keep an entry for ever; gives its number."""
    row = asdict(entry)
    del row["number"]
    added = connection.execute(insert(accountability).returning(accountability.c.id), row)
    return int(added.scalar_one())


def entries_between(connection: Connection, since: datetime, until: datetime) -> list[Entry]:
    """Give the entries of a period, oldest first."""
    at = accountability.c.at
    rows = connection.execute(
        select(accountability).where(at >= since, at < until).order_by(at, accountability.c.id)
    )
    return [_entry(row) for row in rows.mappings()]


def material_between(connection: Connection, since: datetime, period: Period) -> Material:
    """Give all that rules look at: what touches the period, and what came before it, from ``since`` on."""
    asked = select(tickets).where(
        tickets.c.received_at < period.until,
        tickets.c.state != TicketState.DRAFT,
        or_(tickets.c.received_at >= since, tickets.c.closed_at.is_(None), tickets.c.closed_at >= since),
    )
    rows = connection.execute(asked.order_by(tickets.c.ticket_no)).mappings()
    found = [ticket_from(dict(row)) for row in rows]
    events = _returns(connection, [one.ticket_no for one in found if one.work.redos])
    warned = _absences(connection, since, period.until)
    return Material(
        period=period,
        dossiers=tuple(
            Dossier(
                ticket=ticket,
                events=tuple(events.get(ticket.ticket_no, ())),
                warned=tuple(warned.get(ticket.ticket_no, ())),
            )
            for ticket in found
        ),
        units={unit.unit_id: unit for unit in units_known(connection)},
        checks=tuple(checks_between(connection, since, period.until)),
        entries=tuple(entries_between(connection, since, period.until)),
    )


def _returns(connection: Connection, numbers: Sequence[TicketNo]) -> Mapping[str, list[Event]]:
    """Give the history of these; only what was sent back needs it."""
    found: defaultdict[str, list[Event]] = defaultdict(list)
    for start in range(0, len(numbers), AT_ONCE):
        some = numbers[start : start + AT_ONCE]
        asked = select(history).where(history.c.ticket_no.in_(some)).order_by(history.c.seq)
        for row in connection.execute(asked).mappings():
            found[row["ticket_no"]].append(Event(**row))
    return found


def _absences(
    connection: Connection, since: datetime, until: datetime
) -> Mapping[str, list[tuple[datetime, str]]]:
    """Give the alarms that rang an empty duty room."""
    found: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
    asked = select(warnings).where(
        warnings.c.at >= since, warnings.c.at < until, warnings.c.text.contains(ABSENT)
    )
    for row in connection.execute(asked.order_by(warnings.c.at)).mappings():
        found[row["ticket_no"]].append((row["at"], row["text"]))
    return found


def _entry(row: RowMapping) -> Entry:
    known = dict(row)
    return Entry(
        number=known.pop("id"),
        **known
        | {
            "persons": tuple(Person(**one) for one in known["persons"]),
            "tickets": tuple(TicketNo(one) for one in known["tickets"]),
        },
    )
