"""值守来电: reads what away.py noted while the engine was away; nothing is lost, nothing is told in vain."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from agi_scripts.lines import shown
from core.clock import SHANGHAI
from core.events import CallArrived
from core.ids import CALL_ID_SHAPE, CallId

log = structlog.get_logger(__name__)

BROKEN_SUFFIX = ".broken"


class AwaySpool:
    """值守来电夹: the folder in which away.py leaves one file per citizen."""

    def __init__(self, folder: Path, node: str) -> None:
        """``node`` is the node whose Asterisk writes into the folder."""
        self._folder = folder
        self._node = node

    async def deliver(self, take: Callable[[CallArrived], Awaitable[None]]) -> int:
        """Hand over every noted call, oldest first; gives how many.

        A file goes only after ``take`` has returned: what ``take`` raises passes through, and the call
        comes again next time. A file that cannot be read is set aside and logged.
        """
        delivered = 0
        for file in self._noted():
            try:
                fact = self._read(file)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                self._set_aside(file, reason=type(error).__name__)
                continue
            await take(fact)
            file.unlink(missing_ok=True)
            delivered += 1
        return delivered

    def _noted(self) -> list[Path]:
        # Asked every other second, nearly always in vain: a listing costs a tenth of a glob.
        with suppress(FileNotFoundError):
            return sorted(file for file in self._folder.iterdir() if file.suffix == ".json")
        return []

    def _read(self, file: Path) -> CallArrived:
        note = json.loads(file.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(note["at"])
        if not CALL_ID_SHAPE.fullmatch(note["call_id"]) or at.tzinfo is None:
            raise ValueError
        return CallArrived(
            call_id=CallId(note["call_id"]),
            at=at.astimezone(SHANGHAI),
            node=self._node,
            caller=shown(note["caller"]),
            dialled=shown(note["dialled"]),
            recording=str(note["recording"]),
        )

    def _set_aside(self, file: Path, reason: str) -> None:
        aside = file.with_suffix(BROKEN_SUFFIX)
        file.rename(aside)
        log.error("away note unreadable, set aside", file=str(aside), reason=reason)
