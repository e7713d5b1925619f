"""办理台: opens, moves, urges and reveals work orders; every use case in one transaction of its own."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, partial
from random import Random
from typing import TypeVar

from core.database import Connection, Database
from core.errors import HotlineError
from core.events import TicketStepped
from core.ids import CallId, SeatNo, TicketNo
from core.outbox import Outbox
from tickets import file_store, merged, numbers_store, store, unit_store, work_store
from tickets.deadlines import CHANNELS
from tickets.flow_policy import FlowPolicy
from tickets.guards import WorkRules
from tickets.history import Event, event_of
from tickets.limit_file import LimitPolicy
from tickets.model import Attachment, Ticket, TicketState
from tickets.numbering import query_code, ticket_no
from tickets.plain_form import plain
from tickets.roles import Actor, May, may
from tickets.steps import taken
from tickets.steps_intake import ValueUnknown, check_words, checked, with_fields
from tickets.units import UnitTree
from tickets.wish import Action, Wish

Result = TypeVar("Result")
Step = Callable[[TicketNo, Wish], Ticket]
"""Takes one step within a transaction that somebody else has begun."""
NO_SEAT = SeatNo("")
ARRIVAL_LENGTH = 64
PHONE_LENGTH = 64


class NoSuchTicket(HotlineError):
    """没有这个编号的工单。"""


class StaleVersion(HotlineError):
    """这张工单在您打开之后被别人改过了:请重新打开, 看过再改。"""


class StepOutOfOrder(HotlineError):
    """这一步的时间早于工单的上一步:请核对时间。"""


class NothingToDo(HotlineError):
    """这一步已经做过了, 不用再做。"""


class MayNotSee(HotlineError):
    """您的角色不能看这些内容; 保密件要写明理由。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """来件: a demand by any channel; ``key`` is what that channel calls it, told twice it is one."""

    channel: str
    key: str
    at: datetime
    actor: Actor
    phone: str = ""
    seat: SeatNo = NO_SEAT
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def call_id(self) -> CallId:
        """Give the name under which the arrival is known in a work order."""
        whole = f"{self.channel}:{self.key}"
        if len(whole) > ARRIVAL_LENGTH:
            whole = hashlib.sha256(whole.encode()).hexdigest()
        return CallId(whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """制度: both policy files of the profile that work orders follow."""

    limits: LimitPolicy
    flow: FlowPolicy


class WorkDesk:
    """What a person wants is a :class:`Wish`; what is refused changes nothing."""

    def __init__(self, database: Database, outbox: Outbox, policies: Policies, chance: Random) -> None:
        """``chance`` makes the query codes."""
        self._database = database
        self._outbox = outbox
        self._policies = policies
        self._chance = chance

    async def open(self, arrival: Arrival) -> Ticket:
        """开单: as a draft; the same delivery told again gives the work order that it led to."""
        return await self._tell(lambda connection: self._opened(connection, arrival))

    async def take(self, number: TicketNo, wish: Wish) -> Ticket:
        """Take one step. Raises NoSuchTicket, StaleVersion, StepOutOfOrder, or what refuses the step."""
        return await self._tell(lambda connection: self._moved(connection, number, wish))

    async def together(self, work: Callable[[Connection, Step], Result]) -> Result:
        """Take steps as part of a larger transaction, that of a return visit for instance."""
        return await self._tell(lambda connection: work(connection, partial(self._moved, connection)))

    async def urge(self, number: TicketNo, wish: Wish, draft: TicketNo | None = None) -> Ticket:
        """催办: attached to the old work order; the draft of the call in which it was said is void."""

        def work(connection: Connection) -> Ticket:
            urged = self._moved(connection, number, wish)
            if draft is not None:
                void = replace(
                    wish, action=Action.MERGE, parent=number, version=None, reason="催办并入原工单"
                )
                self._moved(connection, draft, void)
            return urged

        return await self._tell(work)

    async def reveal(self, number: TicketNo, actor: Actor, at: datetime, reason: str) -> Ticket:
        """调阅: give the work order unmasked, and keep who saw it. Raises MayNotSee."""

        def work(connection: Connection) -> Ticket:
            ticket = _known(store.ticket_by_number(connection, number), number)
            allowed = may(actor, May.REVEAL) and bool(reason)
            if ticket.citizen.confidential:
                allowed = may(actor, May.REVEAL_CONFIDENTIAL) and bool(reason)
            if not allowed:
                raise MayNotSee(role=actor.role)
            seen = work_store.Reveal(
                ticket_no=number, at=at, actor=actor.name, role=actor.role, reason=reason
            )
            work_store.add_reveal(connection, seen)
            return ticket

        return await self._database.in_transaction(work)

    async def ticket(self, number: TicketNo) -> Ticket:
        """Give a work order; raises NoSuchTicket."""
        return await self._database.in_transaction(
            lambda connection: _known(store.ticket_by_number(connection, number), number)
        )

    async def refusals(self, number: TicketNo, wishes: Sequence[Wish]) -> list[HotlineError | None]:
        """Tell of each step what would refuse it now, None when nothing would; nothing is taken."""

        def look(connection: Connection) -> list[HotlineError | None]:
            ticket = _known(store.ticket_by_number(connection, number), number)
            rules = self._rules(connection)
            return [_refusal(ticket, wish, rules) for wish in wishes]

        return await self._database.in_transaction(look)

    async def history(self, number: TicketNo) -> list[Event]:
        """Give every step that was taken, oldest first."""
        return await self._database.in_transaction(lambda connection: store.events_of(connection, number))

    async def _tell(self, work: Callable[[Connection], Result]) -> Result:
        result = await self._database.in_transaction(work)
        self._outbox.wake()
        return result

    def _opened(self, connection: Connection, arrival: Arrival) -> Ticket:
        check_words(plain(arrival))
        known = store.ticket_of_call(connection, arrival.call_id)
        if known is not None:
            return known
        if arrival.channel not in CHANNELS:
            raise ValueUnknown(field="受理方式", value=arrival.channel)
        running = numbers_store.next_number(connection)
        fresh = with_fields(self._draft(arrival, running), arrival.fields)
        wish = Wish(action=Action.REGISTER, actor=arrival.actor, at=arrival.at)
        if not store.add_draft(connection, fresh):
            # Somebody else opened it between our look and now.
            numbers_store.lay_back(connection, running)
            return _known(store.ticket_of_call(connection, arrival.call_id), fresh.ticket_no)
        self._note(connection, None, fresh, wish)
        return fresh

    def _draft(self, arrival: Arrival, running: int) -> Ticket:
        return Ticket(
            ticket_no=ticket_no(arrival.at, running),
            query_code=query_code(self._chance),
            state=TicketState.DRAFT,
            src_channel=arrival.channel,
            call_id=arrival.call_id,
            orig_did="",
            received_at=arrival.at,
            seat=arrival.seat,
            phone=checked("phone", arrival.phone)[:PHONE_LENGTH],
        )

    def _moved(self, connection: Connection, number: TicketNo, wish: Wish) -> Ticket:
        check_words(plain(wish))
        merged.lock_parent(connection, wish)
        ticket = _known(store.ticket_by_number(connection, number, locked=True), number)
        if wish.version not in (None, ticket.version):
            raise StaleVersion(seen=wish.version, now=ticket.version)
        last = store.last_event_at(connection, number)
        if last is not None and wish.at < last:
            raise StepOutOfOrder(at=wish.at.isoformat(), last=last.isoformat())
        rules = self._rules(connection)
        moved = taken(ticket, self._with_unit_number(wish, rules), rules)
        if moved == ticket:
            return ticket
        if wish.action is Action.MERGE:
            merged.check_merge(connection, moved)
        kept = replace(moved, version=ticket.version + 1, work=replace(moved.work, touched=True))
        store.put(connection, kept, ticket.state)
        if wish.attachment is not None:
            file_store.put_file(connection, _file_of(number, wish.attachment, wish))
        self._note(connection, ticket, kept, wish)
        for child, step in merged.steps_of_children(connection, ticket, kept, wish.at):
            self._moved(connection, child, step)
        return kept

    def _rules(self, connection: Connection) -> WorkRules:
        tree = cache(lambda: UnitTree(unit_store.units_known(connection)))
        return WorkRules(limits=self._policies.limits, flow=self._policies.flow, units=tree)

    def _with_unit_number(self, wish: Wish, rules: WorkRules) -> Wish:
        return replace(wish, unit=rules.tree.find(wish.unit).unit_id) if wish.unit else wish

    def _note(self, connection: Connection, was: Ticket | None, now: Ticket, wish: Wish) -> None:
        """Keep the step, tell it, and have the clocks looked at anew."""
        store.add_event(connection, event_of(was, now, wish))
        if was is not None:
            work_store.set_timer(connection, now.ticket_no, wish.at if _runs(now) else None)
        fact = TicketStepped(
            call_id=now.call_id,
            at=wish.at,
            ticket_no=now.ticket_no,
            action=wish.action,
            was=was.state if was else "",
            now=now.state,
            seq=now.version,
            unit=now.lead.unit if now.lead else "",
        )
        self._outbox.append(connection, fact)


def _known(ticket: Ticket | None, number: TicketNo) -> Ticket:
    if ticket is None:
        raise NoSuchTicket(ticket=number)
    return ticket


def _refusal(ticket: Ticket, wish: Wish, rules: WorkRules) -> HotlineError | None:
    try:
        moved = taken(ticket, wish, rules)
    except HotlineError as error:
        return error
    return NothingToDo(action=wish.action) if moved == ticket else None


def _runs(ticket: Ticket) -> bool:
    clocks = [*ticket.work.clocks, *(clock for task in ticket.work.tasks for clock in task.clocks)]
    return any(clock.stopped_at is None for clock in clocks)


def _file_of(number: TicketNo, told: Attachment, wish: Wish) -> file_store.KeptFile:
    return file_store.KeptFile(
        ticket_no=number,
        sha256=told.sha256,
        name=told.name,
        size=told.size,
        kind=told.kind,
        at=wish.at,
        by=wish.actor.name,
    )
