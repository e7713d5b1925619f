"""识别专线: tells the recogniser which calls there are, and keeps what it heard.

The recogniser keeps nothing of its own: whenever somebody joins the line, the calls that live and
the recordings that have no words yet are told again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog

from asr import store as transcripts
from classifier import store as suggestions
from core.clock import Clock
from core.database import Connection, Database, DatabaseTrouble
from core.events import CallArrived, Fact, KeptFact, RecordingReady, SuggestionReady, TranscriptReady
from core.intercom import Switchboard
from core.outbox import Listener, Outbox
from queue_manager import store as calls
from queue_manager.model import CallRow
from recordings import store as recordings
from recordings.model import Recording

log = structlog.get_logger(__name__)

AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNeeds:
    """Where the line is, whose calls it serves, and where words are kept."""

    socket: Path
    node: str
    database: Database
    outbox: Outbox
    clock: Clock


class RecogniserLine:
    """The engine's side of the line."""

    def __init__(self, needs: LineNeeds) -> None:
        """Nothing listens before :meth:`run`."""
        self._needs = needs
        self._switchboard = Switchboard(needs.socket, self._hear)
        self._switchboard.on_join = lambda _tell: self._joined.set()
        self._joined = asyncio.Event()
        self._heard: asyncio.Queue[KeptFact] = asyncio.Queue()
        self.tell: Callable[[Fact], None] = self._switchboard.tell

    @property
    def listener(self) -> Listener:
        """What the recogniser needs to know."""
        return Listener(name="recogniser", wants={CallArrived: self._pass_on, RecordingReady: self._pass_on})

    async def run(self) -> None:
        """Serve until cancelled."""
        await self._switchboard.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell_those_who_join())
                group.create_task(self._keep_what_is_heard())
        finally:
            await self._switchboard.stop()

    async def _pass_on(self, fact: KeptFact) -> None:
        self._switchboard.tell(fact)

    def _hear(self, fact: Fact) -> None:
        if isinstance(fact, TranscriptReady | SuggestionReady):
            self._heard.put_nowait(fact)

    async def _keep_what_is_heard(self) -> None:
        while True:
            fact = await self._heard.get()
            try:
                kept = await self._needs.database.in_transaction(partial(self._keep, fact=fact))
            except DatabaseTrouble as error:
                log.warning("转写写不进数据库, 先在内存里等", reason=type(error).__name__)
                self._heard.put_nowait(fact)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                if kept:
                    self._needs.outbox.wake()

    def _keep(self, connection: Connection, fact: KeptFact) -> bool:
        match fact:
            case TranscriptReady():
                new = transcripts.keep(connection, fact)
            case SuggestionReady():
                new = suggestions.put(connection, fact)
                # not before: whoever has words and no suggestion is asked for again
                failed = transcripts.outcome_of(connection, fact.call_id) == "failed"
                recordings.mark_heard(connection, fact.call_id, failed=failed)
            case _:
                new = False
        if new:
            self._needs.outbox.append(connection, fact)
        return new

    async def _tell_those_who_join(self) -> None:
        while True:
            await self._joined.wait()
            self._joined.clear()
            try:
                living, silent = await self._needs.database.in_transaction(self._unheard)
            except DatabaseTrouble:
                self._joined.set()
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            for arrival in filter(None, map(_arrival, living)):
                self._switchboard.tell(arrival)
            for recording in silent:
                self._switchboard.tell(_ready(recording, self._needs.clock))

    def _unheard(self, connection: Connection) -> tuple[list[CallRow], list[Recording]]:
        return calls.open_calls(connection, self._needs.node), recordings.unheard(
            connection, self._needs.node
        )


def _arrival(row: CallRow) -> CallArrived | None:
    """None for a call whose arrival nobody saw: it is not known where it is recorded."""
    if row.arrived_at is None:
        return None
    return CallArrived(
        call_id=row.call_id,
        at=row.arrived_at,
        node=row.node,
        caller=row.caller,
        dialled=row.dialled,
        recording=row.recording,
    )


def _ready(recording: Recording, clock: Clock) -> RecordingReady:
    return RecordingReady(
        call_id=recording.call_id,
        at=clock.now(),
        path=recording.path,
        duration_seconds=recording.duration_seconds,
        sha256=recording.sha256,
        gap=recording.gap,
    )
