"""查看日志: what of the call log was asked for, as far as it was written, and as it goes on."""

import os
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO

from app.call_log_files import CallLogFiles, last_raw_lines, parsed, raw_lines
from core.clock import from_epoch

Line = dict[str, Any]
_EPOCH_IN_CALL_ID = re.compile(r".*-(\d{10})\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for, all of it at once; ``slow_ms`` picks lines, the others whole calls."""

    call_id: str | None = None
    queue: str | None = None
    number_hash: str | None = None
    slow_ms: int | None = None


class Asked:
    """Knows which calls are meant: found by a number's hash or a queue, they are shown from end to end."""

    def __init__(self, wanted: Wanted) -> None:
        """Begin with no call known."""
        self._wanted = wanted
        self._calls: dict[str, set[str]] = {"queue": set(), "number_hash": set()}

    @property
    def is_everything(self) -> bool:
        """Tell whether every line is wanted."""
        return self._wanted == Wanted()

    def learn(self, line: Line) -> None:
        """Take from a line which calls are meant."""
        wanted = self._wanted
        if wanted.queue is not None and wanted.queue in line.get("queues", ()):
            self._calls["queue"].add(line["call_id"])
        if wanted.number_hash is not None and wanted.number_hash == line.get("number_hash"):
            self._calls["number_hash"].add(line["call_id"])

    def wants(self, line: Line) -> bool:
        """Tell whether a line belongs to what was asked for, as far as is known by now."""
        wanted = self._wanted
        call_id = line["call_id"]
        return (
            wanted.call_id in (None, call_id)
            and (wanted.queue is None or call_id in self._calls["queue"])
            and (wanted.number_hash is None or call_id in self._calls["number_hash"])
            and (wanted.slow_ms is None or (line.get("waited_ms") or 0) > wanted.slow_ms)
        )

    def earliest_day(self) -> date | None:
        """Give the day before which nothing of it can have been written; None when it may be any."""
        found = _EPOCH_IN_CALL_ID.fullmatch(self._wanted.call_id or "")
        return from_epoch(int(found[1])).date() - timedelta(days=1) if found else None

    def of_file(self, path: Path) -> Iterator[Line]:
        """Yield the lines of a file that are wanted; of a call that is found late its early lines too."""
        wanted = self._wanted
        for by in (wanted.queue, wanted.number_hash):
            for line in _lines_with(by, path) if by is not None else ():
                self.learn(line)
        if self._may_want_any():
            yield from (line for line in _lines_with(wanted.call_id, path) if self.wants(line))

    def _may_want_any(self) -> bool:
        wanted = self._wanted
        return (wanted.queue is None or bool(self._calls["queue"])) and (
            wanted.number_hash is None or bool(self._calls["number_hash"])
        )


def _lines_with(word: str | None, path: Path) -> Iterator[Line]:
    # Most lines are not meant; looking for a word costs a hundredth of reading a line.
    sought = (word or "").encode()
    for raw in raw_lines(path):
        if sought in raw and (line := parsed(raw)):
            yield line


def last_lines(files: CallLogFiles, asked: Asked, number: int) -> list[Line]:
    """Give the last wanted lines, oldest first; looks into no more files than it takes."""
    if asked.is_everything:
        return [line for raw in last_raw_lines(files, number) if (line := parsed(raw))]
    found: list[Line] = []
    earliest = asked.earliest_day()
    days = {file.path: file.day for file in files.put_away()}
    for path in reversed(files.in_order()):
        if len(found) >= number or (earliest and days.get(path, earliest) < earliest):
            break
        found = [*deque(asked.of_file(path), maxlen=number - len(found)), *found]
    return found


class Follower:
    """Reads on from here; lines are given once and in order, however often files are put away meanwhile."""

    def __init__(self, files: CallLogFiles, after: int) -> None:
        """Begin behind the line of this number."""
        self._files = files
        self._after = after
        self._file: BinaryIO | None = None

    def new_lines(self) -> Iterator[Line]:
        """Yield the lines written since the last look, each once it is whole."""
        if self._file is not None:
            yield from self._rest_of(self._file)
            if _is_same(self._file, self._files.current):
                return
            # What was written between that look and its being put away.
            yield from self._rest_of(self._file)
            self._file.close()
            self._file = None
        yield from self._from_files()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()

    def _from_files(self) -> Iterator[Line]:
        # Opened before the others are listed: put away in between, it is among them, and ours all the same.
        with suppress(FileNotFoundError):
            self._file = self._files.current.open("rb")
        known = self._files.put_away()
        behind = [file.first for file in known[1:]]
        for file, following in zip_longest(known, behind):
            if following is None or following > self._after + 1:
                yield from self._new(raw_lines(file.path))
        if self._file is not None:
            yield from self._rest_of(self._file)

    def _rest_of(self, file: BinaryIO) -> Iterator[Line]:
        def whole() -> Iterator[bytes]:
            while (line := file.readline()).endswith(b"\n"):
                yield line
            file.seek(-len(line), os.SEEK_CUR)

        yield from self._new(whole())

    def _new(self, lines: Iterator[bytes]) -> Iterator[Line]:
        for raw in lines:
            line = parsed(raw)
            if line is not None and line["seq"] > self._after:
                self._after = line["seq"]
                yield line


def _is_same(file: BinaryIO, path: Path) -> bool:
    """Tell whether a path still leads to the file that we have open."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    return False
