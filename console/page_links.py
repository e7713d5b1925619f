"""手机链接: opens one work order for one person until a day; signed, so that nobody makes one himself."""

import base64
import binascii
import hashlib
import hmac
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.errors import HotlineError
from core.ids import TicketNo
from tickets.roles import Actor, Role
from tickets.units import Person, Post, Unit
from tickets.user_store import User

PATH = "/m/"
WHOLE = re.compile(r"[A-Za-z0-9_-]{48}")
TOLD = struct.Struct(">QI8s")
"""The work order, the minute in which it ends, and the mark of who holds it."""
SIGN_LENGTH = 16
MINUTE = 60
ROLES: Mapping[Post, Role] = {
    Post.CONTACT: Role.CONTACT,
    Post.HEAD: Role.UNIT_HEAD,
    Post.DEPUTY: Role.UNIT_HEAD,
}
"""As what somebody of a unit acts from his telephone; others get no link."""


class LinkUnusable(HotlineError):
    """这个链接打不开:可能已经过期或停用, 请使用最近一条短信里的链接, 或向热线办索取。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """持有人: ``known_by`` is what else must still be true of him, his telephone for instance."""

    actor: Actor
    known_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link says; ``mark`` tells its holder from everybody else, and nobody who he is."""

    number: TicketNo
    mark: bytes
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """``key`` is the hotline's own: with another one every link that was ever given out is void."""

    key: str = field(repr=False)
    public_url: str
    days: int

    def address(self, number: TicketNo, holder: Holder | None, at: datetime) -> str:
        """Give the address for somebody, as of now; empty when we cannot be reached, or he gets none."""
        if not self.public_url or holder is None:
            return ""
        until = at + timedelta(days=self.days)
        return f"{self.public_url.rstrip('/')}{PATH}{self.sealed(number, holder, until)}"

    def sealed(self, number: TicketNo, holder: Holder, until: datetime) -> str:
        """Give the signed part of the address."""
        told = TOLD.pack(int(number), int(until.timestamp()) // MINUTE, self.mark(holder))
        return base64.urlsafe_b64encode(told + self._sign(told)).decode()

    def read(self, sealed: str, now: datetime) -> Link:
        """Give what it says; raises LinkUnusable for one that is not ours, was changed, or has ended."""
        if not WHOLE.fullmatch(sealed):
            raise LinkUnusable
        try:
            whole = base64.urlsafe_b64decode(sealed)
        except binascii.Error as error:
            raise LinkUnusable from error
        told, sign = whole[: TOLD.size], whole[TOLD.size :]
        if not hmac.compare_digest(sign, self._sign(told)):
            raise LinkUnusable
        number, minute, mark = TOLD.unpack(told)
        until = datetime.fromtimestamp(minute * MINUTE, now.tzinfo)
        if now >= until:
            raise LinkUnusable
        return Link(number=TicketNo(f"{number:018d}"), mark=mark, until=until)

    def mark(self, holder: Holder) -> bytes:
        """Give the mark of somebody, as he is now."""
        actor = holder.actor
        told = f"holder\x1f{actor.name}\x1f{actor.role}\x1f{actor.unit}\x1f{holder.known_by}"
        return self._digest(told.encode())[:8]

    def _sign(self, told: bytes) -> bytes:
        return self._digest(b"link\x1f" + told)[:SIGN_LENGTH]

    def _digest(self, told: bytes) -> bytes:
        return hmac.new(self.key.encode(), told, hashlib.sha256).digest()


def holder_in(unit: Unit, person: Person) -> Holder | None:
    """Give somebody of a unit as who may hold a link; None for who gets none."""
    role = ROLES.get(person.post)
    if role is None:
        return None
    actor = Actor(name=person.name, role=role, unit=unit.unit_id)
    return Holder(actor=actor, known_by=f"{person.post} {person.phone}")


def holder_of(user: User) -> Holder:
    """Give a user of the hotline as who may hold a link."""
    return Holder(actor=Actor(name=user.name, role=user.role, unit=user.unit), known_by="user")
