"""答复: what the citizen is told in the end, wherever it was written down."""

from tickets.model import Ticket
from tickets.tasks import Part


def answer_of(ticket: Ticket) -> str:
    """Give the answer given at once, or the last outcome of the unit in charge; empty before there is one."""
    if ticket.work.answer:
        return ticket.work.answer
    outcomes = [one for task in ticket.work.tasks if task.part is Part.LEAD for one in task.outcomes]
    if not outcomes:
        return ""
    last = max(outcomes, key=lambda one: one.at)
    return last.public_reply or last.result
