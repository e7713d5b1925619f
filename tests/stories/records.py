"""记录: what the hotline wrote down of a call: rows, facts, recording, transcript, draft."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert, select

from asr import store as transcripts
from core.database import Connection, Database
from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    EndReason,
    KeptFact,
    RecordingReady,
    TicketDrafted,
    TranscriptReady,
)
from core.ids import CallId
from core.outbox_rows import deliveries
from core.outbox_rows import facts as outbox
from core.wire import from_json
from queue_manager import store as calls
from queue_manager.journal_store import sightings_of
from queue_manager.model import CallRow, SegmentRow
from recordings import store as recordings
from recordings.model import Recording
from tests.stories.waiting import PATIENCE_SECONDS, until
from tickets import store as tickets
from tickets.model import Ticket

KNOWN_CALLS = 500
MQTT = "mqtt"
LISTENERS = {
    "tickets": ("CallAnswered", "RecordingReady", "TranscriptReady", "SuggestionReady"),
    "recordings": ("CallEnded",),
    "recogniser": ("CallArrived", "RecordingReady"),
}
"""Who in the house is told which facts."""
Told = TypeVar("Told", bound=KeptFact)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything about one call that has been brought to its end."""

    row: CallRow
    facts: tuple[KeptFact, ...]
    recording: Recording
    transcript: TranscriptReady
    ticket: Ticket | None

    def the(self, kind: type[Told]) -> Told:
        """Give the only fact of this kind; two of them, or none, are a failure."""
        found = [fact for fact in self.facts if isinstance(fact, kind)]
        assert len(found) == 1, f"{len(found)} × {kind.__name__} for one call"
        return found[0]

    @property
    def file(self) -> Path:
        """The recording's file."""
        return Path(self.recording.path)

    @property
    def said(self) -> str:
        """Everything that was recognised of both sides."""
        return "".join(segment.text for segment in self.transcript.segments)


class Records:
    """Looks into the database of a running hotline, as often as it takes."""

    def __init__(self, database: Database) -> None:
        """Read beside the engine."""
        self._database = database

    def call(self, call_id: CallId) -> CallRow | None:
        """Give the row of a call; None when there is none."""
        return self._database.now(lambda connection: calls.call_of(connection, call_id))

    def calls_from(self, number: str) -> list[CallRow]:
        """Give every row of this caller, newest first."""
        return [row for row in self._database.now(_latest) if row.caller == number]

    def calls_to(self, dialled: str) -> list[CallRow]:
        """Give every row of those who dialled this number, newest first."""
        return [row for row in self._database.now(_latest) if row.dialled == dialled]

    def facts_of(self, call_id: CallId) -> tuple[KeptFact, ...]:
        """Give the facts of a call that were kept, in the order in which they became true."""
        return self._database.now(lambda connection: _facts_of(connection, call_id))

    async def stays_of(self, call_id: CallId) -> list[SegmentRow]:
        """Wait until there are stays of a call, in queues and with seats; give them in order."""
        return await self.look(
            lambda connection: calls.segments_of(connection, call_id) or None, f"the stays of {call_id}"
        )

    def of_last_call(self) -> str:
        """Write out the row of the last call, and everything that was seen of it, in the order of time."""
        return self._database.now(_of_last_call)

    def tell_again(self, call_id: CallId) -> None:
        """Let every listener be told every fact of a call a second time, as after a crash."""
        self._database.now(lambda connection: _tell_again(connection, call_id))

    async def look(self, look: Callable[[Connection], Found | None], what: str) -> Found:
        """Wait until there is something in the database."""
        return await until(lambda: self._database.now(look), what)

    async def call_from(self, number: str, until: Callable[[CallRow], bool] = lambda _: True) -> CallRow:
        """Wait until the last call from this number is such a row."""
        return await self._call(lambda: self.calls_from(number), until, f"such a call from {number}")

    async def call_to(self, dialled: str, until: Callable[[CallRow], bool] = lambda _: True) -> CallRow:
        """Wait until the last call to this number is such a row."""
        return await self._call(lambda: self.calls_to(dialled), until, f"such a call to {dialled}")

    async def complete(self, row: CallRow) -> Record:
        """Wait until nothing more will happen to a call: it is heard, filled in, and everybody was told."""

        def look(connection: Connection) -> Record | None:
            known = _record(connection, row.call_id)
            assert not _set_aside(connection, row.call_id)
            return known if known and not _untold(connection, row.call_id) else None

        return await self.look(look, f"the whole record of {row.call_id}")

    async def complete_from(self, number: str) -> Record:
        """Wait for the whole record of the last call from this number."""
        return await self.complete(await self.call_from(number, has_ended))

    async def _call(
        self, rows: Callable[[], list[CallRow]], wanted: Callable[[CallRow], bool], what: str
    ) -> CallRow:
        def look() -> CallRow | None:
            found = rows()
            return found[0] if found and wanted(found[0]) else None

        return await until(look, what, PATIENCE_SECONDS)


