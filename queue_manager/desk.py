"""话单台: keeps what was seen of every call, the rows that follow from it, and tells what became true."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from core.bus import Bus
from core.clock import Clock, from_epoch
from core.database import Connection, Database
from core.events import CallArrived, CallOffered, KeptFact
from core.ids import CallId
from core.outbox import Outbox
from queue_manager import journal_store, queue_log, store
from queue_manager.evidence import without_echoes
from queue_manager.journal import Between, close_vanished, news
from queue_manager.model import CallRow, CallStory
from queue_manager.sightings import Mouth, Seen, Sighting, sighting_of
from queue_manager.story import Home, story_of

log = structlog.get_logger(__name__)

OVERLAP = timedelta(seconds=60)
"""Log lines have whole seconds, and our own rows may be a moment behind."""
REMEMBERED = 2000
"""So many calls are kept in memory, so that a living one is not read again for every sighting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Which Asterisk this is, where it keeps its queue log and where its recordings lie."""

    name: str
    logs: Path
    recordings: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was seen of a call, and the story that follows from it."""

    seen: frozenset[Sighting]
    story: CallStory


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What ``fresh`` sightings made of a call."""

    before: Told | None
    after: Told
    fresh: frozenset[Sighting]

    @property
    def has_fewer_rows(self) -> bool:
        """Something that was taken for two turned out to be one."""
        if self.before is None:
            return False
        was, now = self.before.story, self.after.story
        return len(now.segments) < len(was.segments) or len(now.offers) < len(was.offers)


class JournalDesk:
    """Takes sightings in any order, twice, or late."""

    def __init__(self, database: Database, outbox: Outbox, bus: Bus, node: Node, clock: Clock) -> None:
        """Begin with what the database knows."""
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self._node = node
        self._clock = clock
        self._home = Home(node=node.name, recordings=str(node.recordings))
        self._known: OrderedDict[CallId, Told] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def note(self, *seen: Sighting | CallArrived) -> None:
        """Write what was seen; facts that become true go out with the same transaction.

        A CallArrived is one that Asterisk's own script noted while we were away.
        """
        sightings = [sighting_of(s, Mouth.SPOOL) if isinstance(s, CallArrived) else s for s in seen]
        by_call: dict[CallId, set[Sighting]] = {}
        for sighting in sightings:
            by_call.setdefault(sighting.call_id, set()).add(sighting)
            if sighting.kind is Seen.OFFERED:
                self._bus.tell(CallOffered(call_id=sighting.call_id, at=sighting.at, seat=sighting.seat))
        async with self._one_at_a_time:
            # Out of memory until it is written: after a broken-off transaction it must be read again.
            known = {c: told for c in by_call if (told := self._known.pop(c, None)) is not None}
            changes = await self._database.in_transaction(lambda c: self._write(c, by_call, known))
            self._remember(changes)
        if any(change.fresh for change in changes):
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
        await self.note(*logged)
        open_calls = {row.call_id for row in await self._open_calls()} & suspects
        last_seen = await self._database.in_transaction(lambda c: journal_store.last_seen_of(c, open_calls))
        vanished = close_vanished(last_seen, living, Between(earliest=None, latest=self._clock.now()))
        await self.note(*vanished)
        log.info("对账完成", living=len(living), from_queue_log=len(logged), closed=len(vanished))

    async def _open_calls(self) -> list[CallRow]:
        return await self._database.in_transaction(lambda c: store.open_calls(c, self._node.name))

    def _from_queue_log(self, since: datetime | None) -> Iterator[Sighting]:
        return queue_log.sightings_in(
            queue_log.read(self._node.logs), since - OVERLAP if since else from_epoch(0)
        )

    def _write(
        self, connection: Connection, by_call: dict[CallId, set[Sighting]], known: dict[CallId, Told]
    ) -> list[Change]:
        missing = [call_id for call_id in by_call if call_id not in known]
        read = {c: self._tell(c, seen) for c, seen in journal_store.sightings_of(connection, missing).items()}
        before = {**read, **known}
        changes = [self._change(call_id, before.get(call_id), seen) for call_id, seen in by_call.items()]
        changed = [change for change in changes if change.fresh]
        journal_store.keep(connection, (one for change in changed for one in change.fresh))
        journal_store.put(
            connection,
            *(change.after.story for change in changed),
            longer=[c.before.story for c in changed if c.before and c.has_fewer_rows],
        )
        facts: list[KeptFact] = []
        for change in changed:
            facts.extend(news(change.before.story if change.before else None, change.after.story))
        self._outbox.append(connection, *facts)
        return changes

    def _change(self, call_id: CallId, before: Told | None, seen: set[Sighting]) -> Change:
        known = before.seen if before else frozenset()
        fresh = without_echoes(seen - known, known)
        after = before if before and not fresh else self._tell(call_id, known | fresh)
        return Change(before=before, after=after, fresh=fresh)

    def _tell(self, call_id: CallId, seen: Iterable[Sighting]) -> Told:
        everything = frozenset(seen)
        return Told(seen=everything, story=story_of(call_id, everything, self._home))

    def _remember(self, changes: list[Change]) -> None:
        for change in changes:
            self._known[change.after.story.call.call_id] = change.after
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
