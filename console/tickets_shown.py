"""工单对外的样子: masked, unless it was revealed; a citizen sees how it stands and what was answered."""

from console.web_api_shapes import Progress, Receipt, TicketOut
from core.privacy import masked, masked_text
from tickets.answers import answer_of
from tickets.model import Ticket, TicketState
from tickets.transitions import STATES

ANSWERED = (TicketState.CLOSED, TicketState.MERGED)


def receipt_of(ticket: Ticket) -> Receipt:
    """Give what who handed it in has to know."""
    return Receipt(
        ticket_no=ticket.ticket_no,
        query_code=ticket.query_code,
        state=STATES[ticket.state],
        received_at=ticket.received_at,
    )


def progress_of(ticket: Ticket) -> Progress:
    """Give what a citizen may know; the answer only when it is one."""
    return Progress(
        ticket_no=ticket.ticket_no,
        state=STATES[ticket.state],
        received_at=ticket.received_at,
        due_at=ticket.due,
        answer=masked_text(answer_of(ticket)) if ticket.state in ANSWERED else "",
    )


def ticket_out(ticket: Ticket, *, revealed: bool = False) -> TicketOut:
    """Give it as other systems see it; of a confidential one not even a masked name."""
    hidden = ticket.citizen.confidential and not revealed

    def person(kind: str, value: str) -> str:
        return "" if hidden else value if revealed else masked(kind, value)

    def words(text: str) -> str:
        return text if revealed else masked_text(text)

    return TicketOut(
        ticket_no=ticket.ticket_no,
        state=STATES[ticket.state],
        version=ticket.version,
        channel=ticket.src_channel,
        received_at=ticket.received_at,
        due_at=ticket.due,
        title=words(ticket.title),
        content=words(ticket.content),
        address=words(ticket.address),
        demand_type=ticket.demand_type,
        urgency=ticket.urgency,
        lead_unit=ticket.lead.unit if ticket.lead else "",
        name=person("name", ticket.citizen.name),
        phone=person("phone", ticket.phone),
        confidential=ticket.citizen.confidential,
        answer=words(answer_of(ticket)),
    )
