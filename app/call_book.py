"""来电簿: tells the room of recordings what the journal and the work orders know of a call."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.database import Connection
from core.ids import CallId, TicketNo
from queue_manager import store as calls
from queue_manager.journal_store import recording_switches_of
from recordings.calls import KnownCall, KnownTicket
from recordings.model import Span
from tickets import store as tickets
from tickets.model import ENDED, TicketState

CLOSED: frozenset[TicketState] = frozenset(ENDED)
"""States in which nobody works on a ticket any more."""


class JournalBook:
    """Looks into the tables of the rooms that own them."""

    def call(self, connection: Connection, call_id: CallId) -> KnownCall | None:
        """Give a call; None when the journal never saw it."""
        row = calls.call_of(connection, call_id)
        if row is None:
            return None
        return KnownCall(
            call_id=row.call_id,
            path=row.recording,
            caller=row.caller,
            seat=row.seat,
            arrived_at=row.arrived_at,
            gone_at=row.gone_at,
            end_reason=row.end_reason,
            talk_seconds=row.talk_seconds,
            pauses=pauses_in(recording_switches_of(connection, call_id), row.gone_at),
        )

    def tickets(
        self, connection: Connection, call_ids: Sequence[CallId]
    ) -> Mapping[CallId, Sequence[KnownTicket]]:
        """Give the work orders of these calls."""
        found: dict[CallId, list[KnownTicket]] = defaultdict(list)
        for call_id, number, state in tickets.states_of(connection, call_ids):
            found[call_id].append(KnownTicket(ticket_no=number, is_open=state not in CLOSED))
        return found

    def calls_of(self, connection: Connection, ticket_no: TicketNo) -> Sequence[CallId]:
        """Give the calls of a work order."""
        return tickets.calls_of(connection, ticket_no)


def pauses_in(switches: Iterable[tuple[datetime, bool]], end: datetime | None) -> tuple[Span, ...]:
    """Give the times between a pause (False) and what ends it: a resumption (True), or the call's end."""
    spans: list[Span] = []
    since: datetime | None = None
    for at, resumed in switches:
        if resumed and since is not None:
            spans.append(Span(from_at=since, to_at=at))
            since = None
        elif not resumed:
            since = since or at
    if since is not None and end is not None:
        spans.append(Span(from_at=since, to_at=max(since, end)))
    return tuple(spans)
