"""Facts about recordings that lie in a test's folder, and a journal and work orders to go with them."""

import os
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from core.clock import Clock
from core.database import Connection, Database
from core.events import CallArrived, CallEnded, EndReason, RecordingReady
from core.ids import CallId, TicketNo
from recordings.calls import KnownCall, KnownTicket
from recordings.model import Span
from recordings.registry import Archive
from recordings.shelf import Shelf
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER

SECOND = 32000
"""Bytes of a second of raw audio."""


def arrived(recording: Path, call_id: CallId = CALL) -> CallArrived:
    return CallArrived(
        call_id=call_id,
        at=NINE_O_CLOCK,
        node="hotline",
        caller=CALLER,
        dialled="12345",
        recording=str(recording),
    )


def ended(
    at: datetime,
    reason: EndReason = EndReason.ANSWERED,
    talk_seconds: float = 0.0,
    call_id: CallId = CALL,
) -> CallEnded:
    return CallEnded(call_id=call_id, at=at, end_reason=reason, talk_seconds=talk_seconds)


def ready(recording: Path, call_id: CallId = CALL) -> RecordingReady:
    return RecordingReady(
        call_id=call_id, at=NINE_O_CLOCK, path=str(recording), duration_seconds=0.0, sha256=""
    )


class FakeCallBook:
    """What the journal and the work orders know, as a test wrote it down."""

    def __init__(self) -> None:
        self.known: dict[CallId, KnownCall] = {}
        self.open: dict[CallId, tuple[KnownTicket, ...]] = {}

    def add(self, call_id: CallId = CALL, path: Path | str = "", *pauses: Span) -> None:
        self.known[call_id] = KnownCall(
            call_id=call_id, path=str(path), caller=CALLER, arrived_at=NINE_O_CLOCK, pauses=pauses
        )

    def add_ticket(self, call_id: CallId, number: str, *, is_open: bool = True) -> None:
        ticket = KnownTicket(ticket_no=TicketNo(number), is_open=is_open)
        self.open[call_id] = (*self.open.get(call_id, ()), ticket)

    def call(self, _connection: Connection, call_id: CallId) -> KnownCall | None:
        return self.known.get(call_id)

    def tickets(
        self, _connection: Connection, call_ids: Sequence[CallId]
    ) -> Mapping[CallId, Sequence[KnownTicket]]:
        return {call_id: self.open[call_id] for call_id in call_ids if call_id in self.open}

    def calls_of(self, _connection: Connection, ticket_no: TicketNo) -> Sequence[CallId]:
        return [
            call_id
            for call_id, tickets in self.open.items()
            if any(ticket.ticket_no == ticket_no for ticket in tickets)
        ]


def archive(
    database: Database, folder: Path, clock: Clock, book: FakeCallBook, flac: Path = Path("/nowhere/flac")
) -> Archive:
    shelf = Shelf(node="hotline", folder=folder, free_bytes=0, flac=flac)
    return Archive(database=database, clock=clock, shelf=shelf, book=book)


def lay(path: Path, sound: bytes, clock: Clock, ago: timedelta = timedelta(hours=1)) -> Path:
    """Write a file as it would lie there if it had been written so long ago."""
    path.write_bytes(sound)
    at = (clock.now() - ago).timestamp()
    os.utime(path, (at, at))
    return path
