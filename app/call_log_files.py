"""日志文件: the numbered lines of the call log, in files that are put away by size and by day.

``calls.jsonl`` grows; when its day or its room is over it is renamed, once, to
``calls-20261122-0000012345.jsonl`` (its day and its first number) and later packed as ``….jsonl.gz``.
Nothing is ever renamed twice, and no step takes a line away before it lies safely elsewhere; so a
process killed at any moment leaves every line that it had confirmed, and the numbers go on.
"""

import errno
import gzip
import json
import os
import re
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from app.call_log_words import SUMMARY
from core.clock import Clock
from core.outbox import NotNow

log = structlog.get_logger(__name__)

CURRENT = "calls.jsonl"
TAIL_BYTES = 1024 * 1024
RECALLED_LINES = 1000
"""Far more than the outbox tells a second time after a crash."""
RECALLED_BYTES = 4 * 1024 * 1024
"""About a thousand calls: a call's end is corrected soon, if at all."""
READABLE_BY_GROUP = 0o640
PACKED = ".gz"
_SUMMED_UP = re.compile(
    rb'{"seq": \d+, "at": "[^"]*", "what": "' + SUMMARY.encode() + rb'", "call_id": "([^"]+)"'
)
_SPOILT = (EOFError, zlib.error, gzip.BadGzipFile)
_PUT_AWAY = re.compile(r"calls-(\d{8})-(\d{10,})\.jsonl(\.gz)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``file_bytes``: how large a file grows; ``days``: how long one that was put away is kept."""

    file_bytes: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What an earlier life wrote: its last lines, and the calls that it summed up not long ago."""

    lines: list[dict[str, Any]]
    summed_up: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PutAway:
    """A file that nothing is added to any more; ``first`` is the number of its first line."""

    path: Path
    day: date
    first: int

    @property
    def is_packed(self) -> bool:
        """Tell whether it is compressed."""
        return self.path.suffix == PACKED


class CallLogFiles:
    """The folder with the files of one call log."""

    def __init__(self, folder: Path) -> None:
        """Nothing is opened yet."""
        self.folder = folder
        self.current = folder / CURRENT
        """The file that grows; missing while nothing was written since the last was put away."""

    def put_away(self) -> list[PutAway]:
        """Give the files that were put away, oldest first; of one being packed, the plain one."""
        found: dict[int, PutAway] = {}
        for path in sorted(self.folder.glob("calls-*.jsonl*"), reverse=True):
            if known := _PUT_AWAY.fullmatch(path.name):
                day = datetime.strptime(known[1], "%Y%m%d").date()  # noqa: DTZ007 - a day, no instant
                found[int(known[2])] = PutAway(path=path, day=day, first=int(known[2]))
        return [found[first] for first in sorted(found)]

    def in_order(self) -> list[Path]:
        """Give every file, oldest first, the growing one last."""
        paths = [file.path for file in self.put_away()]
        return [*paths, self.current] if self.current.exists() else paths


def opened(path: Path) -> BinaryIO:
    """Open a file for reading, packed or not; one that is packed at this moment is found either way."""
    if path.suffix != PACKED:
        with suppress(FileNotFoundError):
            return path.open("rb")
        path = path.with_name(path.name + PACKED)
    return gzip.open(path, "rb")  # type: ignore[return-value]  # reads bytes like every other file


def raw_lines(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file, as far as it is sound; nothing for one that is gone."""
    with suppress(FileNotFoundError, *_SPOILT), opened(path) as file:
        yield from (line for line in file if line.endswith(b"\n"))


def parsed(line: bytes) -> dict[str, Any] | None:
    """Give what a line says; None for one that is none of ours."""
    with suppress(ValueError):
        said = json.loads(line)
        if isinstance(said, dict) and isinstance(said.get("seq"), int):
            return said
    return None


class CallLogWriter:
    """Appends numbered lines; one writer per folder."""

    def __init__(self, files: CallLogFiles, clock: Clock, limits: Limits) -> None:
        """Go on from the last number; what a crash tore was never confirmed, and is cut off."""
        self.files = files
        self._clock = clock
        self._limits = limits
        _cut_torn_end(files.current)
        self.remembered = recalled(files)
        self._seq = max((int(line["seq"]) for line in self.remembered.lines), default=0)
        first = _first_line(files.current)
        self._first: int = first["seq"] if first else self._seq + 1
        self._day = _day_of(first) if first else None
        self._is_refused = False

    def write(self, said: dict[str, Any]) -> None:
        """Write one line; raises NotNow while the disk takes none, and then nothing of it stands there."""
        written = self._clock.now()
        line = {"seq": self._seq + 1, **said, "written": written.isoformat(timespec="milliseconds")}
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        try:
            self._make_room(len(data), written.date())
            _append(self.files.current, data)
        except OSError as error:
            if not self._is_refused:
                log.error("通话日志写不进磁盘, 这些行先留在发件箱里", reason=error.strerror)  # noqa: TRY400 - a sentence, no trace
            self._is_refused = True
            raise NotNow(reason=error.strerror) from error
        if self._is_refused:
            log.info("通话日志又写得进去了, 正在补写")
        self._is_refused = False
        self._seq += 1
        self._day = self._day or written.date()

    def _make_room(self, more: int, today: date) -> None:
        """Put the growing file away when its day is over or it would become too large."""
        try:
            size = self.files.current.stat().st_size
        except FileNotFoundError:
            self._day, self._first = None, self._seq + 1
            return
        if self._day is None or (self._day == today and size + more <= self._limits.file_bytes):
            return
        name = f"calls-{self._day:%Y%m%d}-{self._first:010d}.jsonl"
        self.files.current.rename(self.files.folder / name)
        self._day, self._first = None, self._seq + 1


def _append(path: Path, data: bytes) -> None:
    """Write all of it or nothing."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, READABLE_BY_GROUP)
    try:
        before = os.fstat(handle).st_size
        if os.write(handle, data) < len(data):
            os.ftruncate(handle, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(handle)


def recalled(files: CallLogFiles) -> Recalled:
    """Give what the end of the log knows; no more of it is read than a life can begin with at once."""
    lines: list[bytes] = []
    room = RECALLED_BYTES
    for path in reversed(files.in_order()):
        end = _end_of(path, room)
        lines = [*end, *lines]
        room -= sum(map(len, end))
        if room <= 0:
            break
    said = (parsed(line) for line in lines[-RECALLED_LINES:])
    summed_up = [found[1].decode() for line in lines if (found := _SUMMED_UP.match(line))]
    return Recalled(lines=[line for line in said if line is not None], summed_up=summed_up)


def _end_of(path: Path, size: int) -> list[bytes]:
    """Give the last whole lines of a file, about so many bytes of them; all of a packed one."""
    if path.suffix == PACKED:
        return list(raw_lines(path))
    with suppress(FileNotFoundError), path.open("rb") as file:
        skipped = max(0, path.stat().st_size - size)
        file.seek(skipped)
        if skipped:
            file.readline()
        return [line for line in file if line.endswith(b"\n")]
    return []


def last_number(files: CallLogFiles) -> int:
    """Give the number of the last line; 0 when there is none."""
    said = (parsed(line) for line in reversed(last_raw_lines(files, RECALLED_LINES)))
    return next((int(line["seq"]) for line in said if line), 0)


def last_raw_lines(files: CallLogFiles, number: int) -> list[bytes]:
    """Give the last lines, oldest first, from as many files as it takes."""
    found: list[bytes] = []
    for path in reversed(files.in_order()):
        if len(found) >= number:
            break
        found = [*deque(raw_lines(path), maxlen=number - len(found)), *found]
    return found


def _first_line(path: Path) -> dict[str, Any] | None:
    return next((said for line in raw_lines(path) if (said := parsed(line))), None)


def _day_of(line: dict[str, Any]) -> date | None:
    with suppress(KeyError, ValueError):
        return datetime.fromisoformat(line["written"]).date()
    return None


def _cut_torn_end(path: Path) -> None:
    """What stands behind the last line feed was never confirmed; its fact is told again."""
    if not path.exists():
        return
    with path.open("rb+") as file:
        size = path.stat().st_size
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
        file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)
