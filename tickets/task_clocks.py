"""任务时钟: which clocks start and stop with a unit's task, by the rules of the profile."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from core.errors import HotlineError
from tickets.clock_changes import DueInThePast, DueWish, instructed, stopped
from tickets.clocks import Clock, running, started, with_changed, with_started
from tickets.deadlines import Case, ClockKind, Matter
from tickets.guards import WorkRules
from tickets.model import Ticket
from tickets.tasks import Part, Task
from tickets.units import UnitId

AT_DISPATCH = (ClockKind.SIGN, ClockKind.FINISH, ClockKind.CONTACT, ClockKind.REPLY)
FOR_ASSISTS = (ClockKind.SIGN, ClockKind.FINISH)


class NoRuleForThis(HotlineError):
    """时限规则里没有这种情形的时限:请在 limits.toml 里补上。"""


def case_of(ticket: Ticket, unit: str, rules: WorkRules) -> Case:
    """Say what the limits of this unit depend on."""
    return Case(
        channel=ticket.src_channel,
        mode=ticket.work.mode,
        unit_class=rules.tree.unit(UnitId(unit)).unit_class if unit else "",
        urgency=ticket.urgency,
        demand_type=ticket.demand_type,
        area=ticket.demand.area or "",
        matter=ticket.work.matter,
    )


def fresh_clocks(ticket: Ticket, task: Task, at: datetime, rules: WorkRules) -> tuple[Clock, ...]:
    """Give the clocks that start when a task is given; the scene's only where somebody must go there."""
    case = case_of(ticket, task.unit, rules)
    kinds: Sequence[ClockKind] = AT_DISPATCH if task.part is Part.LEAD else FOR_ASSISTS
    if rules.limits.urgent_rules(case) is not None or ticket.work.matter is Matter.WHISTLE:
        kinds = (*kinds, ClockKind.ARRIVE)
    found: tuple[Clock, ...] = ()
    for kind in kinds:
        rule = rules.limits.deadlines.rule_for(kind, case)
        if rule is not None:
            found = with_started(found, started(kind, rule, at, rules.limits.office))
    return found


def one_clock(kind: ClockKind, ticket: Ticket, unit: str, at: datetime, rules: WorkRules) -> Clock:
    """Start a clock by its rule; raises NoRuleForThis."""
    rule = rules.limits.deadlines.rule_for(kind, case_of(ticket, unit, rules))
    if rule is None:
        raise NoRuleForThis(clock=kind)
    return started(kind, rule, at, rules.limits.office, redo=ticket.work.redos + ticket.work.reopened)


def stop(
    clocks: Iterable[Clock], kinds: Collection[ClockKind], at: datetime, rules: WorkRules
) -> tuple[Clock, ...]:
    """Stop the clocks of these kinds that run."""
    return tuple(
        stopped(clock, at, rules.limits.office) if clock.kind in kinds and clock.stopped_at is None else clock
        for clock in clocks
    )


def all_stopped(task: Task, at: datetime, rules: WorkRules) -> Task:
    """Stop whatever runs for this task."""
    return replace(task, clocks=stop(task.clocks, tuple(ClockKind), at, rules))


def with_due(task: Task, wish: DueWish, rules: WorkRules) -> Task:
    """Move the due time of the whole task to the one that was named; raises DueInThePast.

    What has to be done before or with the whole is due no later than it.
    """
    whole = task.whole
    if whole is None or whole.stopped_at is not None:
        return task
    if wish.due <= wish.at:
        raise DueInThePast(asked=wish.due.isoformat(timespec="minutes"))
    clocks = with_changed(task.clocks, instructed(whole, wish, rules.limits.office))
    for kind in (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.ARRIVE, ClockKind.REPLY):
        part = running(clocks, kind)
        if part is not None and (part.due > wish.due or kind is ClockKind.REPLY):
            clocks = with_changed(clocks, instructed(part, wish, rules.limits.office))
    return replace(task, clocks=clocks)


def with_task(ticket: Ticket, changed: Task) -> Ticket:
    """Put a changed task in the place of the one with its number."""
    tasks = tuple(changed if task.number == changed.number else task for task in ticket.work.tasks)
    return replace(ticket, work=replace(ticket.work, tasks=tasks))
