"""不变量: what holds of every work order at any time; 件件有落实, 事事有回音."""

from collections import Counter
from collections.abc import Iterator

from core.errors import HotlineError
from tickets.clocks import Clock
from tickets.model import Closing, Ticket, TicketState


class InvariantBroken(HotlineError):
    """这一步会让工单自相矛盾, 已拒绝。"""


def check(ticket: Ticket) -> None:
    """Raise InvariantBroken for what may never be."""
    for problem in problems(ticket):
        raise InvariantBroken(ticket=ticket.ticket_no, why=problem)


def problems(ticket: Ticket) -> Iterator[str]:
    """Give what may never be, as sentences; none when all is well."""
    for owner, clocks in _clocks(ticket):
        going = Counter(clock.kind for clock in clocks if clock.stopped_at is None)
        if any(number > 1 for number in going.values()):
            yield f"{owner}同一种时钟走着两个"
        if going and ticket.state in (TicketState.CLOSED, TicketState.MERGED):
            yield f"{owner}已经结束, 时钟还在走"
    leads = [task for task in ticket.work.tasks if task.part == "主办" and task.is_open]
    if len(leads) > 1:
        yield "有两个主办单位"
    if ticket.state is TicketState.CLOSED and not is_answered(ticket):
        yield "没有答复来电人的证明, 不能办结"
    if (ticket.state is TicketState.MERGED) != (ticket.work.parent is not None):
        yield "合并的工单要有主单, 没合并的不能有"


def is_answered(ticket: Ticket) -> bool:
    """事事有回音: the citizen was told, or was tried in vain, or said himself that he wants nothing more."""
    work = ticket.work
    proven = any(outcome.reply_proof for task in work.tasks for outcome in task.outcomes)
    match work.closing:
        case Closing.ON_LINE:
            return bool(work.answer)
        case Closing.WITHDRAWN:
            return bool(work.withdrawn_in)
        case Closing.UNREACHED:
            return any(not visit.reached for visit in work.visits)
        case Closing.DONE | Closing.UNREASONABLE:
            return proven
        case None:
            return False


def _clocks(ticket: Ticket) -> Iterator[tuple[str, tuple[Clock, ...]]]:
    yield "中心", ticket.work.clocks
    for task in ticket.work.tasks:
        yield f"{task.part}{task.unit}", task.clocks
