"""What comes after a matter was handled: the visit group, and the rules held against what happened."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tests.acceptance.city import City
from tests.fakes.organisation import unit
from tests.fakes.work import FIVE, HOUSING, REVIEWER, VISITOR, outcome
from tickets import unit_store
from tickets.consequences import Judged
from tickets.consequences_desk import Finding, enter, judge, period_between
from tickets.consequences_facts import Evidence, Material, Person
from tickets.consequences_policy import ConsequencePolicy, read_consequences
from tickets.model import Attachment, Ticket, Visit
from tickets.roles import Actor, Role
from tickets.units import Person as Named
from tickets.units import Post
from tickets.visits_desk import Asking, VisitDesk
from tickets.visits_policy import read_visits
from tickets.visits_rates import Rated, Satisfaction, satisfaction
from tickets.wish import Action

STATIONED = Actor(name="纪检孙", role=Role.STATIONED)


class Visits:
    """The visit group of a city."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.policy = read_visits(city.profile)
        self.desk = VisitDesk(city.database, city.desk, self.policy)

    async def told(self, handle: str, **fields: str) -> Ticket:
        """A matter is handled, and the citizen says how it was."""
        return await self.record(await to_visit(self.city, **fields), handle)

    async def record(self, ticket: Ticket, handle: str) -> Ticket:
        return await self.desk.record(ticket.ticket_no, self.visit(handle), VISITOR)

    def visit(self, handle: str) -> Visit:
        self.city.clock.forward(300)
        return Visit(at=self.city.clock.now(), by=VISITOR.name, handle_sat=handle, note="没有修好")

    def asking(self, actor: Actor, reason: str = "") -> Asking:
        self.city.clock.forward(300)
        return Asking(actor=actor, at=self.city.clock.now(), reason=reason, note="要求赔偿十倍")

    async def rated(self) -> list[Rated]:
        now = self.city.clock.now()
        return await self.desk.rated(now.replace(month=1, day=1), now.replace(month=12, day=31))

    async def rate(self) -> Satisfaction:
        return satisfaction(await self.rated(), self.policy)[0]


async def to_visit(city: City, **fields: str) -> Ticket:
    """A matter that its unit has handled and the centre has accepted."""
    ticket = await city.submitted(fields={**FIVE, **fields})
    ticket = await city.sent(ticket)
    return await finished(city, ticket)


async def finished(city: City, ticket: Ticket, actor: Actor = HOUSING) -> Ticket:
    """The unit signs, meets the citizen, and reports done; the centre accepts it."""
    return await city.take(await reported(city, ticket, actor), Action.ACCEPT, REVIEWER)


async def reported(city: City, ticket: Ticket, actor: Actor = HOUSING) -> Ticket:
    if ticket.lead and ticket.lead.signed_at is None:
        ticket = await city.take(ticket, Action.SIGN, actor)
    if city.policies.flow.done_papers and not ticket.demand.attachments:
        ticket = await stamped(city, ticket, actor)
    ticket = await city.take(ticket, Action.CONTACT, actor, text="已电话联系")
    return await city.take(ticket, Action.DONE, actor, outcome=outcome(city.clock.now()))


async def stamped(city: City, ticket: Ticket, actor: Actor) -> Ticket:
    paper = Attachment(name="反馈单.pdf", size=1000, sha256="a" * 64, kind=city.policies.flow.done_papers[0])
    return await city.take(ticket, Action.ATTACH, actor, attachment=paper)


class Rules:
    """The rules of a city, held against what happened at its desk."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.policy: ConsequencePolicy = read_consequences(city.profile)

    def judged(self, first: str, last: str) -> Judged:
        return self._judge(first, last)[1]

    def material(self, first: str, last: str) -> Material:
        return self._judge(first, last)[0]

    def _judge(self, first: str, last: str) -> tuple[Material, Judged]:
        period = period_between(date.fromisoformat(first), date.fromisoformat(last))
        return self.city.database.now(lambda connection: judge(connection, period, self.policy))

    def rows(self, basis: str, first: str, last: str) -> list[Evidence]:
        return [row for row in self.judged(first, last).rows if row.rule == basis]

    def enter(self, kind: str, *tickets: Ticket, actor: Actor = STATIONED, people: Sequence[str] = ()) -> int:
        """Put down what persons have decided about the housing bureau."""
        self.city.clock.forward(300)
        finding = Finding(
            kind=kind,
            unit="02",
            persons=tuple(Person(name=name, post="主要领导") for name in people or ("王局长",)),
            tickets=tuple(ticket.ticket_no for ticket in tickets),
            reason="经查属实",
        )
        at = self.city.clock.now()
        return self.city.database.now(lambda one: enter(one, finding, actor, at, self.policy))


def bring_units(city: City, number: int) -> list[Actor]:
    """So many more bureaus, each with a head; gives the contact of each."""
    head = Named(post=Post.HEAD, name="局长", phone="1")
    fresh = [unit(f"u{each:02d}", f"第{each}局", "01") for each in range(number)]
    fresh = [replace(one, people=(*one.people, replace(head, name=f"{one.name}局长"))) for one in fresh]
    city.database.now(lambda connection: unit_store.put_units(connection, fresh))
    return [Actor(name=f"{one.name}联络员", role=Role.CONTACT, unit=one.unit_id) for one in fresh]
