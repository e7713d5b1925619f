"""通报取数: reads the work orders that touch the window of a circular; keeps nothing."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from tickets.circulars.fact_of_ticket import fact_of
from tickets.circulars.facts import CallFigure, Material
from tickets.model import TicketState
from tickets.store import ticket_from, tickets
from tickets.unit_store import units_known


def material_between(
    connection: Connection, since: datetime, until: datetime, calls: tuple[CallFigure, ...] = ()
) -> Material:
    """Give what came in before ``until`` and was open at ``since`` or later; a draft is no work order yet."""
    asked = select(tickets).where(
        tickets.c.received_at < until,
        tickets.c.state != TicketState.DRAFT,
        or_(
            tickets.c.received_at >= since,
            tickets.c.closed_at.is_(None),
            tickets.c.closed_at >= since,
            tickets.c.due_at >= since,
        ),
    )
    rows = connection.execute(asked).mappings()
    return Material(
        tickets=tuple(fact_of(ticket_from(dict(row))) for row in rows),
        units={unit.unit_id: unit.name for unit in units_known(connection)},
        calls=calls,
    )
