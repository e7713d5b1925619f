"""A city at work: its desk, its deadlines, its circulars, with what its profile says."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from core.clock import SHANGHAI
from core.database import Database
from tests.fakes.work import HOUSING, REVIEWER, SEAT, Office
from tickets.circular_store import material_between
from tickets.circulars.circular import Circular, asked_for, circular_of
from tickets.circulars.period import Kind, period_of
from tickets.circulars.policy import read_circular_policy
from tickets.deadlines import Case, ClockKind
from tickets.flow_policy import read_flow
from tickets.limit_file import read_policy
from tickets.model import Attachment, Ticket
from tickets.timers import Timers
from tickets.wish import Action
from tickets.work_desk import Policies


class City(Office):
    """An office that works by one city's profile."""

    def __init__(self, database: Database, profile: Path) -> None:
        self.profile = profile
        self.policies = Policies(limits=read_policy(profile), flow=read_flow(profile))
        super().__init__(database, self.policies)
        self.timers = Timers(database, self.outbox, self.policies, self.clock)

    def at(self, written: str) -> datetime:
        """Let it be so late, as ``2026-03-02 21:11``."""
        self.clock.at = datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)
        return self.clock.at

    def limit(self, clock: ClockKind = ClockKind.FINISH, **case: str) -> str:
        """How long something may take, as written in the profile."""
        rule = self.policies.limits.deadlines.rule_for(clock, Case(**case))
        assert rule is not None
        return str(rule.limit)

    def due(self, at: str, clock: ClockKind = ClockKind.FINISH, **case: str) -> str:
        """By when it has to be done, as ``2026-03-02 21:41``."""
        received = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
        due = self.policies.limits.deadlines.due_for(clock, Case(**case), received)
        assert due is not None
        return f"{due.due:%Y-%m-%d %H:%M}"

    async def sent(self, ticket: Ticket, *assists: str, **other: object) -> Ticket:
        """Hand a submitted demand to the housing bureau, and to those who assist."""
        return await self.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",), assists=assists, **other)

    async def reported(self, ticket: Ticket) -> Ticket:
        """Done, with all that this city wants to see before that."""
        flow = self.policies.flow
        if flow.meet_citizen and ticket.lead and not ticket.lead.contacts:
            ticket = await self.take(ticket, Action.CONTACT, HOUSING, text="上门见面")
        for kind in flow.done_papers:
            paper = Attachment(
                name=f"{kind}.pdf", size=1000, sha256=sha256(kind.encode()).hexdigest(), kind=kind
            )
            ticket = await self.take(ticket, Action.ATTACH, HOUSING, attachment=paper)
        return await super().reported(ticket)

    async def told(self) -> list[str]:
        """Let the timers look, and give what was told of since, with whom it is about."""
        before = len(self.ear.heard)
        await self.timers.look()
        await self.outbox.deliver_once()
        return [f"{fact.action} {fact.about}" for fact in self.ear.heard[before:]]  # type: ignore[attr-defined]

    async def answered(self, **other: object) -> Ticket:
        """A demand that was answered on the line."""
        ticket = await self.opened(**other)
        return await self.take(ticket, Action.ANSWER, SEAT, text="已解答", passed=True)

    @property
    def regular(self) -> tuple[Kind, ...]:
        """Which circulars this city issues whenever a period is over."""
        return read_circular_policy(self.profile).regular

    def circular(self, kind: Kind, topic: str = "", district: str = "") -> Circular:
        """The circular of the period of this day, as of now."""
        now = self.clock.now()
        asked = replace(asked_for(kind, now, period_of(kind, now.date()), topic), district=district)
        policy = read_circular_policy(self.profile)
        material = self.database.now(lambda one: material_between(one, asked.before.since, asked.as_of))
        return circular_of(asked, material, policy)
