"""到点提醒: looks at work orders whose clocks have come to a point, and tells of each point exactly once.

Any number of workers may run. A worker claims work orders by locks on their rows, which end with him, and
what he tells of is a row with a unique key, written in the transaction in which the fact is kept.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import structlog

from core.clock import Clock as Time
from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from core.events import TicketStepped
from core.ids import TicketNo
from core.outbox import Outbox
from tickets import due_warnings, store, unit_store, urgent_chain, work_store
from tickets.clocks import Clock
from tickets.due_warnings import AT_DUE
from tickets.guards import WorkRules
from tickets.model import ENDED, Ticket
from tickets.roster import whom_to_ring
from tickets.task_clocks import case_of
from tickets.tasks import Task
from tickets.units import UnitId, UnitTree
from tickets.urgent_chain import Escalation, Rung, UrgentChain
from tickets.work_desk import Policies

log = structlog.get_logger(__name__)

AT_A_TIME = 20
PAUSE_SECONDS = 5.0
AGAIN = timedelta(hours=1)
"""So long a work order whose clocks cannot be counted is left in peace."""
BEFORE = timedelta(seconds=1)
WARNING, ESCALATION = "预警", "升级"
CENTRE = 0
"""The number under which the centre's own clocks are kept, as if they were a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """到点: something to be told of, once; ``name`` tells it from every other of its task."""

    task: int
    unit: str
    name: str
    at: datetime
    action: str
    text: str


class Timers:
    """One worker."""

    def __init__(self, database: Database, outbox: Outbox, policies: Policies, time: Time) -> None:
        """Begin without looking."""
        self._database = database
        self._outbox = outbox
        self._policies = policies
        self._time = time

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                full = await self.look() == AT_A_TIME
            except DatabaseTrouble as error:
                log.warning("数据库不在, 到点提醒稍后再看", reason=type(error).__name__)
                full = False
            if not full:
                await asyncio.sleep(PAUSE_SECONDS)

    async def look(self) -> int:
        """Tell what has come to its point by now; give how many work orders were looked at."""
        now = self._time.now()

        def work(connection: Connection) -> int:
            claimed = work_store.claimed_timers(connection, now, AT_A_TIME)
            rules = self._rules(connection)
            for number in claimed:
                self._look_at(connection, number, rules, now)
            return len(claimed)

        looked = await self._database.in_transaction(work)
        if looked:
            self._outbox.wake()
        return looked

    def _rules(self, connection: Connection) -> WorkRules:
        tree = cache(lambda: UnitTree(unit_store.units_known(connection)))
        return WorkRules(limits=self._policies.limits, flow=self._policies.flow, units=tree)

    def _look_at(self, connection: Connection, number: TicketNo, rules: WorkRules, now: datetime) -> None:
        ticket = store.ticket_by_number(connection, number)
        if ticket is None or ticket.state in ENDED:
            work_store.set_timer(connection, number, None)
            return
        try:
            found = list(points(ticket, rules))
        except HotlineError as error:
            # One that no rule fits any more holds up no other.
            log.error("这张工单的时钟算不出, 一小时后再看", ticket=number, reason=str(error))  # noqa: TRY400 - a sentence, no trace
            work_store.set_timer(connection, number, now + AGAIN)
            return
        told = work_store.told_of(connection, number)
        coming = []
        for point in found:
            if (point.task, point.name) in told:
                continue
            if point.at > now:
                coming.append(point.at)
            else:
                self._tell(connection, (ticket, point), rules, now)
        work_store.set_timer(connection, number, min(coming, default=None))

    def _tell(
        self, connection: Connection, what: tuple[Ticket, Point], rules: WorkRules, now: datetime
    ) -> None:
        ticket, point = what
        warned = work_store.Warned(
            ticket_no=ticket.ticket_no,
            task=point.task,
            name=point.name,
            at=point.at,
            told_at=now,
            text=f"{point.text}{_whom(connection, point, rules)}",
        )
        if not work_store.add_warning(connection, warned):
            return
        fact = TicketStepped(
            call_id=ticket.call_id,
            at=now,
            ticket_no=ticket.ticket_no,
            action=point.action,
            was=ticket.state,
            now=ticket.state,
            seq=ticket.version,
            unit=point.unit,
            about=warned.text,
        )
        self._outbox.append(connection, fact)


def points(ticket: Ticket, rules: WorkRules) -> Iterator[Point]:
    """Give every point of every clock and of every urgent chain, told or not, past or to come."""
    for clock in ticket.work.clocks:
        yield from _of_clock(CENTRE, "", clock, rules)
    for task in ticket.work.tasks:
        for clock in task.clocks:
            yield from _of_clock(task.number, task.unit, clock, rules)
        if task.is_owed:
            yield from _of_chain(ticket, task, rules)


def _of_clock(task: int, unit: str, clock: Clock, rules: WorkRules) -> Iterator[Point]:
    ever = clock.due + timedelta(days=1)
    for warning in rules.limits.warnings.between(clock, clock.started_at, ever, ()):
        used_up = warning.percent == AT_DUE
        yield Point(
            task=task,
            unit=unit,
            name="/".join(f"{part}" for part in due_warnings.name_of(warning)),
            at=warning.at,
            action=WARNING,
            text=f"{clock.kind}{'到期' if used_up else f'时限已用{warning.percent}%'}",
        )


def _of_chain(ticket: Ticket, task: Task, rules: WorkRules) -> Iterator[Point]:
    minutes = rules.limits.urgent_rules(case_of(ticket, task.unit, rules))
    if minutes is None:
        return
    chain = chain_of(task)
    ever = max([chain.dispatched_at, *(eta.due for eta in chain.etas)]) + timedelta(days=30)
    for step in urgent_chain.escalations_between(chain, minutes, (chain.dispatched_at - BEFORE, ever), ()):
        yield Point(
            task=task.number,
            unit=task.unit,
            name=f"{step.owed}/{step.number}/{step.rung}",
            at=step.at,
            action=ESCALATION,
            text=_said(step),
        )


def chain_of(task: Task) -> UrgentChain:
    """Give how far a unit has come with what is urgent."""
    contacts = [one.at for one in task.contacts]
    return UrgentChain(
        dispatched_at=task.given_at,
        taken_on_at=task.signed_at,
        contacted_at=min(contacts, default=None),
        arrived_at=task.arrived_at,
        etas=tuple(urgent_chain.Eta(said_at=eta.said_at, due=eta.due) for eta in task.etas),
    )


def _said(step: Escalation) -> str:
    gap = ", 值班室脱岗" if step.duty_gap else ""
    return f"{step.owed}未做{gap}, 找{step.rung}"


def _whom(connection: Connection, point: Point, rules: WorkRules) -> str:
    """Name the person to ring; nothing for a warning, or when the unit has named nobody."""
    if point.action != ESCALATION:
        return ""
    rung = Rung(point.name.rpartition("/")[2])
    unit = rules.tree.unit(UnitId(point.unit))
    shifts = unit_store.shifts_between(connection, point.at, point.at + timedelta(seconds=1), [unit.unit_id])
    person = whom_to_ring(unit, shifts, rung, point.at)
    return f" {person.name}" if person else ", 没有登记"
