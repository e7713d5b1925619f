"""短信: tells citizens and contacts what the profile's texts say; each message leaves the house once."""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog

from console.http_post import HttpPost, NoAnswer, NotReached
from console.page_links import Holder, Links, holder_in
from console.sms_store import (
    MessageState,
    ShortMessage,
    add_messages,
    claim_message,
    doubt_messages,
    settle_message,
)
from console.sms_texts import LINK, WARNING, MessageRule, Receiver, SmsPolicy
from core.clock import Clock
from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from core.events import TicketStepped
from core.outbox import Listener
from core.privacy import masked_number
from tickets import store, unit_store
from tickets.answers import answer_of
from tickets.model import Ticket
from tickets.units import Post, Unit, UnitId, UnitTree

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 900, 3600))
MOST_TRIES = 24
LOOK_SECONDS = 1.0
MOST_DIGITS = 20
LEAST_DIGITS = 5
ANSWER_LENGTH = 200
POSTS: Mapping[Receiver, tuple[Post, ...]] = {
    Receiver.CONTACT: (Post.CONTACT,),
    Receiver.HEADS: (Post.HEAD, Post.DEPUTY),
}
TITLE_LENGTH = 30


class Refused(HotlineError):
    """短信网关不收这一条。"""


class Gateway(Protocol):
    """Where messages leave the house. Raises NotReached (nothing sent), NoAnswer (perhaps) or Refused."""

    async def send(self, message: ShortMessage) -> str:
        """Hand one over; gives what the other side said."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What happened to which work order; ``unit`` is the one in charge, None when there is none."""

    fact: TicketStepped
    ticket: Ticket
    unit: Unit | None


class SmsDesk:
    """The outbox's listener: keeps what is to be sent, and sends nothing itself."""

    def __init__(self, database: Database, policy: SmsPolicy, links: Links) -> None:
        """Look at nothing yet."""
        self._database = database
        self._policy = policy
        self._links = links

    @property
    def listener(self) -> Listener:
        """Steps of work orders."""
        return Listener(name="sms", wants={TicketStepped: self.keep})

    async def keep(self, fact: TicketStepped) -> None:
        """Keep the messages that a step leads to; told twice is once."""
        step = WARNING if fact.about else fact.action
        rules = [rule for rule in self._policy.message if step in rule.on]

        def work(connection: Connection) -> None:
            ticket = store.ticket_by_number(connection, fact.ticket_no)
            if ticket is not None:
                unit = _unit(UnitTree(unit_store.units_known(connection)), fact.unit)
                occasion = Occasion(fact=fact, ticket=ticket, unit=unit)
                add_messages(connection, list(_messages(rules, occasion, self._links)))

        if rules:
            await self._database.in_transaction(work)


def _messages(rules: list[MessageRule], occasion: Occasion, links: Links) -> Iterator[ShortMessage]:
    fact, ticket = occasion.fact, occasion.ticket
    words = _words(fact, ticket, occasion.unit)
    for rule in rules:
        if rule.channels and ticket.src_channel not in rule.channels:
            continue
        for phone, holder in _receivers(rule, occasion):
            address = links.address(fact.ticket_no, holder, fact.at)
            tail = rule.with_link.format_map({**words, LINK: address}) if address else ""
            step = "" if rule.once else f"{fact.action}{fact.seq}{fact.about}"
            whole = f"{fact.ticket_no}|{rule.name}|{phone}|{step}"
            yield ShortMessage(
                once=hashlib.sha256(whole.encode()).hexdigest(),
                ticket_no=fact.ticket_no,
                kind=rule.name,
                phone=phone,
                text=rule.text.format_map(words) + tail,
                at=fact.at,
                state=MessageState.WAITING,
                tries=0,
                next_at=fact.at,
                said="",
            )


def _words(fact: TicketStepped, ticket: Ticket, unit: Unit | None) -> Mapping[str, str]:
    return {
        "number": ticket.ticket_no,
        "code": ticket.query_code,
        "title": (ticket.title or ticket.category or "诉求")[:TITLE_LENGTH],
        "due": f"{ticket.due:%m月%d日%H:%M}" if ticket.due else "规定时限",
        "answer": answer_of(ticket)[:ANSWER_LENGTH] or "请查询办理情况",
        "unit": unit.name if unit else "承办单位",
        "about": fact.about,
    }


def _unit(tree: UnitTree, unit_id: str) -> Unit | None:
    return next((unit for unit in tree if unit.unit_id == UnitId(unit_id)), None)


