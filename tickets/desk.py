"""工单台: opens exactly one draft per answered call, and fills it with what was heard."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from core.database import Connection, Database
from core.events import (
    CallAnswered,
    RecordingCompressed,
    RecordingReady,
    Segment,
    Side,
    Suggestion,
    SuggestionReady,
    TicketDrafted,
    TicketFilled,
    TranscriptReady,
)
from core.ids import CallId
from core.outbox import Outbox
from tickets import store
from tickets.model import Ticket, TicketState
from tickets.numbering import query_code, ticket_no

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
                store.put(connection, ticket)
                self._outbox.append(
                    connection, TicketDrafted(call_id=fact.call_id, at=fact.at, ticket_no=ticket.ticket_no)
                )

        await self._database.in_transaction(work)
        self._outbox.wake()

    async def add_recording(self, fact: RecordingReady | RecordingCompressed) -> None:
        """Put the recording's path into the draft; a call without a draft needs none."""
        await self._change(fact.call_id, lambda ticket: replace(ticket, recording=fact.path))

    async def add_transcript(self, fact: TranscriptReady) -> None:
        """Put into the draft what was said."""
        await self._change(
            fact.call_id,
            lambda ticket: replace(
                ticket, content=_said(fact.segments, Side.CITIZEN), dialogue=_dialogue(fact.segments)
            ),
        )

    async def add_suggestion(self, fact: SuggestionReady) -> None:
        """填草稿: put the suggestion into the draft and tell that a person can look at it."""

        def work(connection: Connection) -> None:
            ticket = store.ticket_of_call(connection, fact.call_id)
            if ticket is None or ticket.suggestion == fact.suggestion:
                return
            filled = _filled(ticket, fact.suggestion)
            store.put(connection, filled)
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

    async def _change(self, call_id: CallId, change: Callable[[Ticket], Ticket]) -> None:
        def work(connection: Connection) -> None:
            ticket = store.ticket_of_call(connection, call_id)
            if ticket is not None and change(ticket) != ticket:
                store.put(connection, replace(change(ticket), version=ticket.version + 1))

        await self._database.in_transaction(work)

    def _new_draft(self, connection: Connection, fact: CallAnswered) -> Ticket:
        return Ticket(
            ticket_no=ticket_no(fact.at, store.next_number(connection)),
            query_code=query_code(self._chance),
            state=TicketState.DRAFT,
            src_channel="电话",
            call_id=fact.call_id,
            orig_did=fact.dialled,
            received_at=fact.at,
            seat=fact.seat,
            phone=fact.caller,
        )


def _filled(ticket: Ticket, told: Suggestion) -> Ticket:
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
