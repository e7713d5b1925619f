"""调听: nobody hears a recording without saying what for; what is given is compared with its checksum."""

import asyncio
import contextlib
import hashlib
import wave
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from core.database import Connection
from core.errors import HotlineError
from core.ids import CallId, TicketNo
from recordings import keeping_store, store
from recordings.calls import KnownCall
from recordings.damage import with_pieces
from recordings.flac import AudioUnreadable
from recordings.holding import Said, checked
from recordings.model import Access, Act, Condition, Hold, Piece, Recording, RecordingState
from recordings.registry import Archive


class NoRecording(HotlineError):
    """没有这通电话的录音:请核对来电编号,可用 ./hotline recordings list 查找;通话结束后才能听。"""


class RecordingDeleted(HotlineError):
    """录音已按留存规则删除,听不到了:清单还在,可用 ./hotline recordings show 查看。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """申请: which call, by whom and what for, and the file that it is to be written to, if any."""

    call_id: CallId
    said: Said
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A recording in a list, and its call as the journal has it."""

    recording: Recording
    call: KnownCall | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """清单: everything that is known of one recording."""

    recording: Recording
    call: KnownCall | None
    holds: tuple[Hold, ...]
    accesses: tuple[Access, ...]


class ListeningDesk:
    """调听台: every look and every listening that shows personal data is written down first."""

    def __init__(self, archive: Archive) -> None:
        """Read the archive's shelf."""
        self._archive = archive

    async def begun_between(
        self, begin: datetime, end: datetime, *, last: int, gaps_only: bool = False
    ) -> list[Listed]:
        """Give the last so many recordings that began in this time, oldest first; numbers are not masked."""
        node, book = self._archive.shelf.node, self._archive.book

        def work(connection: Connection) -> list[Listed]:
            found = keeping_store.between(connection, node, begin, end)
            wanted = [one for one in found if one.gap or not gaps_only][-last:]
            return [Listed(recording=one, call=book.call(connection, one.call_id)) for one in wanted]

        return await self._archive.database.in_transaction(work)

    async def show(self, call_id: CallId, said: Said | None = None) -> Whole:
        """Give the manifest; with a reason the look is noted as one at the caller's number.

        Raises NoRecording, or NoReason.
        """
        asked = Asked(call_id=call_id, said=checked(said)) if said else None

        def work(connection: Connection) -> Whole:
            if asked:
                self._note(connection, asked, Act.REVEAL)
            return self._whole(connection, call_id)

        return await self._archive.database.in_transaction(work)

    async def listen(self, asked: Asked, into: BinaryIO) -> Recording:
        """Write the call as WAV, left the citizen, right the seat; gives what was found of it.

        It is noted before the first sound is read. A piece that is not what was registered is given as
        far as it can be read, and declared. Raises NoReason, NoRecording or RecordingDeleted.
        """
        asked = replace(asked, said=checked(asked.said))
        recording = await self._archive.database.in_transaction(partial(self._begin, asked=asked))
        with wave.open(into, "wb") as sound:
            sound.setnchannels(2)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            pieces = [await self._give(piece, sound) for piece in recording.pieces]
        if tuple(pieces) == recording.pieces:
            return recording
        return await self._archive.database.in_transaction(
            partial(self._declare, call_id=asked.call_id, pieces=tuple(pieces))
        )

    def _whole(self, connection: Connection, call_id: CallId) -> Whole:
        recording = store.recording_of(connection, call_id)
        if recording is None:
            raise NoRecording(asked=call_id)
        tickets = self._archive.book.tickets(connection, [call_id]).get(call_id, ())
        keys: list[CallId | TicketNo] = [call_id, *(ticket.ticket_no for ticket in tickets)]
        holds = keeping_store.holds_on(connection, keys)
        return Whole(
            recording=recording,
            call=self._archive.book.call(connection, call_id),
            holds=tuple(hold for key in keys for hold in holds.get(key, ())),
            accesses=tuple(keeping_store.accesses_of(connection, call_id)),
        )

    def _begin(self, connection: Connection, asked: Asked) -> Recording:
        recording = store.recording_of(connection, asked.call_id)
        if recording is None:
            raise NoRecording(asked=asked.call_id)
        if recording.state in (RecordingState.EXPIRED, RecordingState.DELETED):
            raise RecordingDeleted(asked=asked.call_id, why=recording.deleted_for)
        self._note(connection, asked, Act.EXPORT if asked.file else Act.LISTEN)
        return recording

    def _note(self, connection: Connection, asked: Asked, act: Act) -> None:
        noted = Access(
            at=self._archive.clock.now(),
            who=asked.said.who,
            act=act,
            call_id=asked.call_id,
            reason=asked.said.reason,
            given_to=asked.file,
        )
        keeping_store.note_access(connection, noted)

    async def _give(self, piece: Piece, sound: wave.Wave_write) -> Piece:
        """Write one piece, and give it as it was found."""
        path, checksum = Path(piece.path), hashlib.sha256()
        if not await asyncio.to_thread(path.exists):
            return replace(piece, condition=Condition.MISSING)
        with contextlib.suppress(AudioUnreadable):
            async with contextlib.aclosing(self._archive.flac.audio_of(path)) as audio:
                async for chunk in audio:
                    checksum.update(chunk)
                    await asyncio.to_thread(sound.writeframesraw, chunk)
        as_registered = checksum.hexdigest() == piece.sha256
        if not piece.sha256:
            # Turned up after it had been declared missing: for the next sweep to take up.
            return piece
        return replace(piece, condition=Condition.WHOLE if as_registered else Condition.CHANGED)

    def _declare(self, connection: Connection, call_id: CallId, pieces: tuple[Piece, ...]) -> Recording:
        """Write down what was found, unless somebody else changed the recording meanwhile."""
        now = store.locked(connection, call_id)
        if now is None:
            raise NoRecording(asked=call_id)
        found = {(piece.number, piece.path): piece for piece in pieces}
        changed = with_pieces(
            now,
            tuple(
                replace(piece, condition=found.get((piece.number, piece.path), piece).condition)
                for piece in now.pieces
            ),
        )
        store.put(connection, changed)
        return changed
