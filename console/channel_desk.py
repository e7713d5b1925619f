"""渠道台: what other systems and citizens do with work orders besides calling; told twice is once."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from console import key_store
from console.api_keys import ApiKey, KeyUnknown, digest_of
from console.key_store import Delivery
from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import store, work_store
from tickets.model import Ticket, TicketState
from tickets.roles import Actor, May, may
from tickets.transitions import WRITERS, NotInThisState
from tickets.wish import Action, Wish
from tickets.work_desk import Arrival, MayNotSee, NoSuchTicket, WorkDesk

Result = TypeVar("Result")
MOST_OF_A_SOURCE = 5000
"""A source lists no more than the last so many that it handed in."""
NO_TICKET = TicketNo("")
NOTHING_KNOWN = " " * 6
"""Compared with the code when there is no such work order, so that a wrong number takes as long."""


class OtherDelivery(HotlineError):
    """同一个来件编号, 内容却和上次不同:新的来件请用新的编号。"""


class KeyMayNot(HotlineError):
    """这个密钥的角色不能递交来件:请用角色是“系统”的密钥。"""


class UpdateOutOfOrder(HotlineError):
    """更新的次序不对:这张工单已经收到过同样或更后的序号, 这一条没有采用。"""


class NotFound(HotlineError):
    """工单编号或查询码不对。"""


class Kind(StrEnum):
    """更新: what a source may say about a work order that it handed in."""

    URGE = "催办"
    SUPPLEMENT = "补充"
    WITHDRAW = "撤单"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """来件: a demand by some channel, under the key by which its source knows it."""

    channel: str
    key: str
    phone: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """更新; ``seq`` grows from 1 with every update of this work order by this source."""

    key: str
    kind: Kind
    seq: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """受理结果; ``fresh`` is False when it had been taken before."""

    ticket: Ticket
    fresh: bool


class ChannelDesk:
    """What it does is done by the desk of work orders, as the key's role."""

    def __init__(self, database: Database, desk: WorkDesk, clock: Clock) -> None:
        """Look at nothing yet."""
        self._database = database
        self._desk = desk
        self._clock = clock
        self._one_update = asyncio.Lock()

    async def key(self, secret: str) -> ApiKey:
        """Give whose key it is; raises KeyUnknown."""
        known = await self._read(lambda connection: key_store.key_of(connection, digest_of(secret)))
        if known is None:
            raise KeyUnknown
        return known

    async def key_named(self, name: str) -> ApiKey:
        """Give the key in use of this name, which has been proved otherwise; raises KeyUnknown."""
        for key in await self._read(key_store.keys_known):
            if key.name == name and key.revoked_at is None:
                return key
        raise KeyUnknown

    async def take_in(self, key: ApiKey, told: Incoming) -> TakenIn:
        """受理: one work order for each delivery, submitted to the reviewer; raises what refuses it."""
        if key.role not in WRITERS:
            raise KeyMayNot(role=key.role)
        own = self._delivery(key, told.key, plain_of(told))
        known = await self._known(own)
        if known is not None:
            return TakenIn(ticket=await self._desk.ticket(known.ticket_no), fresh=False)
        number = await self._completed(key, told, own.at)
        own = replace(own, ticket_no=number)
        # Noted at the end: who broke off in the middle goes on where he stopped when it is told again.
        fresh = await self._database.in_transaction(lambda c: key_store.claim_delivery(c, own))
        if not fresh:
            await self._known(own)
        return TakenIn(ticket=await self._desk.ticket(number), fresh=fresh)

    async def update(self, key: ApiKey, number: TicketNo, told: Update) -> Ticket:
        """更新 a work order that this source handed in; raises what refuses it, and changes nothing then."""
        own = replace(self._delivery(key, told.key, plain_of(told)), ticket_no=number, seq=told.seq)
        # One after the other: what was told later is never taken between the look and the step.
        async with self._one_update:
            ticket = await self.ticket(key, number)
            if await self._known(own) is not None:
                return ticket
            last = await self._read(lambda connection: key_store.last_seq(connection, key.name, number))
            if told.seq <= last:
                raise UpdateOutOfOrder(seq=told.seq, last=last)
            ticket = await self._desk.take(number, _wish(told, ticket, key.actor, own))
            await self._database.in_transaction(lambda c: key_store.claim_delivery(c, own))
        return ticket

    async def ticket(self, key: ApiKey, number: TicketNo) -> Ticket:
        """Give a work order that this key may see; raises NoSuchTicket for all others alike."""

        def look(connection: Connection) -> Ticket:
            found = store.ticket_by_number(connection, number)
            if found is None or not _may_see(connection, key, number):
                raise NoSuchTicket(ticket=number)
            return found

        return await self._read(look)

    async def listed(self, key: ApiKey, asked: work_store.Asked) -> list[Ticket]:
        """Give those of the newest work orders that this key may see."""

        def look(connection: Connection) -> list[Ticket]:
            if key.sees_all:
                return work_store.listing(connection, asked)
            numbers = key_store.numbers_from(connection, key.name, MOST_OF_A_SOURCE)
            return work_store.listing(connection, replace(asked, numbers=numbers))

        return await self._read(look)

    async def reveal(self, key: ApiKey, number: TicketNo, person: str, reason: str) -> Ticket:
        """调阅: give it unmasked, and keep who saw it through which key. Raises MayNotSee, NoSuchTicket."""
        await self.ticket(key, number)
        if not may(key.actor, May.REVEAL):
            raise MayNotSee(role=key.role)
        seen_by = Actor(name=f"{person} ({key.name})"[:40], role=key.role)
        return await self._desk.reveal(number, seen_by, self._clock.now(), reason)

    async def asked_by_citizen(self, number: str, code: str) -> Ticket:
        """查询 by number and query code; raises NotFound for a wrong one of either, which nobody can tell."""
        found = await self._read(lambda connection: store.ticket_by_number(connection, TicketNo(number)))
        expected = found.query_code if found else NOTHING_KNOWN
        same = hmac.compare_digest(expected.encode(), code.strip().upper().encode())
        if found is None or not same:
            raise NotFound
        return found

    async def answers(self) -> None:
        """Touch the database, for who asks whether we are well; raises DatabaseTrouble."""
        await self._read(lambda connection: key_store.delivery_of(connection, "", ""))

    async def _read(self, look: Callable[[Connection], Result]) -> Result:
        return await self._database.in_transaction(look)

    async def _known(self, own: Delivery) -> Delivery | None:
        known = await self._read(lambda connection: key_store.delivery_of(connection, own.source, own.key))
        if known is not None and known.digest != own.digest:
            raise OtherDelivery
        return known

    def _delivery(self, key: ApiKey, name: str, content: str) -> Delivery:
        return Delivery(
            source=key.name,
            key=digest_of(name),
            digest=digest_of(content),
            ticket_no=NO_TICKET,
            seq=0,
            at=self._clock.now(),
        )

    async def _completed(self, key: ApiKey, told: Incoming, at: datetime) -> TicketNo:
        """Open and submit it: no seat stands between a channel and the reviewer; what it lacks is said."""
        arrival = Arrival(
            channel=told.channel,
            key=f"{key.name}:{told.key}",
            at=at,
            actor=key.actor,
            phone=told.phone,
            fields=told.fields,
        )
        ticket = await self._desk.open(arrival)
        if ticket.state is not TicketState.DRAFT:
            return ticket.ticket_no
        if told.confidential and not ticket.citizen.confidential:
            await self._desk.take(ticket.ticket_no, Wish(action=Action.CONFIDE, actor=key.actor, at=at))
        reason = f"{ticket.src_channel}来件, 五要素以来件为准"
        wish = Wish(action=Action.SUBMIT, actor=key.actor, at=at, reason=reason)
        # The same one at the same moment may have been quicker.
        with suppress(NotInThisState):
            await self._desk.take(ticket.ticket_no, wish)
        return ticket.ticket_no


def plain_of(told: Incoming | Update) -> str:
    """Give the content of a delivery as one text, the same for the same content."""
    values = {name: getattr(told, name) for name in told.__dataclass_fields__}
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=dict)


def shortened(text: str) -> str:
    """Give a short name of a long one, for what has to fit into a column."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _may_see(connection: Connection, key: ApiKey, number: TicketNo) -> bool:
    return key.sees_all or key_store.is_from(connection, key.name, number)


def _wish(told: Update, ticket: Ticket, actor: Actor, own: Delivery) -> Wish:
    arrival = f"{own.source}:{shortened(told.key)}"
    wish = Wish(action=Action.URGE, actor=actor, at=own.at, arrival=arrival, text=told.text)
    if told.kind is Kind.WITHDRAW:
        return replace(wish, action=Action.WITHDRAW, reason=told.text)
    if told.kind is Kind.SUPPLEMENT:
        known = ticket.demand.note
        note = known if told.text in known else f"{known}\n{told.text}".strip()
        return replace(wish, action=Action.EDIT, fields={"note": note}, version=ticket.version)
    return wish
