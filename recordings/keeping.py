"""录音留存: deletes what the rule lets go, never what is held or whose work order is open.

A rehearsal judges exactly as the real run does; the real run judges each recording once more, in the
transaction that decides, so that a hold that comes in between wins.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path

import structlog

from core.database import Connection
from core.ids import CallId
from recordings import keeping_store, store
from recordings.calls import KnownTicket
from recordings.model import Hold, Recording, RecordingState
from recordings.registry import Archive
from recordings.rule import Rule
from recordings.shelf import twin_of

log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """结论."""

    DELETE = "删除"
    HELD = "保全中,保留"
    TICKET_OPEN = "工单未办结,保留"
    NOT_REMOVABLE = "删除不了,请检查文件权限"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A recording whose time is over; ``why`` names the rule, the hold or the work order."""

    recording: Recording
    verdict: Verdict
    why: str


class Keeper:
    """留存: applies the rule to a node's recordings."""

    def __init__(self, archive: Archive, rule: Rule) -> None:
        """Nothing is looked at before :meth:`run`."""
        self._archive = archive
        self._rule = rule

    async def run(self, *, dry_run: bool = False) -> AsyncIterator[Judged]:
        """Yield every recording whose days are over, oldest first, once it was dealt with."""
        today = self._archive.clock.now().date()
        last: Recording | None = None
        while page := await self._archive.database.in_transaction(
            partial(self._page, today=today, after=last)
        ):
            last = page[-1]
            for judged in await self._archive.database.in_transaction(
                partial(self._judge, recordings=page, today=today)
            ):
                if judged.verdict is Verdict.DELETE and not dry_run:
                    yield await self._delete(judged, today)
                else:
                    yield judged

    def _page(self, connection: Connection, today: date, after: Recording | None) -> list[Recording]:
        node, before = self._archive.shelf.node, self._rule.begun_before(today)
        return keeping_store.begun_before(connection, node, before, after)

    def _judge(self, connection: Connection, recordings: Sequence[Recording], today: date) -> list[Judged]:
        calls = [recording.call_id for recording in recordings]
        tickets = self._archive.book.tickets(connection, calls)
        numbers = {ticket.ticket_no for of_call in tickets.values() for ticket in of_call}
        holds = keeping_store.holds_on(connection, [*calls, *numbers])
        judged = []
        for recording in recordings:
            own = tickets.get(recording.call_id, ())
            keys = (recording.call_id, *(ticket.ticket_no for ticket in own))
            active = [hold for key in keys for hold in holds.get(key, ()) if hold.lifted_at is None]
            judged.append(self._verdict(recording, own, active, today))
        return [one for one in judged if one is not None]

    def _verdict(
        self, recording: Recording, tickets: Sequence[KnownTicket], holds: Sequence[Hold], today: date
    ) -> Judged | None:
        """None for one whose days are not over."""
        if recording.state is RecordingState.EXPIRED:
            # Decided by an earlier run that did not come to its end.
            return Judged(recording=recording, verdict=Verdict.DELETE, why=recording.deleted_for)
        last_day = self._rule.last_day(recording.at, ticket_open=False)
        if last_day is None or today <= last_day:
            return None
        if holds:
            why = f"{holds[-1].reason} ({holds[-1].held_by})"
            return Judged(recording=recording, verdict=Verdict.HELD, why=why)
        still_open = [ticket.ticket_no for ticket in tickets if ticket.is_open]
        last_day = self._rule.last_day(recording.at, ticket_open=bool(still_open))
        if last_day is None or today <= last_day:
            return Judged(recording=recording, verdict=Verdict.TICKET_OPEN, why=f"工单 {still_open[0]}")
        days = f"保存 {(last_day - recording.at.date()).days} 天, 到 {last_day} 为止"
        return Judged(recording=recording, verdict=Verdict.DELETE, why=days)

    async def _delete(self, judged: Judged, today: date) -> Judged:
        database, call_id = self._archive.database, judged.recording.call_id
        decided = await database.in_transaction(partial(self._decide, call_id=call_id, today=today))
        if decided is None or decided.verdict is not Verdict.DELETE:
            return decided or judged
        try:
            await asyncio.to_thread(_remove, decided.recording)
        except OSError as error:
            why = f"{error.filename}: {error.strerror}"
            log.error("到期的录音删除不了", call_id=call_id, reason=why)  # noqa: TRY400 - a sentence, no trace
            return replace(judged, verdict=Verdict.NOT_REMOVABLE, why=why)
        await database.in_transaction(partial(self._note_deleted, call_id=call_id))
        return judged

    def _decide(self, connection: Connection, call_id: CallId, today: date) -> Judged | None:
        """Judge once more what nobody else can change now; from here on it is too late for a hold."""
        recording = store.locked(connection, call_id)
        if recording is None or recording.state is RecordingState.DELETED:
            return None
        for judged in self._judge(connection, [recording], today):
            if judged.verdict is Verdict.DELETE:
                gone = replace(recording, state=RecordingState.EXPIRED, deleted_for=judged.why)
                store.put(connection, gone)
            return judged
        return None

    def _note_deleted(self, connection: Connection, call_id: CallId) -> None:
        recording = store.locked(connection, call_id)
        if recording is not None:
            now = self._archive.clock.now()
            store.put(connection, replace(recording, state=RecordingState.DELETED, deleted_at=now))


def _remove(recording: Recording) -> None:
    """Remove every file of a recording, also what a stopped compression left beside it."""
    for piece in recording.pieces:
        for path in (Path(piece.path), twin_of(Path(piece.path))):
            path.unlink(missing_ok=True)
