"""中心步骤: check, send back, visit, close, review, look back, reopen, and count."""

from dataclasses import replace

from tickets.deadlines import ClockKind, Matter
from tickets.guards import StepRefused, WorkRules, attempts_enough
from tickets.model import Closing, Confirmation, Review, Supervision, Ticket, TicketState, Visit
from tickets.steps_dispatch import without_tasks
from tickets.steps_unit import again
from tickets.task_clocks import one_clock, stop
from tickets.tasks import TaskState
from tickets.wish import Wish


def closed(ticket: Ticket, wish: Wish, rules: WorkRules, how: Closing) -> Ticket:
    """办结: no clock runs any more."""
    tasks = tuple(
        replace(task, clocks=stop(task.clocks, tuple(ClockKind), wish.at, rules))
        for task in ticket.work.tasks
    )
    clocks = stop(ticket.work.clocks, tuple(ClockKind), wish.at, rules)
    work = replace(ticket.work, tasks=tasks, clocks=clocks, closing=how, closed_at=wish.at)
    return replace(ticket, work=work, state=TicketState.CLOSED)


def answer(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """直接答复: on the line, while the citizen hears it."""
    work = replace(ticket.work, answer=wish.text)
    return closed(replace(ticket, work=work), wish, rules, Closing.ON_LINE)


def accept(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """审核通过: on to the return visit, or closed when the citizen wants none."""
    if not ticket.citizen.wants_visit:
        return closed(ticket, wish, rules, Closing.DONE)
    clocks = stop(ticket.work.clocks, (ClockKind.VISIT,), wish.at, rules)
    fresh = one_clock(ClockKind.VISIT, ticket, "", wish.at, rules)
    return replace(ticket, work=replace(ticket.work, clocks=(*clocks, fresh)), state=TicketState.TO_VISIT)


def confirm(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """确认: a leader's item is looked at by the leader who answered, and by the unit's head."""
    told = Confirmation(at=wish.at, by=wish.actor.name, role=wish.actor.role)
    others = tuple(one for one in ticket.work.confirmations if one.role != told.role)
    return replace(ticket, work=replace(ticket.work, confirmations=(*others, told)))


def redo(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """退回重办: counted, with a clock of its own; what was confirmed must be confirmed again."""
    clocks = stop(ticket.work.clocks, (ClockKind.VISIT,), wish.at, rules)
    work = replace(ticket.work, redos=ticket.work.redos + 1, confirmations=(), clocks=clocks)
    return again(replace(ticket, work=work), wish, rules, ClockKind.REDO)


def _with_visit(ticket: Ticket, visit: Visit | None) -> Ticket:
    assert visit is not None  # noqa: S101 - a guard asked
    return replace(ticket, work=replace(ticket.work, visits=(*ticket.work.visits, visit)))


def visited(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """回访满意."""
    return closed(_with_visit(ticket, wish.visit), wish, rules, Closing.DONE)


def no_answer(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """未接通: closed when it was tried often enough, in different halves of days."""
    plain = Visit(at=wish.at, by=wish.actor.name, reached=False, note=wish.text)
    tried = _with_visit(ticket, wish.visit or plain)
    return closed(tried, wish, rules, Closing.UNREACHED) if attempts_enough(tried, rules) else tried


def dissatisfied(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """回访不满意, and with reason: done again, and supervised."""
    told = Supervision(at=wish.at, by=wish.actor.name, kind=Matter.SUPERVISED, opinion=wish.reason)
    seen = _with_visit(ticket, wish.visit)
    matter = Matter.SUPERVISED if seen.work.matter is Matter.ORDINARY else seen.work.matter
    work = replace(seen.work, matter=matter, supervisions=(*seen.work.supervisions, told))
    return redo(replace(seen, work=work), wish, rules)


def unreasonable(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """认定不合理: by two people; it is not counted against the unit."""
    assert wish.visit is not None  # noqa: S101 - a guard asked
    seen = _with_visit(ticket, replace(wish.visit, second=wish.second, note=wish.reason))
    work = replace(seen.work, counted="不合理诉求")
    return closed(replace(seen, work=work), wish, rules, Closing.UNREASONABLE)


def appeal(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """申诉: only by a unit that had it."""
    if wish.actor.unit and all(task.unit != wish.actor.unit for task in ticket.work.tasks):
        raise StepRefused(action=wish.action, why="这张工单没有派给这个单位")
    asked = Review(at=wish.at, by=wish.actor.name, reason=wish.reason)
    work = replace(ticket.work, reviews=(*ticket.work.reviews, asked))
    return replace(ticket, work=work, state=TicketState.IN_REVIEW)


def decide(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """复核决定: ``passed`` upholds the appeal, and then it is not counted."""
    told = replace(
        ticket.work.reviews[-1],
        decided_at=wish.at,
        decided_by=wish.actor.name,
        upheld=wish.passed,
        opinion=wish.text,
    )
    counted = "不计入考核" if wish.passed else ticket.work.counted
    work = replace(ticket.work, reviews=(*ticket.work.reviews[:-1], told), counted=counted)
    return replace(ticket, work=work, state=TicketState.CLOSED)


def look_back(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """回头看: what was found on the spot; when it does not hold, the work order is open again."""
    seen = Visit(at=wish.at, by=wish.actor.name, channel="现场", note=wish.text, is_solved=_solved(wish))
    work = replace(ticket.work, look_backs=(*ticket.work.look_backs, seen))
    looked = replace(ticket, work=work)
    return looked if wish.passed else _opened(looked)


def _solved(wish: Wish) -> str:
    return "解决" if wish.passed else "未解决"


def _opened(ticket: Ticket) -> Ticket:
    """How it ended last time stands in the history; it has not ended any more."""
    work = replace(
        ticket.work,
        reopened=ticket.work.reopened + 1,
        closing=None,
        closed_at=None,
        withdrawn_in="",
        confirmations=(),
    )
    return replace(ticket, work=work, state=TicketState.REOPENED)


def reopen(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """重开: the citizen came back with the same demand, in a new arrival."""
    arrivals = tuple(dict.fromkeys((*ticket.work.arrivals, wish.arrival)))
    return _opened(replace(ticket, work=replace(ticket.work, arrivals=arrivals)))


def hand_back(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """交回原单位: with the clock of a redo."""
    return redo(ticket, wish, rules)


def withdraw(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """撤单: the citizen wants nothing more; the arrival in which he said so is on record."""
    ended = without_tasks(ticket, wish, rules, TaskState.RELEASED)
    arrivals = tuple(dict.fromkeys((*ticket.work.arrivals, wish.arrival)))
    work = replace(ended.work, arrivals=arrivals, withdrawn_in=wish.arrival)
    return closed(replace(ended, work=work), wish, rules, Closing.WITHDRAWN)


def count(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """改是否考核: with a reason and a second person."""
    counted = "计入考核" if wish.passed else "不计入考核"
    return replace(ticket, work=replace(ticket.work, counted=counted))
