"""手机办理台: what somebody may see and do through a link, each step taken by the desk of work orders."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from console.mobile_steps import BY_ACTION, FORMS, Form, FormBroken, Typed, sample_of, wish_of
from console.page_links import Link, Links, LinkUnusable, holder_in, holder_of
from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from tickets import store, unit_store
from tickets.guards import StepRefused
from tickets.history import Event
from tickets.model import Ticket
from tickets.roles import Actor, May, may
from tickets.seeing import units_seen
from tickets.steps_intake import check_words
from tickets.units import UnitId, UnitTree
from tickets.user_store import users_known
from tickets.wish import Wish
from tickets.work_desk import StaleVersion, WorkDesk

log = structlog.get_logger(__name__)

MOST_TYPED = 200
"""A reason for looking is kept in a column of this length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """打开的: the work order, who looks at it, and the organisation in which he works."""

    ticket: Ticket
    actor: Actor
    tree: UnitTree


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """看到的: ``forms`` may be sent now; ``blocked`` says of the others what is still missing."""

    opened: Opened
    forms: tuple[Form, ...]
    blocked: tuple[tuple[Form, str], ...]
    history: tuple[Event, ...]
    may_reveal: bool


class MobileDesk:
    """Whoever comes without a link that fits hears the same, whatever is wrong with it."""

    def __init__(self, database: Database, desk: WorkDesk, links: Links, clock: Clock) -> None:
        """Look at nothing yet."""
        self._database = database
        self._desk = desk
        self._links = links
        self.clock = clock

    async def open(self, sealed: str) -> Opened:
        """Give what a link opens; raises LinkUnusable for everything that it does not."""
        link = self._links.read(sealed, self.clock.now())
        return await self._database.in_transaction(lambda connection: self._found(connection, link))

    async def view(self, sealed: str) -> View:
        """看: with the steps that are possible now; who looked is logged. Raises LinkUnusable."""
        opened = await self.open(sealed)
        ticket, actor = opened.ticket, opened.actor
        unit = next((one.unit_id for one in opened.tree if one.active), UnitId(""))
        samples = [sample_of(form, actor, self.clock.now(), unit) for form in FORMS]
        refusals = await self._desk.refusals(ticket.ticket_no, samples)
        history = await self._desk.history(ticket.ticket_no)
        log.info("手机页面打开", ticket=ticket.ticket_no, role=actor.role, unit=actor.unit, by=actor.name)
        told = list(zip(FORMS, refusals, strict=True))
        return View(
            opened=opened,
            forms=tuple(form for form, refusal in told if refusal is None),
            blocked=tuple((form, why) for form, refusal in told if (why := _missing(refusal))),
            history=tuple(reversed(history)),
            may_reveal=_may_reveal(opened),
        )

    async def take(self, sealed: str, values: Mapping[str, str]) -> Form:
        """办: take a step; sent twice it is taken once.

        Raises LinkUnusable, FormBroken, StaleVersion, or what refuses the step.
        """
        opened = await self.open(sealed)
        form = BY_ACTION.get(values.get("step", ""))
        version = values.get("version", "")
        if form is None or not (version.isascii() and version.isdigit()):
            raise FormBroken
        typed = Typed(actor=opened.actor, at=self.clock.now(), version=int(version), values=values)
        wish = wish_of(form, typed)
        try:
            await self._desk.take(opened.ticket.ticket_no, wish)
        except StaleVersion:
            if not await self._taken_before(opened.ticket, wish):
                raise
        return form

    async def reveal(self, sealed: str, reason: str) -> Ticket:
        """调阅: give the citizen's name and number, and keep who saw them and why.

        Raises LinkUnusable, TextUnusable or MayNotSee.
        """
        opened = await self.open(sealed)
        check_words(reason)
        why = f"手机页面: {reason.strip()}"[:MOST_TYPED] if reason.strip() else ""
        return await self._desk.reveal(opened.ticket.ticket_no, opened.actor, self.clock.now(), why)

    async def _taken_before(self, ticket: Ticket, wish: Wish) -> bool:
        """Tell whether the very next step after what he saw was this one of his."""
        assert wish.version is not None  # noqa: S101 - a form has one
        for event in await self._desk.history(ticket.ticket_no):
            if event.seq == wish.version + 1:
                told = (event.actor, event.role, event.action, event.reason)
                return told == (wish.actor.name, wish.actor.role, wish.action, wish.reason or wish.text)
        return False

    def _found(self, connection: Connection, link: Link) -> Opened:
        ticket = store.ticket_by_number(connection, link.number)
        if ticket is None:
            raise LinkUnusable
        tree = UnitTree(unit_store.units_known(connection))
        for actor in (*self._people(ticket, tree, link), *self._users(connection, link)):
            opened = Opened(ticket=ticket, actor=actor, tree=tree)
            if _may_see(opened):
                return opened
        raise LinkUnusable

    def _people(self, ticket: Ticket, tree: UnitTree, link: Link) -> list[Actor]:
        """Only units that have or had a task are looked through, and only as they are now."""
        holders = [
            holder_in(unit, person)
            for number in dict.fromkeys(task.unit for task in ticket.work.tasks)
            if (unit := tree.unit(UnitId(number))).active
            for person in unit.people
        ]
        return [one.actor for one in holders if one is not None and self._links.mark(one) == link.mark]

    def _users(self, connection: Connection, link: Link) -> list[Actor]:
        holders = [holder_of(user) for user in users_known(connection) if user.active]
        return [one.actor for one in holders if self._links.mark(one) == link.mark]


def _may_see(opened: Opened) -> bool:
    units = units_seen(opened.actor, opened.tree)
    return units is None or any(task.unit in units for task in opened.ticket.work.tasks)


def _may_reveal(opened: Opened) -> bool:
    secret = opened.ticket.citizen.confidential
    return may(opened.actor, May.REVEAL_CONFIDENTIAL if secret else May.REVEAL)


def _missing(refusal: HotlineError | None) -> str:
    """Say what is missing for a step that is his in this state; nothing of all others."""
    return f"{refusal.facts['why']}" if refusal is not None and type(refusal) is StepRefused else ""
