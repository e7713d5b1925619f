"""A contact's telephone with the link of a short message, and what he sends from it."""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

import httpx2

from console.page_links import Holder, holder_in, holder_of
from core.ids import TicketNo
from tests.fakes.channels import LINKS, Counter
from tests.fakes.organisation import unit
from tickets import unit_store, user_store
from tickets.model import Ticket
from tickets.roles import Actor
from tickets.units import Person, Post
from tickets.user_store import User
from tickets.wish import Action

CONTACT = Person(post=Post.CONTACT, name="小周", phone="13900001111")
HEAD = Person(post=Post.HEAD, name="王局长", phone="13900003333")
UNIT = replace(unit("02", "住建局", "01"), people=(CONTACT, HEAD))


def with_unit(counter: Counter) -> Counter:
    """Let the housing bureau have a contact and a head."""
    counter.office.database.now(lambda c: unit_store.put_units(c, [UNIT]))
    return counter


class Telephone:
    """A contact's telephone with one link."""

    def __init__(self, counter: Counter, ticket: Ticket, person: Person = CONTACT) -> None:
        self.counter = counter
        self.ticket = ticket
        self.holder = holder_in(UNIT, person)
        assert self.holder is not None
        self.link = path_for(counter, ticket.ticket_no, self.holder)

    @property
    def kept(self) -> Ticket:
        return self.counter.office.kept(self.ticket.ticket_no)

    async def look(self) -> httpx2.Response:
        return await self.counter.client.get(self.link)

    async def send(self, action: Action, **typed: str) -> httpx2.Response:
        return await self.send_old(self.kept.version, action, **typed)

    async def send_old(self, version: int, action: Action, **typed: str) -> httpx2.Response:
        return await post(self.counter, self.link, {"step": action.value, "version": f"{version}", **typed})

    async def offered(self) -> set[str]:
        text = (await self.look()).text
        return set(re.findall(r'name="step" value="([^"]+)"', text))


def path_for(counter: Counter, number: TicketNo, holder: Holder) -> str:
    address = LINKS.address(number, holder, counter.office.clock.now())
    return address.removeprefix("https://12345.city.example/hotline")


async def post(counter: Counter, link: str, typed: Mapping[str, str]) -> httpx2.Response:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return await counter.client.post(link, content=urlencode(typed), headers=kind)


def as_user(counter: Counter, actor: Actor, *, active: bool = True) -> Holder:
    user = User(
        name=actor.name,
        role=actor.role,
        unit=actor.unit,
        seat="",
        active=active,
        added_at=counter.office.clock.now(),
        added_by="root",
    )
    counter.office.database.now(lambda c: user_store.put_users(c, [user]))
    return holder_of(user)
