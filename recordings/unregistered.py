"""无登记的文件: what lies in the folder and stands in no manifest is taken up, listed, or cleared away."""

import asyncio
from collections.abc import AsyncIterator, Container
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from core.database import Connection
from core.ids import CallId
from recordings import keeping_store, store
from recordings.calls import KnownCall
from recordings.damage import with_pieces
from recordings.files import is_written
from recordings.findings import Finding, Seen
from recordings.keeping_store import Registered, Stray
from recordings.model import Codec, Recording, RecordingState
from recordings.registry import Archive, Lies, found_by_sweep, piece_of
from recordings.shelf import UNFINISHED, Folder, Lying, call_in, codec_of, twin_of

QUIET = timedelta(minutes=10)
"""A file that was written later than this ago may still be somebody's work."""
NO_FILE = "不是普通文件"
NO_CALL = "文件名不是来电编号"
DELETED = "该录音已按留存规则删除"
TWIN = "与登记的录音同名"
UNREADABLE = "读不出的 FLAC 文件"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the catalogue knows of a file: the call in its name, and its piece in the other codec.

    ``listed``: as a stray, by an earlier sweep.
    """

    listed: bool
    call_id: CallId | None = None
    call: KnownCall | None = None
    recording: Recording | None = None
    twin: Registered | None = None


class Unregistered:
    """Looks at every file of the folder once; a rehearsal (``dry_run``) changes nothing."""

    def __init__(self, archive: Archive, *, claimed: Container[str], dry_run: bool) -> None:
        """Look at the archive's shelf; the ``claimed`` files are somebody's by now."""
        self._archive = archive
        self._claimed = claimed
        self._dry_run = dry_run

    async def run(self) -> AsyncIterator[Finding]:
        """Yield what is nobody's."""
        folder = await asyncio.to_thread(Folder, self._archive.shelf.folder)
        while batch := await asyncio.to_thread(folder.next_batch):
            nobodys = await self._archive.database.in_transaction(partial(self._nobodys, batch=batch))
            for lying, about in nobodys:
                if finding := await self._finding(lying, about):
                    yield finding
        if not self._dry_run:
            await self._forget_what_went()

    def _nobodys(self, connection: Connection, batch: list[Lying]) -> list[tuple[Lying, About]]:
        """Give those that stand in no manifest, with what else the catalogue knows of them."""
        own = keeping_store.registered_at(connection, [str(lying.path) for lying in batch])
        somebodys = {path for path, one in own.items() if one.state is not RecordingState.DELETED}
        left = [one for one in batch if str(one.path) not in somebodys and str(one.path) not in self._claimed]
        calls = {one.path: call for one in left if (call := call_in(one.path.name)) is not None}
        recordings = store.recordings_of(connection, tuple(set(calls.values())))
        twins = keeping_store.registered_at(connection, [str(twin_of(path)) for path in calls])
        listed = keeping_store.strays_at(connection, [str(one.path) for one in left])
        nobodys = []
        for one in left:
            about = About(listed=str(one.path) in listed)
            if call_id := calls.get(one.path):
                about = replace(
                    about,
                    call_id=call_id,
                    call=self._archive.book.call(connection, call_id),
                    recording=recordings.get(call_id),
                    twin=twins.get(str(twin_of(one.path))),
                )
            nobodys.append((one, about))
        return nobodys

    async def _finding(self, lying: Lying, about: About) -> Finding | None:
        if lying.is_file and await self._is_somebodys_work(lying):
            return None
        if lying.is_file and lying.path.name.endswith(UNFINISHED):
            return await self._clear_away(lying)
        why = _why_stray(lying, about)
        if why or about.call_id is None:
            return await self._stray(lying, about, why)
        if about.twin is not None:
            return await self._beside(lying, about, about.twin)
        if about.recording is None and about.call is not None and about.call.gone_at is None:
            # It lives, and will be registered when it ends.
            return None
        return await self._adopt(lying, about, about.call_id)

    async def _is_somebodys_work(self, lying: Lying) -> bool:
        if self._archive.clock.now() - lying.written_at < QUIET:
            return True
        return await asyncio.to_thread(is_written, lying.path) is True

    async def _beside(self, lying: Lying, about: About, twin: Registered) -> Finding | None:
        """The same piece in the other codec: what compression left when it was stopped, or a copy."""
        if codec_of(lying.path) is Codec.FLAC:
            # The raw file is the registered one: compression will begin anew.
            waits = twin.state is RecordingState.HEARD
            return None if waits else await self._stray(lying, about, TWIN)
        audio = await self._archive.flac.measure(lying.path)
        if audio is not None and audio.sha256 == twin.piece.sha256:
            return await self._clear_away(lying)
        return await self._stray(lying, about, TWIN)

    async def _adopt(self, lying: Lying, about: About, call_id: CallId) -> Finding | None:
        audio = await self._archive.flac.measure(lying.path)
        if audio is None:
            return await self._stray(lying, about, UNREADABLE)
        lies = Lies(path=lying.path, audio=audio, file_bytes=lying.bytes)
        work = partial(self._enter, call_id=call_id, lies=lies, lying=lying)
        if not self._dry_run and not await self._archive.database.in_transaction(work):
            return None
        return Finding(seen=Seen.ADOPTED, path=str(lying.path), call_id=call_id)

    def _enter(self, connection: Connection, call_id: CallId, lies: Lies, lying: Lying) -> bool:
        """As a recording, or as a further piece of one; False when somebody else was faster."""
        recording = store.locked(connection, call_id)
        if recording is None:
            return store.register(connection, found_by_sweep(connection, self._archive, call_id, lies))
        if any(piece.path == str(lies.path) for piece in recording.pieces):
            return False
        number = recording.pieces[-1].number + 1
        begun = lying.written_at - timedelta(seconds=lies.seconds or 0.0)
        pieces = (*recording.pieces, piece_of(number, begun, lies))
        store.put(connection, with_pieces(recording, pieces))
        return True

    async def _clear_away(self, lying: Lying) -> Finding:
        if not self._dry_run:
            await asyncio.to_thread(lying.path.unlink, missing_ok=True)
        return Finding(seen=Seen.LEFTOVER, path=str(lying.path))

    async def _stray(self, lying: Lying, about: About, why: str) -> Finding | None:
        """List it; None when it is on the list."""
        if about.listed:
            return None
        if not self._dry_run:
            stray = Stray(
                path=str(lying.path),
                node=self._archive.shelf.node,
                found_at=self._archive.clock.now(),
                bytes=lying.bytes,
                why=why,
            )
            await self._archive.database.in_transaction(partial(keeping_store.list_stray, stray=stray))
        return Finding(seen=Seen.STRAY, path=str(lying.path), call_id=about.call_id, about=why)

    async def _forget_what_went(self) -> None:
        node = self._archive.shelf.node
        listed = await self._archive.database.in_transaction(partial(keeping_store.strays_of, node=node))
        gone = await asyncio.to_thread(lambda: [one.path for one in listed if not Path(one.path).exists()])
        await self._archive.database.in_transaction(partial(keeping_store.forget_strays, paths=gone))


def _why_stray(lying: Lying, about: About) -> str:
    """Empty for what may belong to a call."""
    if not lying.is_file:
        return NO_FILE
    if not about.call_id:
        return NO_CALL
    gone = about.recording is not None and about.recording.state is RecordingState.DELETED
    return DELETED if gone else ""