def _receivers(rule: MessageRule, occasion: Occasion) -> Iterator[tuple[str, Holder | None]]:
    """Give who is told by which number; one with two posts is told once."""
    found: dict[str, Holder | None] = {}
    if rule.to is Receiver.CITIZEN:
        found[occasion.ticket.phone] = None
    elif occasion.unit is not None:
        for post in POSTS[rule.to]:
            for person in occasion.unit.people_as(post):
                found.setdefault(person.phone, holder_in(occasion.unit, person))
    return ((phone, holder) for phone, holder in found.items() if can_be_reached(phone))


def can_be_reached(phone: str) -> bool:
    """Tell whether it can be a telephone number; a register may hold anything."""
    digits = phone.lstrip("+").replace("-", "").replace(" ", "")
    return digits.isascii() and digits.isdigit() and LEAST_DIGITS <= len(digits) <= MOST_DIGITS


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGateway:
    """短信网关: takes one message per POST; ``id`` is the same when a message is sent again."""

    url: str
    key: str = field(repr=False)
    post: HttpPost

    async def send(self, message: ShortMessage) -> str:
        """Hand it over; raises NotReached, NoAnswer or Refused."""
        body = json.dumps(
            {"id": message.once, "phone": message.phone, "text": message.text}, ensure_ascii=False
        )
        headers = {"Idempotency-Key": message.once}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        status = await self.post.send(self.url, body, headers)
        if status >= 500:
            raise NotReached(status=status)
        if status >= 300:
            raise Refused(status=status)
        return f"HTTP {status}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """短信文件夹: without a gateway every message is a file, whole or not at all, for another program."""

    folder: Path

    async def send(self, message: ShortMessage) -> str:
        """Write it; raises NotReached when the folder cannot be written to."""
        name = f"{message.at:%Y%m%d-%H%M%S}-{message.once[:16]}.json"
        body = {
            "id": message.once,
            "phone": message.phone,
            "text": message.text,
            "ticket_no": message.ticket_no,
            "kind": message.kind,
        }
        try:
            self.folder.mkdir(exist_ok=True)
            fresh = self.folder / f".{name}"
            fresh.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
            fresh.replace(self.folder / name)
        except OSError as error:
            raise NotReached(reason=error.strerror) from error
        return name


class SmsPost:
    """Sends what waits; what may have been sent is never sent again by itself."""

    def __init__(self, database: Database, gateway: Gateway, clock: Clock) -> None:
        """Send nothing yet."""
        self._database = database
        self._gateway = gateway
        self._clock = clock
        self._asked_what_was_left = False

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                while await self.send_next():
                    pass
            except DatabaseTrouble as error:
                log.warning("数据库不在, 短信稍后再发", reason=type(error).__name__)
                # Something may have been sent that could not be written down.
                self._asked_what_was_left = False
            await asyncio.sleep(LOOK_SECONDS)

    async def send_next(self) -> bool:
        """Send the one that is due first; False when none is."""
        await self._doubt_what_was_left()
        # One at a time: when we die in the middle, no more than one is uncertain.
        message = await self._database.in_transaction(lambda c: claim_message(c, self._clock.now()))
        if message is not None:
            await self._send(message)
        return message is not None

    async def _doubt_what_was_left(self) -> None:
        if self._asked_what_was_left:
            return
        left = await self._database.in_transaction(doubt_messages)
        self._asked_what_was_left = True
        if left:
            log.warning(
                "有短信不知是否送出, 请核对后决定是否重发: ./hotline sms list --state 不确定", number=left
            )

    async def _send(self, message: ShortMessage) -> None:
        now = self._clock.now()
        try:
            said = await self._gateway.send(message)
        except NotReached as error:
            last = message.tries + 1 >= MOST_TRIES
            state = MessageState.FAILED if last else MessageState.WAITING
            pause = PAUSES[min(message.tries, len(PAUSES) - 1)]
            await self._settle(message, state, str(error), now + pause)
        except NoAnswer as error:
            await self._settle(message, MessageState.UNCERTAIN, str(error), now)
        except Refused as error:
            await self._settle(message, MessageState.FAILED, str(error), now)
        else:
            await self._settle(message, MessageState.SENT, said, now)

    async def _settle(self, message: ShortMessage, state: MessageState, said: str, next_at: datetime) -> None:
        if state in (MessageState.FAILED, MessageState.UNCERTAIN):
            log.warning(
                "短信没有送出",
                state=state,
                ticket=message.ticket_no,
                to=masked_number(message.phone),
                reason=said,
            )
        await self._database.in_transaction(
            lambda connection: settle_message(connection, message, state, said=said, next_at=next_at)
        )
