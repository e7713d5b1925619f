"""录音文件: knows when Asterisk has closed a recording, how long it is and what its checksum is."""

import asyncio
import fcntl
import hashlib
import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from core.errors import HotlineError
from recordings.model import BYTES_PER_SECOND

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 3.0
QUIET_SECONDS = 0.3
CHUNK = 256 * 1024


class RecordingFolderFull(HotlineError):
    """录音目录所在磁盘空间不足,新的录音会丢失,请清理磁盘或在设置里换一个录音目录。"""


class RecordingFolderUnusable(HotlineError):
    """录音目录不存在或不可写,请检查设置里的录音目录及其权限。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """量得的录音: size in bytes, length in seconds, SHA-256 in hex."""

    bytes: int
    duration_seconds: float
    sha256: str


def is_written(path: Path) -> bool | None:
    """Whether any process has the file open for writing; None when the system does not tell us.

    Linux grants a read lease only on a file that nobody writes; it is given back at once. It tells
    this to the file's owner and to root, on local file systems.
    """
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except OSError:
        return None
    try:
        # Should somebody open the file in this very moment, the default signal would end our process.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return None
    finally:
        os.close(file)
    return False


async def until_closed(path: Path, patience: float = PATIENCE_SECONDS) -> bool:
    """Wait until nobody writes the file any more; False when that did not come to pass in time.

    Where the system does not tell who writes, a size that stands still for 0.3 s has to do.
    """
    clock = asyncio.get_running_loop().time
    started = still_since = clock()
    size = size_of(path)
    while clock() - started < patience:
        written = is_written(path)
        if size_of(path) != size:
            size, still_since = size_of(path), clock()
        if written is False or (written is None and clock() - still_since >= QUIET_SECONDS):
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False


def measure(path: Path, only_first: int | None = None) -> Measured | None:
    """Read the whole file (0.3 s for an hour), or that many bytes; None when there is none.

    Blocks: call it in a thread.
    """
    checksum, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK if only_first is None else min(CHUNK, only_first - size)):
                checksum.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        return None
    return Measured(bytes=size, duration_seconds=size / BYTES_PER_SECOND, sha256=checksum.hexdigest())


def room_beside(path: Path) -> int:
    """Free bytes on the disk where the file lies or would lie; 0 when there is no such folder."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return 0


def check_folder(folder: Path, free_bytes: int) -> None:
    """Raise a HotlineError when recordings cannot be written there or the disk has less room than this."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        raise RecordingFolderUnusable(path=folder)
    free = shutil.disk_usage(folder).free
    if free < free_bytes:
        raise RecordingFolderFull(path=folder, free_mb=free // 2**20, needed_mb=free_bytes // 2**20)


def size_of(path: Path) -> int:
    """Give the size of a file in bytes; 0 when there is none."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
