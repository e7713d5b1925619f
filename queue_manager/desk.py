"""话单台: keeps one row per arrival, and tells what became true of it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from core.bus import Bus
from core.clock import Clock, from_epoch
from core.database import Connection, Database
from core.events import CallOffered, KeptFact
from core.ids import CallId
from core.outbox import Outbox
from queue_manager import queue_log, store
from queue_manager.journal import Sighting, absorb, close_vanished, news
from queue_manager.model import CallRow, Gone

log = structlog.get_logger(__name__)

OVERLAP = timedelta(seconds=60)
"""Log lines have whole seconds, and our own rows may be a moment behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Which Asterisk this is, where it keeps its queue log and where its recordings lie."""

    name: str
    logs: Path
    recordings: Path


class JournalDesk:
    """Takes sightings in any order, twice, or late."""

    def __init__(self, database: Database, outbox: Outbox, bus: Bus, node: Node, clock: Clock) -> None:
        """Begin with what the database knows."""
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self._node = node
        self._clock = clock

    async def note(self, *seen: Sighting) -> None:
        """Write what was seen; facts that become true go out with the same transaction."""
        for sighting in seen:
            if isinstance(sighting, CallOffered):
                self._bus.tell(sighting)
        changed = await self._database.in_transaction(lambda connection: self._write(connection, seen))
        if changed:
            self._outbox.wake()

    async def call_of(self, call_id: CallId) -> CallRow | None:
        """Give what is known of a call; None when it was never seen."""
        return await self._database.in_transaction(lambda connection: store.call_of(connection, call_id))

    async def reconcile(self, ask_who_lives: Callable[[], Awaitable[list[dict[str, str]]]]) -> None:
        """对账: after a gap, catch up from the queue log and close what Asterisk no longer knows.

        ``ask_who_lives`` gives the CoreShowChannel answers. It is asked after we have looked which calls
        are open, so that one which arrives meanwhile is not taken for one that has vanished.
        """
        since = await self._database.in_transaction(lambda c: store.last_seen(c, self._node.name))
        logged = list(self._from_queue_log(since))
        suspects = {row.call_id for row in await self._open_calls()} | {seen.call_id for seen in logged}
        channels = await ask_who_lives()
        living = frozenset(CallId(channel["uniqueid"]) for channel in channels if channel.get("uniqueid"))
        missed = [sighting for sighting in logged if not _too_early(sighting, living)]
        await self.note(*missed)
        open_rows = [row for row in await self._open_calls() if row.call_id in suspects]
        vanished = close_vanished(open_rows, living, self._clock.now())
        await self.note(*vanished)
        log.info("对账完成", living=len(living), from_queue_log=len(missed), closed_unknown=len(vanished))

    async def _open_calls(self) -> list[CallRow]:
        return await self._database.in_transaction(lambda c: store.open_calls(c, self._node.name))

    def _from_queue_log(self, since: datetime | None) -> Iterator[Sighting]:
        return queue_log.sightings_in(
            queue_log.read(self._node.logs),
            self._node.name,
            str(self._node.recordings),
            since - OVERLAP if since else from_epoch(0),
        )

    def _write(self, connection: Connection, seen: tuple[Sighting, ...]) -> bool:
        rows = store.calls_of(connection, {sighting.call_id for sighting in seen})
        changed: dict[CallId, CallRow] = {}
        told: list[KeptFact] = []
        for sighting in seen:
            call_id = sighting.call_id
            # Ours from the first sighting on, whichever that is: what nobody claims, nobody closes.
            before = rows.get(call_id) or CallRow(call_id=call_id, node=self._node.name)
            after = absorb(before, sighting)
            if after != before:
                rows[call_id] = changed[call_id] = after
                told.extend(news(before, after))
        store.put(connection, *changed.values())
        self._outbox.append(connection, *told)
        return bool(changed)


def _too_early(sighting: Sighting, living: frozenset[CallId]) -> bool:
    """A seat may have left a call whose citizen is still on the line."""
    return isinstance(sighting, Gone) and sighting.call_id in living
