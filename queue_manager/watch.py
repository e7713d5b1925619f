"""盯线: listens to Asterisk's manager interface and writes down what it shows, in order.

After every log-in the journal is reconciled first with what Asterisk says lives, because events
were missed while nobody listened.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from core.database import DatabaseTrouble
from core.events import CallArrived
from queue_manager.ami import ActionRefused, Ami, AmiDoor, AsteriskAway
from queue_manager.ami_events import instant_of, sightings_of
from queue_manager.call_clock import CallClock
from queue_manager.desk import JournalDesk, Node
from queue_manager.legs import Legs
from queue_manager.model import Blind, Heard
from queue_manager.passed_by import PASSED, PassedBy
from queue_manager.readings import whole
from queue_manager.reconciler import Reconciler
from queue_manager.reconciliation import BlindTime, Look, look_of
from queue_manager.sightings import Mouth, Sighting, sighting_of

log = structlog.get_logger(__name__)

DATABASE_AGAIN_SECONDS = 1.0
BATCH = 200
GATHER_SECONDS = 0.05
"""So long sightings gather before they are written: the citizen's greeting begins before any row is made."""

LISTENING_SECONDS = 10.0
"""So often it is written down that we hear Asterisk: a gap is known that well after we were killed."""
SAME_BOOT = timedelta(seconds=3)
"""Asterisk says in whole seconds for how long it has run."""


class Listener(Protocol):
    """Whoever hears Asterisk's events besides the journal."""

    def heard(self, event: Mapping[str, str]) -> None:
        """Take an event: header names in lower case."""
        ...

    def connected(self) -> None:
        """We are logged in again; events may have been missed."""
        ...


