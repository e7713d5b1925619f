"""话单台: keeps what was seen of every call, the rows that follow from it, and tells what became true."""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from core.bus import Bus
from core.clock import Clock
from core.database import Connection, Database
from core.events import CallArrived, CallOffered
from core.ids import CallId
from core.outbox import Outbox
from queue_manager import journal_store, store
from queue_manager.evidence import without_echoes
from queue_manager.journal import news
from queue_manager.model import CallRow, CallStory, GapRow, Heard
from queue_manager.namesakes import parts_of
from queue_manager.sightings import Mouth, Seen, Sighting, sighting_of
from queue_manager.story import Home, story_of

log = structlog.get_logger(__name__)

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
    """What was seen under one of Asterisk's names, and the calls that follow from it: nearly always one."""

    seen: frozenset[Sighting]
    stories: tuple[CallStory, ...]

    @property
    def story(self) -> CallStory:
        """The call that has the name now."""
        return self.stories[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What ``fresh`` sightings made of a call."""

    call_id: CallId
    before: Told | None
    after: Told
    fresh: frozenset[Sighting]

    @property
    def pairs(self) -> Iterator[tuple[CallStory | None, CallStory]]:
        """Each call as it is told now, with how it was told before."""
        was = self.before.stories if self.before else ()
        return ((was[n] if n < len(was) else None, now) for n, now in enumerate(self.after.stories))


class JournalDesk:
    """Takes sightings in any order, twice, or late."""

    def __init__(self, database: Database, outbox: Outbox, bus: Bus, node: Node, clock: Clock) -> None:
        """Begin with what the database knows."""
        self._database = database
        self._outbox = outbox
        self._bus = bus
        self.node = node
        self.clock = clock
        self._home = Home(node=node.name, recordings=str(node.recordings))
        self._known: OrderedDict[CallId, Told] = OrderedDict()
        self._one_at_a_time = asyncio.Lock()

    async def note(self, *seen: Sighting | CallArrived) -> None:
        """Write what was seen, for whoever need not know what it changed."""
        await self.write(*seen)

    async def write(self, *seen: Sighting | CallArrived) -> list[CallStory]:
        """Write what was seen, and give the calls that it changed.

        Facts that become true go out with the same transaction. A CallArrived is one that Asterisk's own
        script noted while we were away.
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
        changed = [story for change in changes if change.fresh for story in change.after.stories]
        if changed:
            self._outbox.wake()
        return changed

    async def call_of(self, call_id: CallId) -> CallRow | None:
        """Give what is known of a call; None when it was never seen."""
        return await self._database.in_transaction(lambda connection: store.call_of(connection, call_id))

    async def open_calls(self) -> list[CallRow]:
        """Give this node's calls that have not ended, the first first."""
        return await self._database.in_transaction(lambda c: store.open_calls(c, self.node.name))

    async def told_of(self, call_ids: Collection[CallId]) -> dict[CallId, Told]:
        """Give what was seen of these calls; those that were never seen are missing."""
        found = await self._database.in_transaction(lambda c: journal_store.sightings_of(c, call_ids))
        return {call_id: self.tell(call_id, seen) for call_id, seen in found.items()}

    async def last_heard(self) -> Heard | None:
        """Give when Asterisk was last heard; None when it never was."""
        return await self._database.in_transaction(lambda c: store.last_heard(c, self.node.name))

    async def heard(self, heard: Heard) -> None:
        """Write down that Asterisk was heard."""
        await self._database.in_transaction(lambda c: store.put_heard(c, self.node.name, heard))

    async def put_gap(self, gap: GapRow, heard: Heard) -> None:
        """Write down that nobody heard Asterisk for a while, and that it is heard again."""

        def work(connection: Connection) -> None:
            store.put_gap(connection, gap)
            store.put_heard(connection, self.node.name, heard)

        await self._database.in_transaction(work)

    def _write(
        self, connection: Connection, by_call: dict[CallId, set[Sighting]], known: dict[CallId, Told]
    ) -> list[Change]:
        missing = [call_id for call_id in by_call if call_id not in known]
        read = {c: self.tell(c, seen) for c, seen in journal_store.sightings_of(connection, missing).items()}
        before = {**read, **known}
        changes = [self._change(call_id, before.get(call_id), seen) for call_id, seen in by_call.items()]
        changed = [change for change in changes if change.fresh]
        journal_store.keep(connection, (one for change in changed for one in change.fresh))
        pairs = [pair for change in changed for pair in change.pairs]
        there = {was.call.call_id: was for was, _ in pairs if was}
        journal_store.put(connection, *(now for _, now in pairs), known=there)
        facts = [fact for was, now in pairs for fact in news(was, now)]
        self._outbox.append(connection, *facts)
        return changes

    def _change(self, call_id: CallId, before: Told | None, seen: set[Sighting]) -> Change:
        known = before.seen if before else frozenset()
        fresh = without_echoes(seen - known, known)
        after = before if before and not fresh else self.tell(call_id, known | fresh)
        if before and len(after.stories) > len(before.stories):
            log.warning(
                "通话编号重复: 同一编号又来了一通电话, 另立话单", call_id=call_id, calls=len(after.stories)
            )
        return Change(call_id=call_id, before=before, after=after, fresh=fresh)

    def tell(self, call_id: CallId, seen: Iterable[Sighting]) -> Told:
        """Tell a call from what was seen of it, without writing anything."""
        everything = frozenset(seen)
        parts = parts_of(call_id, everything)
        return Told(seen=everything, stories=tuple(story_of(name, part, self._home) for name, part in parts))

    def _remember(self, changes: list[Change]) -> None:
        for change in changes:
            self._known[change.call_id] = change.after
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
