"""工单台: opens exactly one draft per answered call, and fills it with what was heard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from random import Random

from core.database import Connection, Database
from core.events import (
    CallAnswered,
    KeptFact,
    RecordingCompressed,
    RecordingReady,
    SuggestionReady,
    TicketDrafted,
    TicketFilled,
    TranscriptReady,
)
from core.ids import CallId
from core.outbox import Outbox
from core.understanding import Segment, Side, Suggestion
from tickets import numbers_store, store
from tickets.deadlines import PHONE
from tickets.history import event_of
from tickets.model import Ticket, TicketState
from tickets.numbering import query_code, ticket_no
from tickets.roles import Actor, Role
from tickets.wish import Action, Wish

SYSTEM = Actor(name="系统", role=Role.SYSTEM)
SPEAKER = {Side.CITIZEN: "市民", Side.SEAT: "座席"}


class TicketDesk:
    """Every use case in one transaction of its own; told twice equals told once."""

    def __init__(self, database: Database, outbox: Outbox, chance: Random) -> None:
        """``chance`` makes the query codes."""
        self._database = database
        self._outbox = outbox
        self._chance = chance

    async def draft(self, fact: CallAnswered) -> None:
        """开草稿: when a seat has answered."""

        def work(connection: Connection) -> None:
            if store.ticket_of_call(connection, fact.call_id) is None:
                ticket = self._new_draft(connection, fact)
                store.put(connection, ticket, TicketState.DRAFT)
                store.add_event(connection, event_of(None, ticket, _of_system(Action.REGISTER, fact.at)))
                self._outbox.append(
                    connection, TicketDrafted(call_id=fact.call_id, at=fact.at, ticket_no=ticket.ticket_no)
                )

        await self._database.in_transaction(work)
        self._outbox.wake()

    async def add_recording(self, fact: RecordingReady | RecordingCompressed) -> None:
        """Put the recording's path into the draft; a call without a draft needs none."""
        await self._change(fact, lambda ticket: replace(ticket, recording=fact.path))

    async def add_transcript(self, fact: TranscriptReady) -> None:
        """Put into the draft what was said; what a person has written meanwhile stays."""

        def written(ticket: Ticket) -> Ticket:
            heard = _said(fact.segments, Side.CITIZEN) if _untouched(ticket) else ticket.content
            return replace(ticket, content=heard, dialogue=_dialogue(fact.segments))

        await self._change(fact, written)

    async def add_suggestion(self, fact: SuggestionReady) -> None:
        """填草稿: put the suggestion into the draft and tell that a person can look at it."""

        def work(connection: Connection) -> None:
            ticket = store.ticket_of_call(connection, fact.call_id, locked=True)
            if ticket is None or ticket.suggestion == fact.suggestion:
                return
            filled = _filled(ticket, fact.suggestion)
            _keep(connection, ticket, filled, fact.at)
            self._outbox.append(
                connection,
                TicketFilled(
                    call_id=fact.call_id,
                    at=fact.at,
                    ticket_no=filled.ticket_no,
                    category=filled.category,
                    urgency=filled.urgency,
                    units=tuple(unit.name for unit in fact.suggestion.units),
                ),
            )

        await self._database.in_transaction(work)
        self._outbox.wake()

    async def ticket_of_call(self, call_id: CallId) -> Ticket | None:
        """Give the ticket of a call; None when it has none."""
        return await self._database.in_transaction(lambda c: store.ticket_of_call(c, call_id))

    async def _change(self, fact: KeptFact, change: Callable[[Ticket], Ticket]) -> None:
        def work(connection: Connection) -> None:
            ticket = store.ticket_of_call(connection, fact.call_id, locked=True)
            if ticket is not None and change(ticket) != ticket:
                changed = replace(change(ticket), version=ticket.version + 1)
                _keep(connection, ticket, changed, fact.at)

        await self._database.in_transaction(work)

    def _new_draft(self, connection: Connection, fact: CallAnswered) -> Ticket:
        return Ticket(
            ticket_no=ticket_no(fact.at, numbers_store.next_number(connection)),
            query_code=query_code(self._chance),
            state=TicketState.DRAFT,
            src_channel=PHONE,
            call_id=fact.call_id,
            orig_did=fact.dialled,
            received_at=fact.at,
            seat=fact.seat,
            phone=fact.caller,
        )


def _of_system(action: Action, at: datetime) -> Wish:
    return Wish(action=action, actor=SYSTEM, at=at)


def _keep(connection: Connection, was: Ticket, now: Ticket, at: datetime) -> None:
    """Write a version and its event; late news of a call never stands before what a person did."""
    last = store.last_event_at(connection, was.ticket_no)
    store.put(connection, now, was.state)
    store.add_event(connection, event_of(was, now, _of_system(Action.FILL, max(at, last or at))))


def _untouched(ticket: Ticket) -> bool:
    """Tell whether it is a draft in which no person has written."""
    return ticket.state is TicketState.DRAFT and not ticket.work.touched


def _filled(ticket: Ticket, told: Suggestion) -> Ticket:
    if not _untouched(ticket):
        return replace(ticket, suggestion=told, version=ticket.version + 1)
    return replace(
        ticket,
        suggestion=told,
        demand_type=told.demand_type.value,
        category=told.category,
        urgency=told.urgency,
        address=told.address,
        title=told.title,
        version=ticket.version + 1,
    )


def _said(segments: tuple[Segment, ...], side: Side) -> str:
    return ",".join(segment.text for segment in segments if segment.side is side)


def _dialogue(segments: tuple[Segment, ...]) -> str:
    return "\n".join(f"{SPEAKER[segment.side]}:{segment.text}" for segment in segments)