class Watch:
    """Takes events and our own flows' sightings on one queue, so that the journal has one writer."""

    def __init__(self, journal: JournalDesk, door: AmiDoor, node: Node) -> None:
        """Nothing is listened to before :meth:`run`."""
        self._journal = journal
        self._node = node
        self._seen: asyncio.Queue[Sighting] = asyncio.Queue()
        self._heard_so_far = 0
        self._written_so_far = 0
        self._progress = asyncio.Condition()
        self._reconcile = asyncio.Event()
        self._others: list[Listener] = []
        self._reconciler = Reconciler(journal)
        self._passed_by = PassedBy()
        self._call_clock = CallClock()
        self._legs = Legs()
        self._in_touch = False
        self._was_in_touch = False
        self._booted_at: datetime | None = None
        self.ami = Ami(door, self._heard)

    def also(self, listener: Listener) -> None:
        """Let somebody else hear every event too, and of every log-in; plain and quick, before us."""
        self._others.append(listener)

    def saw(self, seen: Sighting | CallArrived) -> None:
        """Take what a flow saw; never blocks."""
        self._put(sighting_of(seen, Mouth.FLOW) if isinstance(seen, CallArrived) else seen)

    def check_again(self) -> None:
        """Compare the journal with what lives, because it has learned of calls in another way."""
        self._reconcile.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.ami.run(self._connected))
            group.create_task(self._write())
            group.create_task(self._reconcile_when_asked())
            group.create_task(self._note_that_we_listen())

    async def look(self) -> Look:
        """Ask Asterisk what lives; raises AsteriskAway or ActionRefused."""
        channels = await self.ami.act("CoreShowChannels")
        queues = await self.ami.act("QueueStatus")
        return look_of(self._journal.clock.now(), [*channels, *queues])

    async def caught_up(self) -> None:
        """Return when everything that was heard so far is written."""
        heard = self._heard_so_far
        async with self._progress:
            await self._progress.wait_for(lambda: self._written_so_far >= heard)

    def _connected(self) -> None:
        self._in_touch = False
        for other in self._others:
            other.connected()
        self._reconcile.set()

    def _heard(self, event: dict[str, str]) -> None:
        for other in self._others:
            other.heard(event)
        if event.get("event") == "FullyBooted" and "uptime" in event:
            self._booted_at = self._journal.clock.now() - timedelta(seconds=whole(event["uptime"]))
        at = instant_of(event)
        if at is not None:
            self._call_clock.tick(at, asyncio.get_running_loop().time())
        for sighting in sightings_of(self._legs.told(event), str(self._node.recordings)):
            self._put(sighting)

    def _put(self, sighting: Sighting) -> None:
        self._heard_so_far += 1
        self._seen.put_nowait(self._call_clock.dated(sighting))

    async def _write(self) -> None:
        while True:
            batch = [await self._seen.get()]
            await asyncio.sleep(GATHER_SECONDS)
            while not self._seen.empty() and len(batch) < BATCH:
                batch.append(self._seen.get_nowait())
            await self._write_surely(batch)
            async with self._progress:
                self._written_so_far += len(batch)
                self._progress.notify_all()

    async def _write_surely(self, batch: list[Sighting]) -> None:
        """The database may be away for hours; what was seen waits here, and the calls go on."""
        told = False
        while True:
            try:
                changed = await self._journal.write(*batch)
            except DatabaseTrouble as error:
                if not told:
                    log.warning("话单写不进数据库, 先在内存里等", reason=type(error).__name__)
                    told = True
                await asyncio.sleep(DATABASE_AGAIN_SECONDS)
            else:
                suspects = self._passed_by.take(changed)
                if suspects:
                    log.warning(
                        "后来的市民都已接通, 这位还在等, 向 Asterisk 核实", calls=suspects, passed=PASSED
                    )
                    self.check_again()
                return

    async def _reconcile_when_asked(self) -> None:
        while True:
            await self._reconcile.wait()
            self._reconcile.clear()
            try:
                await self._reconcile_once()
            except (AsteriskAway, ActionRefused) as error:
                log.warning("对账没有做成, 下次连上时再做", reason=str(error))
            except DatabaseTrouble:
                self._reconcile.set()
                await asyncio.sleep(DATABASE_AGAIN_SECONDS)

    async def _reconcile_once(self) -> None:
        known = await self._journal.last_heard()
        heard = Heard(at=self._journal.clock.now(), booted_at=self._booted_at)
        blind = None if self._in_touch else self._blind_time(known)
        await self._reconciler.reconcile(self, blind, heard)
        if blind is None:
            await self._journal.heard(heard)
        if self.ami.connected.is_set():
            self._in_touch = self._was_in_touch = True
            self.ami.deaf_since = None

    def _blind_time(self, known: Heard | None) -> BlindTime | None:
        """Say since when we have not heard Asterisk; None when this is the first time that we do."""
        now, deaf_since = self._journal.clock.now(), self.ami.deaf_since
        if self._was_in_touch and deaf_since is not None:
            silent = asyncio.get_running_loop().time() - deaf_since
            began, why = now - timedelta(seconds=silent), Blind.ASTERISK_AWAY
        elif known is not None:
            began, why = known.at, Blind.ENGINE_AWAY
        else:
            return None
        return BlindTime(began=began, why=why, restarted=self._restarted(known, began))

    def _restarted(self, known: Heard | None, began: datetime) -> datetime | None:
        """Give when Asterisk started, if that was while we did not hear it."""
        booted = self._booted_at
        if booted is None:
            return None
        before = known.booted_at if known else None
        anew = booted > began if before is None else abs(booted - before) > SAME_BOOT
        return booted if anew else None

    async def _note_that_we_listen(self) -> None:
        """Only what is written counts as heard: whatever we lose is read back from Asterisk's logs."""
        while True:
            await asyncio.sleep(LISTENING_SECONDS)
            if self._in_touch and self.ami.connected.is_set():
                at = self._journal.clock.now() - timedelta(seconds=self.ami.silent_seconds)
                await self.caught_up()
                with contextlib.suppress(DatabaseTrouble):
                    await self._journal.heard(Heard(at=at, booted_at=self._booted_at))