def has_ended(row: CallRow) -> bool:
    """Tell whether the citizen has gone."""
    return row.gone_at is not None


def is_queued(row: CallRow) -> bool:
    """Tell whether the citizen waits in the queue."""
    return row.queued_at is not None


def is_offered(row: CallRow) -> bool:
    """Tell whether a seat's telephone rings for the citizen."""
    return row.offered_at is not None


def is_answered(row: CallRow) -> bool:
    """Tell whether a seat has answered."""
    return row.answered_at is not None


def assert_told_once(record: Record) -> None:
    """An answered call was told exactly once, whatever broke meanwhile."""
    assert record.row.end_reason is EndReason.ANSWERED
    assert record.the(CallArrived).call_id == record.row.call_id
    assert record.the(CallAnswered).seat == record.row.seat
    assert record.the(CallEnded).end_reason is EndReason.ANSWERED
    assert record.the(RecordingReady).gap == ""
    assert record.the(TranscriptReady).outcome == "done"
    assert record.ticket is not None
    assert record.the(TicketDrafted).ticket_no == record.ticket.ticket_no
    assert record.ticket.recording == record.recording.path


def _latest(connection: Connection) -> list[CallRow]:
    return calls.latest_calls(connection, KNOWN_CALLS)


def _of_last_call(connection: Connection) -> str:
    rows = calls.latest_calls(connection, 1)
    seen = sightings_of(connection, [row.call_id for row in rows])
    in_order = [one for of_call in seen.values() for one in sorted(of_call, key=lambda one: one.at)]
    return "\n".join(map(str, [*rows, *in_order]))


def _facts_of(connection: Connection, call_id: CallId) -> tuple[KeptFact, ...]:
    rows = connection.execute(select(outbox.c.name, outbox.c.body).order_by(outbox.c.id))
    told = (from_json(row.name, row.body) for row in rows if call_id in row.body)
    return tuple(fact for fact in told if isinstance(fact, KeptFact) and fact.call_id == call_id)


def _record(connection: Connection, call_id: CallId) -> Record | None:
    row = calls.call_of(connection, call_id)
    recording = recordings.recording_of(connection, call_id)
    transcript = transcripts.transcript_of(connection, call_id)
    ticket = tickets.ticket_of_call(connection, call_id)
    if row is None or row.gone_at is None or recording is None or transcript is None:
        return None
    if row.answered_at is not None and (ticket is None or ticket.suggestion is None):
        return None
    facts = _facts_of(connection, call_id)
    return Record(row=row, facts=facts, recording=recording, transcript=transcript, ticket=ticket)


def _ids_of(connection: Connection, call_id: CallId) -> dict[str, int]:
    """Number every kind of fact that was kept of this call."""
    rows = connection.execute(select(outbox.c.id, outbox.c.name, outbox.c.body))
    return {row.name: row.id for row in rows if f'"{call_id}"' in row.body}


def _untold(connection: Connection, call_id: CallId) -> bool:
    """Tell whether somebody in the house was not told everything yet; the broker may be away."""
    return any(listener != MQTT for listener, _, _ in _deliveries(connection, call_id))


def _set_aside(connection: Connection, call_id: CallId) -> list[str]:
    return [f"{who}: {fact} {why}" for who, fact, why in _deliveries(connection, call_id) if why]


def _deliveries(connection: Connection, call_id: CallId) -> list[tuple[str, str, str]]:
    rows = connection.execute(
        select(deliveries.c.listener, outbox.c.name, deliveries.c.set_aside)
        .join(outbox, outbox.c.id == deliveries.c.fact_id)
        .where(deliveries.c.fact_id.in_(_ids_of(connection, call_id).values()))
    )
    return [(row.listener, row.name, row.set_aside) for row in rows]


def _tell_again(connection: Connection, call_id: CallId) -> None:
    ids = _ids_of(connection, call_id)
    again = [
        {"fact_id": fact_id, "listener": listener}
        for listener, wanted in LISTENERS.items()
        for name, fact_id in ids.items()
        if name in wanted
    ]
    connection.execute(insert(deliveries), again)
