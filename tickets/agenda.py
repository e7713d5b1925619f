"""议题收集: which open work orders a meeting should look at, and why; each reason can be counted."""

from collections.abc import Iterator
from datetime import datetime

from core.database import Connection
from core.ids import TicketNo
from tickets import work_store
from tickets.model import Ticket, TicketState
from tickets.transitions import WITH_UNIT
from tickets.work_store import Asked

ASSIGNABLE = (TicketState.TO_PREVIEW, TicketState.REOPENED, *WITH_UNIT)
"""What a meeting can still give to a unit."""
OFTEN_REFUSED = 2
OFTEN_CHASED = 2
MOST_LOOKED_AT = 20_000


def hard_cases(connection: Connection, at: datetime) -> dict[TicketNo, str]:
    """Give each with the reasons, in the order in which they were received."""
    asked = Asked(states=ASSIGNABLE, most=MOST_LOOKED_AT)
    found = {
        ticket.ticket_no: "、".join(reasons(ticket, at)) for ticket in work_store.listing(connection, asked)
    }
    return {number: why for number, why in sorted(found.items()) if why}


def reasons(ticket: Ticket, at: datetime) -> Iterator[str]:
    """Say why a work order is hard; nothing when it goes its usual way."""
    work = ticket.work
    if ticket.due is not None and ticket.due < at:
        yield "已超期"
    if len(work.refusals) >= OFTEN_REFUSED:
        yield f"退单{len(work.refusals)}次"
    if work.redos:
        yield f"重办{work.redos}次"
    if work.reopened:
        yield f"重开{work.reopened}次"
    if len(work.chases) >= OFTEN_CHASED:
        yield f"催办{len(work.chases)}次"
