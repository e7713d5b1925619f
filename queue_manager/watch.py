"""盯线: listens to Asterisk's manager interface and writes down what it shows, in order.

After every log-in the journal is reconciled first with what Asterisk says lives, because events
were missed while nobody listened.
"""

import asyncio
from collections.abc import Mapping
from typing import Protocol

import structlog

from core.database import DatabaseTrouble
from core.events import CallArrived
from queue_manager.ami import ActionRefused, Ami, AmiDoor, AsteriskAway
from queue_manager.ami_events import sightings_of
from queue_manager.desk import JournalDesk, Node
from queue_manager.sightings import Mouth, Sighting, sighting_of

log = structlog.get_logger(__name__)

DATABASE_AGAIN_SECONDS = 1.0
BATCH = 200
GATHER_SECONDS = 0.05
"""So long sightings gather before they are written: the citizen's greeting begins before any row is made."""


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
        self._reconcile = asyncio.Event()
        self._others: list[Listener] = []
        self.ami = Ami(door, self._heard)

    def also(self, listener: Listener) -> None:
        """Let somebody else hear every event too, and of every log-in; plain and quick, before us."""
        self._others.append(listener)

    def saw(self, seen: Sighting | CallArrived) -> None:
        """Take what a flow saw; never blocks."""
        self._seen.put_nowait(sighting_of(seen, Mouth.FLOW) if isinstance(seen, CallArrived) else seen)

    def check_again(self) -> None:
        """Compare the journal with what lives, because it has learned of calls in another way."""
        self._reconcile.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.ami.run(self._connected))
            group.create_task(self._write())
            group.create_task(self._reconcile_when_asked())

    def _connected(self) -> None:
        for other in self._others:
            other.connected()
        self._reconcile.set()

    def _heard(self, event: dict[str, str]) -> None:
        for other in self._others:
            other.heard(event)
        for sighting in sightings_of(event, str(self._node.recordings)):
            self._seen.put_nowait(sighting)

    async def _write(self) -> None:
        while True:
            batch = [await self._seen.get()]
            await asyncio.sleep(GATHER_SECONDS)
            while not self._seen.empty() and len(batch) < BATCH:
                batch.append(self._seen.get_nowait())
            await self._write_surely(batch)

    async def _write_surely(self, batch: list[Sighting]) -> None:
        """The database may be away for hours; what was seen waits here, and the calls go on."""
        told = False
        while True:
            try:
                await self._journal.note(*batch)
            except DatabaseTrouble as error:
                if not told:
                    log.warning("话单写不进数据库, 先在内存里等", reason=type(error).__name__)
                    told = True
                await asyncio.sleep(DATABASE_AGAIN_SECONDS)
            else:
                return

    async def _reconcile_when_asked(self) -> None:
        while True:
            await self._reconcile.wait()
            self._reconcile.clear()
            try:
                await self._journal.reconcile(lambda: self.ami.act("CoreShowChannels"))
            except (AsteriskAway, ActionRefused) as error:
                log.warning("对账没有做成, 下次连上时再做", reason=str(error))
            except DatabaseTrouble:
                self._reconcile.set()
                await asyncio.sleep(DATABASE_AGAIN_SECONDS)
