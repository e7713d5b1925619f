"""承办步骤: what a unit does with its task: contact, arrive, say when, ask for time, report done."""

from dataclasses import replace

from tickets.clock_changes import Extension, extended, paused, resumed
from tickets.clocks import running, with_changed
from tickets.deadlines import ClockKind
from tickets.guards import StepRefused, WorkRules
from tickets.limits import limit_of
from tickets.model import Request, Ticket, TicketState
from tickets.steps_dispatch import the_task
from tickets.task_clocks import all_stopped, one_clock, stop, with_task
from tickets.tasks import Contact, Eta, Part, Progress, Task, TaskState
from tickets.wish import Wish

WHOLE = (ClockKind.FINISH, ClockKind.REDO, ClockKind.REPLY)


def progress(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """报进展."""
    task = the_task(ticket, wish)
    told = Progress(at=wish.at, by=wish.actor.name, text=wish.text)
    return with_task(ticket, replace(task, progress=(*task.progress, told)))


def contact(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """联系群众: when, how, and the evidence."""
    task = the_task(ticket, wish)
    told = Contact(at=wish.at, by=wish.actor.name, how=wish.text, evidence=wish.reason)
    clocks = stop(task.clocks, (ClockKind.CONTACT,), wish.at, rules)
    return with_task(ticket, replace(task, contacts=(*task.contacts, told), clocks=clocks))


def arrive(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """到场, or 报到 after a whistle; the first arrival counts."""
    task = the_task(ticket, wish)
    clocks = stop(task.clocks, (ClockKind.ARRIVE,), wish.at, rules)
    return with_task(ticket, replace(task, arrived_at=task.arrived_at or wish.at, clocks=clocks))


def eta(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """报时: when it will be finished; does not move the limit."""
    task = the_task(ticket, wish)
    assert wish.due is not None  # noqa: S101 - a guard asked
    return with_task(ticket, replace(task, etas=(*task.etas, Eta(said_at=wish.at, due=wish.due))))


def task_done(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """任务办结: of a unit that assists, or was called, or does it for the one above."""
    task = the_task(ticket, wish)
    if task.part is Part.LEAD:
        raise StepRefused(action=wish.action, why="主办单位请用办结上报")
    told = Progress(at=wish.at, by=wish.actor.name, text=wish.text)
    done = replace(all_stopped(task, wish.at, rules), progress=(*task.progress, told), state=TaskState.DONE)
    return with_task(ticket, done)


def ask(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """申请延期 (``limit`` says by how much) or 暂停."""
    if wish.limit:
        limit_of(wish.limit)
    asked = Request(unit=the_task(ticket, wish).unit, at=wish.at, reason=wish.reason, by=wish.limit)
    work = replace(ticket.work, requests=(*ticket.work.requests, asked))
    return replace(ticket, work=work, state=TicketState.EXT_PENDING)


def approve(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """同意申请: the clocks of the whole are extended, or stand still until they are resumed."""
    asked = ticket.work.requests[-1]
    lead = ticket.lead
    assert lead is not None  # noqa: S101 - only a lead can have asked
    changed = _extended(lead, wish, asked, rules) if asked.by else _paused(lead, asked, rules)
    return replace(with_task(ticket, changed), state=TicketState.HANDLING)


def _extended(task: Task, wish: Wish, asked: Request, rules: WorkRules) -> Task:
    by = Extension(
        by=limit_of(asked.by),
        asked_at=asked.at,
        at=wish.at,
        approver=wish.actor.name,
        role=wish.actor.role,
        reason=asked.reason,
    )
    clocks = task.clocks
    for kind in WHOLE:
        if going := running(clocks, kind):
            longer = extended(going, by, rules.limits.extension, rules.limits.office)
            clocks = with_changed(clocks, longer)
    return replace(task, clocks=clocks)


def _paused(task: Task, asked: Request, rules: WorkRules) -> Task:
    clocks = task.clocks
    for kind in WHOLE:
        if going := running(clocks, kind):
            still = paused(going, max(asked.at, going.last_touched), asked.reason, rules.limits.pause_reasons)
            clocks = with_changed(clocks, still)
    return replace(task, clocks=clocks)


def decline(ticket: Ticket, _wish: Wish, _rules: WorkRules) -> Ticket:
    """不同意申请: everything runs on as it did."""
    return replace(ticket, state=TicketState.HANDLING)


def resume(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """恢复计时. Raises StepRefused when nothing stands still."""
    task = the_task(ticket, wish)
    clocks = task.clocks
    for kind in WHOLE:
        going = running(clocks, kind)
        if going is not None and going.paused:
            clocks = with_changed(clocks, resumed(going, wish.at, rules.limits.office))
    if clocks == task.clocks:
        raise StepRefused(action=wish.action, why="没有暂停的时钟")
    return with_task(ticket, replace(task, clocks=clocks))


def done(ticket: Ticket, wish: Wish, rules: WorkRules) -> Ticket:
    """办结上报: with the proof that the citizen was told, and the signature of the unit's head."""
    task = the_task(ticket, wish)
    assert wish.outcome is not None  # noqa: S101 - a guard asked
    finished = replace(
        all_stopped(task, wish.at, rules),
        state=TaskState.DONE,
        outcomes=(*task.outcomes, wish.outcome),
    )
    return replace(with_task(ticket, finished), state=TicketState.TO_CHECK)


def again(ticket: Ticket, wish: Wish, rules: WorkRules, kind: ClockKind) -> Ticket:
    """Let the lead go on; a redo gets a fresh clock, what was taken back goes on by the old due time."""
    lead = ticket.lead
    if lead is None:
        raise StepRefused(action=wish.action, why="没有承办过的单位, 请重新派单")
    fresh = one_clock(kind, ticket, lead.unit, wish.at, rules)
    going = replace(lead, state=TaskState.HANDLING, clocks=(*lead.clocks, fresh))
    return replace(with_task(ticket, going), state=TicketState.HANDLING)


def take_back_done(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """撤回上报: the clocks run on as if nothing had been reported."""
    lead = the_task(ticket, wish)
    last = max(clock.stopped_at for clock in lead.clocks if clock.stopped_at)
    clocks = tuple(
        replace(clock, stopped_at=None) if clock.stopped_at == last else clock for clock in lead.clocks
    )
    going = replace(
        lead, state=TaskState.HANDLING, clocks=clocks, outcomes=lead.outcomes[:-1], reviewed_by=""
    )
    return replace(with_task(ticket, going), state=TicketState.HANDLING)


def unit_pass(ticket: Ticket, wish: Wish, _rules: WorkRules) -> Ticket:
    """单位复核通过: the upper unit has looked at what the lower one reports."""
    lead = the_task(ticket, replace(wish, unit=ticket.lead.unit if ticket.lead else ""))
    return with_task(ticket, replace(lead, reviewed_by=wish.actor.name))
