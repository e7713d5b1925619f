"""录音台: declares recordings complete, says what they lack, and compresses them later."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from core.clock import Clock
from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from core.events import CallArrived, CallEnded, RecordingCompressed, RecordingReady, TranscriptReady
from core.ids import CallId
from core.outbox import Outbox
from recordings import store
from recordings.files import Measured, check_folder, measure, room_beside, until_closed
from recordings.flac import CompressionFailed, Flac
from recordings.gaps import Found, expected_seconds, gap_of
from recordings.model import Recording, RecordingState

log = structlog.get_logger(__name__)

ROUND_SECONDS = 60.0
RAW_FOR = timedelta(hours=1)
"""So long after its beginning a recording stays raw: whoever just got its path still finds it."""
NO_ROOM = 2**20
"""Below this many free bytes a short recording is put down to the full disk."""
CHANGED = "登记之后文件缺失或被改动"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """录音架: a node's recordings, how much room ops want beside them, and the ``flac`` program."""

    node: str
    folder: Path
    free_bytes: int
    flac: Path


class RecordingDesk:
    """Every use case in one transaction; told twice equals told once."""

    def __init__(self, database: Database, outbox: Outbox, clock: Clock, shelf: Shelf) -> None:
        """Keep the catalogue in ``database`` and tell through ``outbox``."""
        self._database = database
        self._outbox = outbox
        self._clock = clock
        self._shelf = shelf
        self._flac = Flac(shelf.flac)
        self._complaint = ""
        self._given_up: set[CallId] = set()

    async def call_started(self, fact: CallArrived) -> None:
        """开始录音: enter the recording that Asterisk begins with the call."""
        begun = Recording(call_id=fact.call_id, path=fact.recording, node=fact.node, at=fact.at)
        await self._database.in_transaction(lambda connection: store.begin(connection, begun))

    async def call_ended(self, fact: CallEnded) -> None:
        """录音完成: wait until Asterisk has closed the file (milliseconds), then tell RecordingReady."""
        begun = await self._database.in_transaction(lambda c: store.recording_of(c, fact.call_id))
        if begun is None or begun.state is not RecordingState.GROWING:
            return
        closed = await until_closed(Path(begun.path))
        found = await asyncio.to_thread(measure, Path(begun.path))
        ready = _finished(begun, found, _gap(begun, fact, found, closed=closed))
        told = RecordingReady(
            call_id=ready.call_id,
            at=self._clock.now(),
            path=ready.path,
            duration_seconds=ready.duration_seconds,
            sha256=ready.sha256,
            gap=ready.gap,
        )
        await self._database.in_transaction(lambda c: store.finish(c, ready, told, self._outbox.append))
        self._outbox.wake()

    async def transcribed(self, fact: TranscriptReady) -> None:
        """Note that the recording was heard; one that could not be stays ``ready`` for another try."""
        await self._database.in_transaction(
            lambda c: store.mark_heard(c, fact.call_id, failed=fact.outcome == "failed")
        )

    async def run(self) -> None:
        """Look after the shelf until cancelled: room on the disk, compression."""
        while True:
            try:
                await self.check_room()
                await self.compress_heard()
            except DatabaseTrouble as error:
                log.warning("录音目录暂时登记不了, 稍后再做", reason=type(error).__name__)
            await asyncio.sleep(ROUND_SECONDS)

    async def check_room(self) -> str:
        """Say what is wrong with the folder, empty if nothing; the log is told once per change."""
        try:
            await asyncio.to_thread(check_folder, self._shelf.folder, self._shelf.free_bytes)
            complaint = ""
        except HotlineError as error:
            complaint = error.sentence()
            if not self._complaint:
                log.error("录音目录有问题", reason=complaint)  # noqa: TRY400 - a sentence, no trace
        if self._complaint and not complaint:
            log.info("录音目录恢复正常", folder=str(self._shelf.folder))
        self._complaint = complaint
        return complaint

    async def compress_heard(self) -> int:
        """压缩: every recording that was transcribed and is old enough; gives how many were compressed."""
        if self._complaint:
            return 0
        began = self._clock.now() - RAW_FOR
        waiting = await self._database.in_transaction(
            lambda c: store.heard_before(c, self._shelf.node, began)
        )
        done = 0
        for recording in waiting:
            if recording.call_id in self._given_up:
                continue
            try:
                changed = await self._compressed(recording)
            except CompressionFailed as error:
                log.warning("录音压缩失败", call_id=recording.call_id, reason=error.sentence())
                self._given_up.add(recording.call_id)
                continue
            await self._database.in_transaction(partial(self._settle, recording=changed))
            done += changed.state is RecordingState.COMPRESSED
        if done:
            self._outbox.wake()
        return done

    def _settle(self, connection: Connection, recording: Recording) -> None:
        store.put(connection, recording)
        if recording.state is RecordingState.COMPRESSED:
            told = RecordingCompressed(call_id=recording.call_id, at=self._clock.now(), path=recording.path)
            self._outbox.append(connection, told)

    async def _compressed(self, recording: Recording) -> Recording:
        raw = Path(recording.path)
        flac = raw.with_suffix(".flac")
        found = await asyncio.to_thread(measure, raw)
        # Raw gone and a proved FLAC there: we were stopped between removing the one and writing it down.
        if found is not None or not await asyncio.to_thread(flac.exists):
            if found is None or found.sha256 != recording.sha256:
                log.warning("录音不完整", call_id=recording.call_id, gap=CHANGED)
                return replace(recording, state=RecordingState.DAMAGED, gap=CHANGED)
            await self._flac.compress(raw, flac)
            await asyncio.to_thread(raw.unlink)
        return replace(recording, state=RecordingState.COMPRESSED, path=str(flac))


def _finished(begun: Recording, found: Measured | None, gap: str) -> Recording:
    ready = replace(begun, state=RecordingState.READY, gap=gap)
    if found is None:
        return ready
    return replace(ready, duration_seconds=found.duration_seconds, sha256=found.sha256, bytes=found.bytes)


def _gap(begun: Recording, ended: CallEnded, found: Measured | None, *, closed: bool) -> str:
    lies = Found(
        seconds=found.duration_seconds if found else None,
        room=room_beside(Path(begun.path)),
        still_written=not closed,
    )
    gap = gap_of(expected_seconds(begun, ended), lies, enough_room=NO_ROOM)
    if gap:
        log.warning("录音不完整", call_id=begun.call_id, gap=gap)
    return gap
