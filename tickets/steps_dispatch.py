"""派单步骤: to whom a work order goes, who signs for it, who refuses it, and who is asked besides."""

from dataclasses import replace

from core.errors import HotlineError
from tickets.clock_changes import DueWish
from tickets.deadlines import ClockKind, Matter
from tickets.guards import WorkRules, task_of
from tickets.model import Refusal, Supervision, Ticket, TicketState, Work
from tickets.task_clocks import all_stopped, fresh_clocks, stop, with_due, with_task
from tickets.tasks import Part, Task, TaskState
from tickets.units import NamedTwice, Unit, UnitClosed
from tickets.wish import Wish


class AlreadySigned(HotlineError):
    """这个单位已经签收过了。"""


class UnknownTask(HotlineError):
    """这张工单没有派给这个单位。"""


def the_task(ticket: Ticket, wish: Wish) -> Task:
    """Give the task that is meant; raises UnknownTask."""
    task = task_of(ticket, wish)
    if task is None:
        raise UnknownTask(unit=wish.unit or wish.actor.unit)
    return task


def _given(ticket: Ticket, unit: Unit, part: Part, wish: Wish, rules: WorkRules) -> Ticket:
    """Add a task for a unit, with its clocks; raises UnitClosed."""
    if not unit.active:
        raise UnitClosed(unit=unit.name)
    bare = Task(
        number=len(ticket.work.tasks) + 1, unit=unit.unit_id, part=part, given_at=wish.at, opinion=wish.text
    )
    task = replace(bare, clocks=fresh_clocks(ticket, bare, wish.at, rules))
    if wish.due is not None:
        task = with_due(task, due_wish(wish), rules)
    return replace(ticket, work=replace(ticket.work, tasks=(*ticket.work.tasks, task)))


def due_wish(wish: Wish) -> DueWish:
    """Give the due time that somebody named, with who and why."""
    assert wish.due is not None  # noqa: S101 - asked before
    return DueWish(
        due=wish.due, at=wish.at, by=wish.actor.name, reason=wish.reason or wish.text or wish.action
    )


def without_tasks(ticket: Ticket, wish: Wish, rules: WorkRules, state: TaskState) -> Ticket:
    """Take away from every unit what it still has to do."""
    tasks = tuple(
        replace(all_stopped(task, wish.at, rules), state=state) if task.is_open else task
        for task in ticket.work.tasks
    )
    return replace(ticket, work=replace(ticket.work, tasks=tasks))


def _met(work: Work, wish: Wish) -> Work:
    """Keep in which meeting, or in which session of a leader at the telephone, it was decided."""
    if not wish.meeting:
        return work
    if wish.matter is Matter.LEADER_TAKEN:
        return replace(work, session=wish.meeting)
    return replace(work, meeting=wish.meeting)


def dispatch(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """派单: to one lead, and to those who assist, each with clocks of its own."""
    assigned = rules.tree.assigned(wish.leads, wish.assists)
    work = replace(
        ticket.work,
        mode=wish.mode or ticket.work.mode,
        matter=wish.matter or ticket.work.matter,
        opinion=wish.text or ticket.work.opinion,
    )
    ready = without_tasks(replace(ticket, work=_met(work, wish)), wish, rules, TaskState.RELEASED)
    given = _given(ready, assigned.lead, Part.LEAD, wish, rules)
    assist_part = Part.CALLED if work.matter is Matter.WHISTLE else Part.ASSIST
    for unit in assigned.assists:
        given = _given(given, unit, assist_part, wish, rules)
    return replace(given, state=TicketState.TO_SIGN)


def take_back(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """撤回派单: nobody has signed yet."""
    return replace(without_tasks(ticket, wish, rules, TaskState.RELEASED), state=TicketState.TO_PREVIEW)


def instruct(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """批示: the leader says what is to be done, by whom and by when; from now on it is supervised."""
    told = Supervision(
        at=wish.at, by=wish.actor.name, kind=Matter.INSTRUCTED, opinion=wish.text, due=wish.due
    )
    work = replace(ticket.work, matter=Matter.INSTRUCTED, supervisions=(*ticket.work.supervisions, told))
    return dispatch(replace(ticket, work=work), replace(wish, matter=Matter.INSTRUCTED), rules)


def add_unit(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """加派: further units assist; raises NamedTwice for one that has a task already."""
    for words in wish.assists or wish.leads:
        unit = rules.tree.find(words)
        _check_new(ticket, unit)
        ticket = _given(ticket, unit, Part.ASSIST, wish, rules)
    return ticket


def _check_new(ticket: Ticket, unit: Unit) -> None:
    if any(task.unit == unit.unit_id and task.is_open for task in ticket.work.tasks):
        raise NamedTwice(unit=unit.name)


def delegate(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """下派: units below do it; none of them has longer than the one that hands it on."""
    upper = the_task(ticket, wish)
    for words in wish.leads or wish.assists:
        unit = rules.tree.find(words)
        _check_new(ticket, unit)
        ticket = _given(ticket, unit, Part.BELOW, replace(wish, due=wish.due), rules)
        child = replace(ticket.work.tasks[-1], under=upper.number)
        if upper.due is not None and child.due is not None and child.due > upper.due > wish.at:
            child = with_due(
                child, replace(due_wish(replace(wish, due=upper.due)), reason="随上级时限"), rules
            )
        ticket = with_task(ticket, child)
    return ticket


def sign(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """签收: raises AlreadySigned."""
    task = the_task(ticket, wish)
    if task.state is not TaskState.TO_SIGN:
        raise AlreadySigned(unit=task.unit)
    signed = replace(
        task,
        state=TaskState.HANDLING,
        signed_at=wish.at,
        handler=wish.actor.name,
        clocks=stop(task.clocks, (ClockKind.SIGN,), wish.at, rules),
    )
    led = task.part is Part.LEAD and ticket.state is TicketState.TO_SIGN
    return replace(with_task(ticket, signed), state=TicketState.HANDLING if led else ticket.state)


def refuse(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """退单: from the lead the work order goes back to the centre; from others only their task ends."""
    task = the_task(ticket, wish)
    told = Refusal(unit=task.unit, at=wish.at, reason=wish.reason, clause=wish.clause)
    kept = replace(ticket, work=replace(ticket.work, refusals=(*ticket.work.refusals, told)))
    refused = with_task(kept, replace(all_stopped(task, wish.at, rules), state=TaskState.REFUSED))
    if task.part is not Part.LEAD:
        return refused
    return replace(without_tasks(refused, wish, rules, TaskState.RELEASED), state=TicketState.TO_PREVIEW)


def release(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """免办: this unit need not, for a reason; never the lead."""
    task = the_task(ticket, wish)
    if task.part is Part.LEAD:
        raise UnknownTask(unit=task.unit, part=task.part)
    return with_task(ticket, replace(all_stopped(task, wish.at, rules), state=TaskState.RELEASED))


def supervise(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """督办: with an opinion, and a due time if one is named, that then is the lead's."""
    kind = wish.matter or Matter.SUPERVISED
    told = Supervision(at=wish.at, by=wish.actor.name, kind=kind, opinion=wish.text, due=wish.due)
    work = replace(ticket.work, matter=kind, supervisions=(*ticket.work.supervisions, told))
    watched = replace(ticket, work=_met(work, wish))
    if wish.due is None or watched.lead is None:
        return watched
    return with_task(watched, with_due(watched.lead, due_wish(wish), rules))
