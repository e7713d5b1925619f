"""日志文件: the lines of one of Asterisk's logs from an instant on, also from files that were put away."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from core.clock import from_epoch

WhenOf = Callable[[str], datetime | None]
"""Gives when a line was written; None for a line that does not say so."""
CHUNK = 256 * 1024
SET_BACK = timedelta(hours=2)
"""So far a clock may have been set back without a line being missed."""
FAR_PAST = from_epoch(0)


def lines_since(folder: Path, name: str, since: datetime, when: WhenOf) -> Iterator[str]:
    """Yield the first line that is not older than ``since``, and every line behind it.

    Lines stand in the order in which they were written, whatever a clock that was set back says. Files
    are ``name`` and what it was renamed to when it was put away: ``name.0``, ``name.20261122`` and so on.
    """
    begun = False
    for file in _in_order(folder, name, when):
        for line in _from(file, since, when):
            begun = begun or (when(line) or FAR_PAST) >= since
            if begun:
                yield line


def _in_order(folder: Path, name: str, when: WhenOf) -> list[Path]:
    """Give the files, the one that began first first; the one that is being written is the last."""
    if not folder.is_dir():
        return []
    files = [file for file in folder.iterdir() if file.name == name or file.name.startswith(f"{name}.")]
    return sorted(files, key=lambda file: (file.name == name, _first(file, when), file.name))


def _first(file: Path, when: WhenOf) -> datetime:
    with file.open(encoding="utf-8", errors="replace") as lines:
        return when(lines.readline()) or FAR_PAST


def _from(file: Path, since: datetime, when: WhenOf) -> Iterator[str]:
    """Yield the lines of a file from well before ``since`` on, without reading all that is older."""
    with file.open("rb") as lines:
        lines.seek(0, 2)
        begin = lines.tell()
        while begin > 0:
            begin = max(0, begin - CHUNK)
            lines.seek(begin)
            if begin:
                lines.readline()
            at = when(_text(lines.readline()))
            if at is not None and at < since - SET_BACK:
                break
        lines.seek(begin)
        if begin:
            lines.readline()
        for line in lines:
            if line.endswith(b"\n"):
                yield _text(line)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r\n")
