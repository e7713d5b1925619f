"""登记: makes the manifest of a call whose recording is complete."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from core.clock import Clock
from core.database import Connection, Database
from core.events import CallEnded, EndReason, RecordingCompressed, RecordingReady
from core.ids import CallId
from recordings.calls import CallBook, KnownCall
from recordings.files import Measured
from recordings.flac import Flac
from recordings.gaps import Found, gaps_of, words_of
from recordings.model import BYTES_PER_SECOND, Condition, Piece, Recording, RecordingState
from recordings.shelf import Shelf, begun_of, codec_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """录音室: what everybody needs who works with recordings."""

    database: Database
    clock: Clock
    shelf: Shelf
    book: CallBook

    @property
    def flac(self) -> Flac:
        """Reads and writes the files."""
        return Flac(self.shelf.flac)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lies:
    """What was found of a recording: None when there is no file; ``closed``: nobody writes it any more."""

    path: Path
    audio: Measured | None
    file_bytes: int
    closed: bool = True
    disk_full: bool = False

    @property
    def seconds(self) -> float | None:
        """How long it is; None when there is no file."""
        return self.audio.duration_seconds if self.audio else None


def manifest_of(ended: CallEnded, known: KnownCall | None, lies: Lies, node: str) -> Recording:
    """Declare a recording complete, with all that it lacks."""
    begun = (known.arrived_at if known else None) or begun_of(ended.call_id) or ended.at
    found = Found(
        seconds=lies.seconds,
        disk_full=lies.disk_full,
        still_written=not lies.closed,
        pauses=known.pauses if known else (),
    )
    gaps = gaps_of(begun, ended, found)
    return Recording(
        call_id=ended.call_id,
        node=node,
        at=begun,
        pieces=(piece_of(1, begun, lies),),
        gaps=gaps,
        gap=words_of(gaps),
    )


def piece_of(number: int, begun: datetime, lies: Lies) -> Piece:
    """Register a file, or that there is none where one should be."""
    if lies.audio is None:
        return Piece(
            number=number, path=str(lies.path), from_at=begun, to_at=begun, condition=Condition.MISSING
        )
    return Piece(
        number=number,
        path=str(lies.path),
        from_at=begun,
        to_at=begun + timedelta(seconds=lies.audio.duration_seconds),
        sha256=lies.audio.sha256,
        bytes=lies.audio.bytes,
        codec=codec_of(lies.path),
        file_bytes=lies.file_bytes,
    )


def end_of(call_id: CallId, known: KnownCall | None, lies: Lies, now: datetime) -> CallEnded:
    """Give how a call ended that nobody told us of: as the journal has it or, failing that, the file."""
    if known is not None and known.gone_at is not None:
        return CallEnded(
            call_id=call_id,
            at=known.gone_at,
            end_reason=known.end_reason or EndReason.UNKNOWN_END,
            talk_seconds=known.talk_seconds,
        )
    ended = (begun_of(call_id) or now) + timedelta(seconds=lies.seconds or 0.0)
    return CallEnded(call_id=call_id, at=ended, end_reason=EndReason.UNKNOWN_END, talk_seconds=0.0)


def found_by_sweep(connection: Connection, archive: Archive, call_id: CallId, lies: Lies) -> Recording:
    """Declare complete what a sweep has found; the engine tells of it later."""
    known = archive.book.call(connection, call_id)
    ended = end_of(call_id, known, lies, archive.clock.now())
    return replace(manifest_of(ended, known, lies, archive.shelf.node), state=RecordingState.ADOPTED)


def lies_of(piece: Piece) -> Lies:
    """Give what was found of a piece when it was registered."""
    seconds = piece.bytes / BYTES_PER_SECOND
    audio = Measured(bytes=piece.bytes, duration_seconds=seconds, sha256=piece.sha256)
    return Lies(path=Path(piece.path), audio=audio, file_bytes=piece.file_bytes)


def told_of(recording: Recording, clock: Clock) -> RecordingReady | RecordingCompressed:
    """Say that a recording is complete; whoever listens to raw audio is not told of one that is not."""
    if recording.state is RecordingState.COMPRESSED:
        return RecordingCompressed(call_id=recording.call_id, at=clock.now(), path=recording.path)
    return RecordingReady(
        call_id=recording.call_id,
        at=clock.now(),
        path=recording.path,
        duration_seconds=recording.duration_seconds,
        sha256=recording.sha256,
        gap=recording.gap,
    )
