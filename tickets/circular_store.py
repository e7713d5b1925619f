"""通报取数: gives what is known of the work orders that touch the window of a circular."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from core.ids import TicketNo
from tickets.circulars.fact_of_ticket import fact_of
from tickets.circulars.facts import CallFigure, Material
from tickets.fact_store import facts_between, outdated_between, put_facts
from tickets.model import Ticket
from tickets.store import ticket_from, tickets
from tickets.unit_store import units_known

BATCH = 500
"""So many work orders are read whole at once."""
RENEWED = 50
"""So many facts are made anew at once: on SQLite nobody writes meanwhile."""


def material_between(
    connection: Connection, since: datetime, until: datetime, calls: tuple[CallFigure, ...] = ()
) -> Material:
    """Give what came in before ``until`` and was open at ``since`` or later; a draft is no work order yet.

    A fact that an older rule made is not believed: it is taken from the work order itself.
    """
    known, outdated = facts_between(connection, since, until)
    return Material(
        tickets=(*known, *map(fact_of, _read_whole(connection, outdated))),
        units={unit.unit_id: unit.name for unit in units_known(connection)},
        calls=calls,
    )


def renew_facts(connection: Connection, since: datetime, until: datetime) -> bool:
    """Make some facts of a window anew that an older rule made; False when there was nothing to write.

    Whoever writes one of these work orders meanwhile waits for this transaction, and his fact stays.
    """
    found = tuple(_read_whole(connection, outdated_between(connection, since, until, RENEWED)))
    put_facts(connection, found)
    return bool(found)


def _read_whole(connection: Connection, numbers: Sequence[TicketNo]) -> Iterator[Ticket]:
    for first in range(0, len(numbers), BATCH):
        asked = select(tickets).where(tickets.c.ticket_no.in_(numbers[first : first + BATCH]))
        for row in connection.execute(asked).mappings():
            yield ticket_from(dict(row))
