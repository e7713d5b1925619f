"""录音台: declares recordings complete, says what they lack, and looks after the shelf."""

import asyncio
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import structlog

from core.chore import Chore, is_done
from core.database import Connection
from core.errors import HotlineError
from core.events import CallEnded
from core.outbox import Outbox
from recordings import store
from recordings.compression import Compressor
from recordings.damage import announced
from recordings.files import until_closed
from recordings.keeping import Keeper
from recordings.model import GapReason, Recording, Span
from recordings.registry import Archive, Lies, manifest_of, told_of
from recordings.room import Room
from recordings.rule import read_rule
from recordings.sweep import Sweep

log = structlog.get_logger(__name__)

LOOK_SECONDS = 10.0
ANNOUNCE_SECONDS = 60.0
COMPRESS_SECONDS = 300.0
"""Which recordings wait is asked of all that are not compressed, and none is in a hurry."""


class RecordingDesk:
    """Every use case in one transaction; told twice equals told once."""

    def __init__(self, archive: Archive, outbox: Outbox, rule: Path) -> None:
        """Tell through ``outbox``; ``rule`` is the profile's file that says how long recordings are kept."""
        self._archive = archive
        self._outbox = outbox
        self._rule = rule
        self.room = Room(archive.shelf, archive.clock)
        self.compressor = Compressor(archive, outbox)

    async def call_ended(self, fact: CallEnded) -> None:
        """录音完成: wait until Asterisk has closed the file (milliseconds), then tell RecordingReady."""
        place = self._archive.shelf.place_of(fact.call_id)
        elsewhere = await self._declare(fact, place)
        if elsewhere is not None:
            await self._declare(fact, elsewhere)
        self._outbox.wake()

    async def announce(self) -> None:
        """Tell of the recordings that a sweep found."""
        node = self._archive.shelf.node

        def work(connection: Connection) -> int:
            adopted = store.adopted(connection, node)
            for recording in adopted:
                known = announced(recording)
                self._outbox.append(connection, told_of(known, self._archive.clock))
                store.put(connection, known)
            return len(adopted)

        if await self._archive.database.in_transaction(work):
            self._outbox.wake()

    async def run(self) -> None:
        """Look after the shelf until cancelled: room on the disk, what was found, compression."""
        await self.room.look()
        async with asyncio.TaskGroup() as group:
            group.create_task(_every(LOOK_SECONDS, "查看录音磁盘", self.room.look))
            group.create_task(_every(ANNOUNCE_SECONDS, "通知找回的录音", self.announce))
            group.create_task(_every(COMPRESS_SECONDS, "压缩录音", self.compress))

    async def compress(self) -> None:
        """Compress what was heard, unless something is wrong with the folder."""
        if not self.room.complaint:
            await self.compressor.compress_heard()

    async def tidy_up(self) -> None:
        """夜间整理: compare the shelf with the catalogue, then delete what the rule lets go."""
        async for found in Sweep(self._archive).run():
            log.warning(found.seen.value, call_id=found.call_id, file=found.path, reason=found.about)
        try:
            rule = read_rule(self._rule)
        except HotlineError as error:
            log.warning("没有可用的录音留存规则, 今夜不删除", reason=error.sentence())
            return
        if rule.every_night:
            verdicts = Counter([judged.verdict.value async for judged in Keeper(self._archive, rule).run()])
            log.info("录音留存", **verdicts)

    async def _declare(self, fact: CallEnded, place: Path) -> Path | None:
        """Register what lies there; gives another place when the journal says that it was recorded there."""
        closed = await until_closed(place)
        audio = await self._archive.flac.measure(place)
        lies = Lies(path=place, audio=audio, file_bytes=audio.bytes if audio else 0, closed=closed)
        return await self._archive.database.in_transaction(partial(self._register, fact=fact, lies=lies))

    def _register(self, connection: Connection, fact: CallEnded, lies: Lies) -> Path | None:
        known = self._archive.book.call(connection, fact.call_id)
        if known is None and lies.audio is None:
            return None
        if known is not None and known.path and known.path != str(lies.path):
            return Path(known.path)
        begun = known.arrived_at if known and known.arrived_at else fact.at
        full = self.room.was_full(Span(from_at=begun, to_at=fact.at))
        found = manifest_of(fact, known, replace(lies, disk_full=full), self._archive.shelf.node)
        told = told_of(found, self._archive.clock)
        if store.register(connection, found):
            self._outbox.append(connection, told)
            _log(found)
        return None


async def _every(seconds: float, name: str, chore: Chore) -> None:
    while True:
        await is_done(chore, name)
        await asyncio.sleep(seconds)


def _log(recording: Recording) -> None:
    """A pause was meant; what else is missing is for ops to see."""
    if any(gap.reason is not GapReason.PAUSED_BY_SEAT for gap in recording.gaps):
        log.warning("录音不完整", call_id=recording.call_id, gap=recording.gap)
