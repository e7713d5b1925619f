"""录音架: a node's folder of recordings, and what the names in it mean."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from core.clock import from_epoch
from core.ids import CallId
from recordings.model import Codec

UNFINISHED = ".flac.new"
"""What compression writes before it is proved."""
_NAME = re.compile(
    r"(?P<call>[A-Za-z0-9_-]{1,40}-(?P<epoch>\d{9,11})\.\d{1,10}(?:~\d{1,3})?)(?:\+\d{1,3})?\.(raw|flac)"
)
_BATCH = 500
_NOT_OURS = ("lost+found",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """录音架: a node's recordings, how much room ops want beside them, and the ``flac`` program."""

    node: str
    folder: Path
    free_bytes: int
    flac: Path

    def place_of(self, call_id: CallId) -> Path:
        """Where the dial plan has the recording of a call written."""
        return self.folder / f"{call_id}.raw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """文件: something that lies in the folder; ``written_at`` is when it was written last."""

    path: Path
    bytes: int
    written_at: datetime
    is_file: bool = True


def call_in(name: str) -> CallId | None:
    """Read the call out of a file's name, ``CALL_ID.raw`` or ``CALL_ID+2.flac``; None for other names.

    ``CALL_ID~2.raw`` is of another call, which Asterisk gave the same number after its clock was set back.
    """
    found = _NAME.fullmatch(name)
    return CallId(found["call"]) if found else None


def begun_of(call_id: CallId) -> datetime | None:
    """When Asterisk made the call's channel, to the second, as it stands in its name."""
    found = _NAME.fullmatch(f"{call_id}.raw")
    return from_epoch(float(found["epoch"])) if found else None


def codec_of(path: Path) -> Codec:
    """How a file is written, by its name."""
    return Codec.FLAC if path.suffix == ".flac" else Codec.RAW


def twin_of(path: Path) -> Path:
    """Where the same piece would lie in the other codec."""
    return path.with_suffix(".raw" if codec_of(path) is Codec.FLAC else ".flac")


def sizes_of(paths: list[list[Path]]) -> list[tuple[Path, int] | None]:
    """For each list of places give the first that is there, with its size; None where none is."""
    return [next(filter(None, map(_size_of, places)), None) for places in paths]


class Folder:
    """Reads a folder in batches, however many files there are."""

    def __init__(self, folder: Path) -> None:
        """Begin before the first; a folder that is not there is an empty one."""
        self._entries: Iterator[os.DirEntry[str]] = os.scandir(folder) if folder.is_dir() else iter(())

    def next_batch(self) -> list[Lying]:
        """Give the next files, in no particular order; empty when there are no more."""
        while batch := list(islice(self._entries, _BATCH)):
            if lying := [found for entry in batch if (found := _lying(entry)) is not None]:
                return lying
        return []


def _lying(entry: os.DirEntry[str]) -> Lying | None:
    """None for what went while we looked."""
    if entry.name in _NOT_OURS:
        return None
    try:
        about = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    return Lying(
        path=Path(entry.path),
        bytes=about.st_size,
        written_at=from_epoch(about.st_mtime),
        is_file=stat.S_ISREG(about.st_mode),
    )


def _size_of(path: Path) -> tuple[Path, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return (path, about.st_size) if stat.S_ISREG(about.st_mode) else None
