"""磁盘余量: whether there is room for recordings, and when there was none."""

import asyncio
from collections import deque
from datetime import datetime

import structlog

from core.clock import Clock
from core.errors import HotlineError
from recordings.files import RecordingFolderUnusable, check_folder, room_beside
from recordings.model import Span
from recordings.shelf import Shelf

log = structlog.get_logger(__name__)

NO_ROOM = 2**20
"""Below this many free bytes what is being recorded is lost."""
REMEMBERED = 100


class Room:
    """Looked at every few seconds; the log is told once per change."""

    def __init__(self, shelf: Shelf, clock: Clock) -> None:
        """Nothing is wrong as long as nobody looked."""
        self._shelf = shelf
        self._clock = clock
        self.complaint = ""
        self._full_since: datetime | None = None
        self._full: deque[Span] = deque(maxlen=REMEMBERED)

    async def look(self) -> str:
        """Say what is wrong with the folder, empty if nothing."""
        self._note(await asyncio.to_thread(_complaint_of, self._shelf))
        self._note_full(full=await asyncio.to_thread(self._is_full))
        return self.complaint

    def was_full(self, during: Span) -> bool:
        """Whether there was no room at some moment of a call, or is none now."""
        if self._is_full():
            return True
        return any(
            full.from_at <= during.to_at and during.from_at <= full.to_at for full in tuple(self._full)
        )

    def _is_full(self) -> bool:
        return room_beside(self._shelf.folder / "any") < NO_ROOM

    def _note(self, complaint: str) -> None:
        if complaint and not self.complaint:
            log.error("录音目录有问题", reason=complaint)
        if self.complaint and not complaint:
            log.info("录音目录恢复正常", folder=str(self._shelf.folder))
        self.complaint = complaint

    def _note_full(self, *, full: bool) -> None:
        now = self._clock.now()
        if full and self._full_since is None:
            self._full_since = now
            log.error("录音磁盘已满", reason="正在进行的通话录不下来, 通话本身不受影响, 请立即清理磁盘")
        if not full and self._full_since is not None:
            self._full.append(Span(from_at=self._full_since, to_at=now))
            self._full_since = None
            log.info("录音磁盘又有空间", lost_since=self._full[-1].from_at.isoformat(timespec="seconds"))


def _complaint_of(shelf: Shelf) -> str:
    try:
        check_folder(shelf.folder, shelf.free_bytes)
    except HotlineError as error:
        return error.sentence()
    except OSError as error:
        return RecordingFolderUnusable(path=shelf.folder, reason=error.strerror).sentence()
    return ""
