"""录音核对: compares the catalogue with the folder, both ways; what differs is named once and put right.

A file that was lost or changed is declared in its recording. A file without a recording is taken up
when its name is that of a call, and listed when not. A second run finds nothing new.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from core.database import Connection
from recordings import keeping_store, store
from recordings.damage import with_pieces
from recordings.files import Measured, measure
from recordings.findings import Finding, Seen
from recordings.gaps import STILL_WRITTEN
from recordings.keeping_store import BEGINNING, Registered
from recordings.model import Codec, Condition, Piece
from recordings.registry import Archive, Lies, found_by_sweep, lies_of, piece_of
from recordings.shelf import codec_of, sizes_of, twin_of
from recordings.unregistered import Unregistered

BREATH_SECONDS = 0.01
"""After each batch everybody else comes first."""
_SEEN = {Condition.MISSING: Seen.MISSING, Condition.CHANGED: Seen.CHANGED, Condition.WHOLE: Seen.FOUND_AGAIN}


class Sweep:
    """核对: a rehearsal (``dry_run``) finds the same and changes nothing."""

    def __init__(self, archive: Archive, *, dry_run: bool = False, thorough: bool = False) -> None:
        """``thorough`` reads every file to its end and compares checksums; else sizes have to do."""
        self._archive = archive
        self._dry_run = dry_run
        self._thorough = thorough

    async def run(self) -> AsyncIterator[Finding]:
        """Yield everything that is not as it should be, each once, as it is found."""
        claimed = set()
        async for finding in self._registered():
            claimed.add(finding.path)
            yield finding
        async for finding in Unregistered(self._archive, claimed=claimed, dry_run=self._dry_run).run():
            yield finding

    async def _registered(self) -> AsyncIterator[Finding]:
        """Look for the file of every piece in the catalogue."""
        after = BEGINNING
        node = self._archive.shelf.node
        while batch := await self._archive.database.in_transaction(
            partial(keeping_store.registered_after, node=node, after=after)
        ):
            places = [self._places_of(one.piece) for one in batch]
            lying = await asyncio.to_thread(sizes_of, places)
            for one, found in zip(batch, lying, strict=True):
                now = await self._as_it_lies(one, found)
                if now != one.piece and await self._settle(one, now):
                    yield Finding(seen=_SEEN[now.condition], path=now.path, call_id=one.call_id)
            after = (batch[-1].call_id, batch[-1].piece.number)
            await asyncio.sleep(BREATH_SECONDS)

    def _places_of(self, piece: Piece) -> list[Path]:
        """Where it may lie: at its place, in the other codec, or in the folder as it is called now."""
        place = Path(piece.path)
        moved = self._archive.shelf.folder / place.name
        return list(dict.fromkeys((place, twin_of(place), moved, twin_of(moved))))

    async def _as_it_lies(self, one: Registered, found: tuple[Path, int] | None) -> Piece:
        """Give the piece as it is now; the same when nothing about it is new."""
        piece = one.piece
        if found is None:
            return replace(piece, condition=Condition.MISSING)
        path, size = found
        at_its_place = str(path) == piece.path
        as_it_was = at_its_place and size == piece.file_bytes and piece.condition is Condition.WHOLE
        if as_it_was and not self._thorough:
            return piece
        audio = await self._archive.flac.measure(path)
        if audio is not None and await self._is_the_same(one, path, audio):
            lies = Lies(path=path, audio=audio, file_bytes=size)
            return piece_of(piece.number, piece.from_at, lies)
        return replace(piece, condition=Condition.CHANGED if at_its_place else Condition.MISSING)

    async def _is_the_same(self, one: Registered, path: Path, audio: Measured) -> bool:
        """The registered audio; or one that was never there yet, or was still written when registered."""
        piece = one.piece
        if not piece.sha256 or audio.sha256 == piece.sha256:
            return True
        if STILL_WRITTEN not in one.gap or codec_of(path) is Codec.FLAC or audio.bytes < piece.bytes:
            return False
        begins = await asyncio.to_thread(measure, path, piece.bytes)
        return begins is not None and begins.sha256 == piece.sha256

    async def _settle(self, before: Registered, now: Piece) -> bool:
        """Write it down; False when somebody else changed the recording meanwhile."""
        if self._dry_run:
            return True

        def work(connection: Connection) -> bool:
            recording = store.locked(connection, before.call_id)
            if recording is None or before.piece not in recording.pieces:
                return False
            if now.condition is Condition.WHOLE and now.sha256 != before.piece.sha256:
                recording = replace(
                    found_by_sweep(connection, self._archive, before.call_id, lies_of(now)),
                    pieces=recording.pieces,
                )
            pieces = tuple(now if piece == before.piece else piece for piece in recording.pieces)
            store.put(connection, with_pieces(recording, pieces))
            return True

        return await self._archive.database.in_transaction(work)
