"""附件库: files of work orders, each under its checksum; kept whole or not at all, never to be executed."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

from core.errors import HotlineError
from tickets.model import Attachment

NAME_LENGTH = 200
CHUNK_BYTES = 1 << 20
MEGABYTE = 1_000_000
READABLE_BY_US = 0o640
_CHECKSUM = re.compile(r"[0-9a-f]{64}")
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f]")


class FileTooBig(HotlineError):
    """附件太大, 没有收下:请压缩后再传, 或分成几份。"""


class FileEmpty(HotlineError):
    """附件是空的, 没有收下:请核对选的是不是这个文件。"""


class FileNotReadable(HotlineError):
    """这个文件读不了:请核对位置和权限。"""


class FileGone(HotlineError):
    """附件库里找不到这个文件, 或它和收下时不一样:请从备份恢复。"""


class FileShelf:
    """One folder; the same file kept twice lies there once."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        """``most_bytes`` is the most that one file may hold."""
        self._folder = folder
        self._most = most_bytes

    def keep_file(self, path: Path, kind: str = "附件") -> Attachment:
        """Keep a copy of a file. Raises FileNotReadable, FileTooBig or FileEmpty."""
        try:
            if not path.is_file():
                raise FileNotReadable(file=path)
            with path.open("rb") as file:
                return self.keep(path.name, iter(lambda: file.read(CHUNK_BYTES), b""), kind)
        except OSError as error:
            raise FileNotReadable(file=path, reason=error.strerror) from error

    def keep(self, name: str, chunks: Iterable[bytes], kind: str = "附件") -> Attachment:
        """Keep what comes in pieces; what is too big is refused before all of it was read."""
        self._folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        fresh = self._folder / f"{os.getpid()}-{os.urandom(8).hex()}.new"
        checksum, size = hashlib.sha256(), 0
        try:
            with open(fresh, "xb", opener=_opened_for_us) as file:
                for chunk in chunks:
                    size += len(chunk)
                    if size > self._most:
                        raise FileTooBig(file=file_name(name), most=f"{self._most / MEGABYTE:g} MB")
                    checksum.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if not size:
                raise FileEmpty(file=file_name(name))
            self._place(fresh, checksum.hexdigest())
        finally:
            fresh.unlink(missing_ok=True)
        return Attachment(name=file_name(name), size=size, sha256=checksum.hexdigest(), kind=kind)

    def read(self, sha256: str) -> Iterator[bytes]:
        """Give a file in pieces, the last only when all of it is as it was kept; raises FileGone."""
        checksum = hashlib.sha256()
        try:
            with self.path_of(sha256).open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    checksum.update(chunk)
                    yield chunk
        except OSError as error:
            raise FileGone(file=sha256, reason=error.strerror) from error
        if checksum.hexdigest() != sha256:
            raise FileGone(file=sha256)

    def path_of(self, sha256: str) -> Path:
        """Give where a file lies; raises FileGone for what is no checksum."""
        if not _CHECKSUM.fullmatch(sha256):
            raise FileGone(file=sha256)
        return self._folder / sha256[:2] / sha256

    def _place(self, fresh: Path, sha256: str) -> None:
        own = self.path_of(sha256)
        own.parent.mkdir(mode=0o750, exist_ok=True)
        if not own.exists():
            fresh.rename(own)


def file_name(told: str) -> str:
    """Give the last part of a name, as text that can be shown: no folders, no control characters."""
    last = PurePosixPath(PureWindowsPath(told).name).name
    clean = _UNWRITABLE.sub("", last).strip()[:NAME_LENGTH]
    return clean if clean.strip(".") else "未命名"


def _opened_for_us(path: str, flags: int) -> int:
    return os.open(path, flags, READABLE_BY_US)
