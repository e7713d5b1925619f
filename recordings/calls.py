"""来电簿: what the journal and the work orders know of a call whose recording lies here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.database import Connection
from core.events import EndReason, Phone
from core.ids import CallId, SeatNo, TicketNo
from recordings.model import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCall:
    """来电 as the journal has it: ``path`` is where Asterisk was told to record it.

    ``pauses`` are the times for which a seat paused the recording.
    """

    call_id: CallId
    path: str
    caller: Phone = ""
    seat: SeatNo | None = None
    arrived_at: datetime | None = None
    gone_at: datetime | None = None
    end_reason: EndReason | None = None
    talk_seconds: float = 0.0
    pauses: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTicket:
    """工单 that a call led to; while it is open, its recordings stay."""

    ticket_no: TicketNo
    is_open: bool


class CallBook(Protocol):
    """Looks things up in other rooms' tables, inside our transaction."""

    def call(self, connection: Connection, call_id: CallId) -> KnownCall | None:
        """Give a call; None when the journal never saw it."""
        ...

    def tickets(
        self, connection: Connection, call_ids: Sequence[CallId]
    ) -> Mapping[CallId, Sequence[KnownTicket]]:
        """Give the work orders of these calls; calls without one may be absent."""
        ...

    def calls_of(self, connection: Connection, ticket_no: TicketNo) -> Sequence[CallId]:
        """Give the calls of a work order; none when there is no such work order."""
        ...
