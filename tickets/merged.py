"""并单: what was merged closes and opens with its main work order, and its citizens are told."""

from datetime import datetime

from core.database import Connection
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import store
from tickets.model import Closing, Ticket, TicketState
from tickets.roles import Actor, Role
from tickets.wish import Action, Wish

SYSTEM = Actor(name="系统", role=Role.SYSTEM)
PLAIN_ANSWER = "您反映的事项已与相同诉求合并办理, 现已办结。"
"""Where the unit has written nothing for the public: its report may name the other citizen."""


class MergeImpossible(HotlineError):
    """只能并入另一张还没有结束的工单。"""


class OthersMerged(HotlineError):
    """这张工单里并有别人的诉求, 不能撤单:请先把它们拆分出来, 各自办理。"""


def lock_parent(connection: Connection, wish: Wish) -> None:
    """Lock the main one before what is merged into it: whoever closes it takes the same order."""
    if wish.action is Action.MERGE and wish.parent is not None:
        store.ticket_by_number(connection, wish.parent, locked=True)


def check_merge(connection: Connection, merged: Ticket) -> None:
    """Never into itself, in a circle, or into what has ended or does not exist; raises MergeImpossible."""
    assert merged.work.parent is not None  # noqa: S101 - a guard asked
    parent = store.ticket_by_number(connection, merged.work.parent)
    if parent is None or parent.state in (TicketState.CLOSED, TicketState.MERGED):
        raise MergeImpossible(into=merged.work.parent, state=parent.state if parent else "没有这张工单")


def steps_of_children(
    connection: Connection, was: Ticket, now: Ticket, at: datetime
) -> list[tuple[TicketNo, Wish]]:
    """Give the steps that what was merged takes with its main one; raises OthersMerged."""
    if was.work.closing == now.work.closing and was.work.answer == now.work.answer:
        return []
    children = store.children_of(connection, now.ticket_no)
    if children and now.work.closing is Closing.WITHDRAWN:
        raise OthersMerged(merged="、".join(children))
    answer = _answer(now)
    action = Action.CLOSE_WITH if answer else Action.OPEN_WITH
    return [
        (child, Wish(action=action, actor=SYSTEM, at=_not_before(connection, child, at), text=answer))
        for child in children
    ]


def _not_before(connection: Connection, child: TicketNo, at: datetime) -> datetime:
    """Whoever wrote into it a moment ago, by another clock, holds up nobody."""
    return max(at, store.last_event_at(connection, child) or at)


def _answer(ticket: Ticket) -> str:
    """Give what the citizens of the others are told; empty while it is open."""
    if ticket.state is TicketState.MERGED:
        return ticket.work.answer
    if ticket.work.closing is None:
        return ""
    replies = [outcome.public_reply for task in ticket.work.tasks for outcome in task.outcomes]
    return next((reply for reply in reversed(replies) if reply), "") or PLAIN_ANSWER
