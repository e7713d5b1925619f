"""评价取数: the ratings of a period with what each work order is, for the rates; keeps nothing."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, select

from core.ids import TicketNo
from tickets.circulars.fact_of_ticket import COUNTED
from tickets.model import Ticket, TicketState
from tickets.store import ticket_from, tickets
from tickets.visits_policy import FIELDS
from tickets.visits_rates import Rated
from tickets.visits_store import exclusions, visits


def rated_between(connection: Connection, since: datetime, until: datetime) -> list[Rated]:
    """Give the last talk with each citizen in the period, by ticket number."""
    counted = tickets.c.work["counted"].as_string()
    approved = and_(exclusions.c.ticket_no == visits.c.ticket_no, exclusions.c.approved.is_(True))
    joined = visits.join(tickets, tickets.c.ticket_no == visits.c.ticket_no).outerjoin(exclusions, approved)
    query = (
        select(visits, tickets.c.urgency, counted.label("counted"), exclusions.c.reason)
        .select_from(joined)
        .where(visits.c.at >= since, visits.c.at < until, visits.c.reached)
        .order_by(visits.c.ticket_no, visits.c.number)
    )
    last = {row["ticket_no"]: row for row in connection.execute(query).mappings()}
    return [_rated(row) for row in last.values()]


def to_visit(connection: Connection, most: int) -> list[Ticket]:
    """Give what waits for its visit, what came in first comes first."""
    waiting = select(tickets).where(tickets.c.state == TicketState.TO_VISIT)
    rows = connection.execute(waiting.order_by(tickets.c.received_at, tickets.c.ticket_no).limit(most))
    return [ticket_from(dict(row)) for row in rows.mappings()]


def closed_between(connection: Connection, since: datetime, until: datetime) -> list[tuple[TicketNo, str]]:
    """Give what units have closed in the period, with the unit, by ticket number."""
    query = (
        select(tickets.c.ticket_no, tickets.c.lead_unit)
        .where(tickets.c.closed_at >= since, tickets.c.closed_at < until, tickets.c.lead_unit != "")
        .order_by(tickets.c.ticket_no)
    )
    return [(TicketNo(row.ticket_no), row.lead_unit) for row in connection.execute(query)]


def _rated(row: RowMapping) -> Rated:
    counted = row["counted"] or COUNTED[0]
    return Rated(
        ticket_no=TicketNo(row["ticket_no"]),
        at=row["at"],
        unit=row["unit"],
        urgency=row["urgency"],
        answers={name: row[name] for name in FIELDS},
        left_out="" if counted in COUNTED else row["reason"] or counted,
    )
