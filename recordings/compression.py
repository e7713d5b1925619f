"""压缩: recordings that were transcribed become FLAC in the background, without loss and proved."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog

from core.database import Connection
from core.events import RecordingCompressed
from core.ids import CallId
from core.outbox import Outbox
from recordings import store
from recordings.damage import with_pieces
from recordings.files import size_of
from recordings.flac import CompressionFailed
from recordings.model import Codec, Condition, Piece, Recording, RecordingState
from recordings.registry import Archive

log = structlog.get_logger(__name__)

RAW_FOR = timedelta(hours=1)
"""So long after its beginning a recording stays raw: whoever just got its path still finds it."""


class Compressor:
    """压缩工: one recording after the other; whatever stops it, the registered file is there."""

    def __init__(self, archive: Archive, outbox: Outbox) -> None:
        """Tell through ``outbox`` where the audio lies now."""
        self._archive = archive
        self._outbox = outbox
        self._given_up: set[CallId] = set()

    async def compress_heard(self) -> int:
        """Compress what was transcribed and is old enough; gives how many recordings were compressed."""
        began = self._archive.clock.now() - RAW_FOR
        node = self._archive.shelf.node
        waiting = await self._archive.database.in_transaction(lambda c: store.heard_before(c, node, began))
        done = 0
        for recording in waiting:
            if recording.call_id in self._given_up:
                continue
            try:
                done += await self._compress(recording)
            except CompressionFailed as error:
                log.warning("录音压缩失败", call_id=recording.call_id, reason=error.sentence())
                self._given_up.add(recording.call_id)
        if done:
            self._outbox.wake()
        return done

    async def _compress(self, recording: Recording) -> bool:
        pieces = tuple([await self._compressed(piece) for piece in recording.pieces])
        old, new = ({piece.path for piece in some} for some in (recording.pieces, pieces))
        settle = partial(self._settle, before=recording, pieces=pieces)
        after = await self._archive.database.in_transaction(settle)
        # The raw file goes once it is written down where its audio lies now, never before.
        for path in old - new if after else new - old:
            await asyncio.to_thread(Path(path).unlink, missing_ok=True)
        return after is not None and after.state is RecordingState.COMPRESSED

    async def _compressed(self, piece: Piece) -> Piece:
        """Give the piece as it will lie; one that is not what was registered is left as it is."""
        if piece.codec is Codec.FLAC or not piece.bytes:
            return piece
        raw = Path(piece.path)
        found = await self._archive.flac.measure(raw)
        if found is None or found.sha256 != piece.sha256:
            return replace(piece, condition=Condition.CHANGED if found else Condition.MISSING)
        flac = raw.with_suffix(".flac")
        await self._archive.flac.compress(raw, flac)
        size = await asyncio.to_thread(size_of, flac)
        return replace(piece, path=str(flac), codec=Codec.FLAC, file_bytes=size)

    def _settle(
        self, connection: Connection, before: Recording, pieces: tuple[Piece, ...]
    ) -> Recording | None:
        """Write down where the audio lies now; None when somebody else changed the recording meanwhile."""
        if store.locked(connection, before.call_id) != before:
            return None
        after = with_pieces(before, pieces)
        store.put(connection, after)
        if after.state is RecordingState.COMPRESSED:
            told = RecordingCompressed(call_id=after.call_id, at=self._archive.clock.now(), path=after.path)
            self._outbox.append(connection, told)
        else:
            log.warning("录音不完整", call_id=after.call_id, gap=after.gap)
        return after
