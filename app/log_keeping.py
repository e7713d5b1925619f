"""日志轮换: what grows for ever is put away by size and by day, and removed when its time is over.

Runs in ``up`` itself, so that it goes on when the engine is away. The call log keeps its own files. Asterisk
puts away its own logs when asked, and loses no line by it; its record of channels is opened for every line
and may be renamed at any time. Our processes notice that their file was renamed. What parts print is copied
and cut, because they hold it open.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from app.instance import Instance
from app.parts import ask_asterisk
from core.clock import Clock
from core.settings import Settings

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0
MEGABYTE = 1024 * 1024
STAMP = "%Y%m%d-%H%M%S"
ASTERISK_NOTES_DAYS = 30
"""Asterisk's own notes have full numbers, and are read back for as long as the engine was away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where logs lie, how large one may grow (bytes), and for how many days ours are kept."""

    ours: Path
    asterisks: Path
    file_bytes: int
    days: int

    @classmethod
    def of(cls, instance: Instance, settings: Settings) -> "Kept":
        """Those of an instance; the limits are the call log's."""
        kept = settings.call_log
        return cls(
            ours=instance.logs,
            asterisks=instance.asterisk / "log",
            file_bytes=kept.file_mb * MEGABYTE,
            days=kept.keep_days,
        )

    @property
    def renamed(self) -> list[Path]:
        """Files that are renamed: whoever writes them notices, or opens them for every line."""
        return [*self.ours.glob("*.jsonl"), self.asterisks / "cel-custom" / "cel.csv"]

    @property
    def cut(self) -> list[Path]:
        """What parts print; they hold it open, and go on at the end of what is left."""
        return list(self.ours.glob("*.out"))

    @property
    def by_asterisk(self) -> list[Path]:
        """What Asterisk puts away itself."""
        return [self.asterisks / "queue_log", self.asterisks / "messages.log"]


class LogKeeper:
    """Tidies up now and then; ``ask_to_rotate`` lets Asterisk put its own logs away."""

    def __init__(self, kept: Kept, clock: Clock, ask_to_rotate: Callable[[], object]) -> None:
        """Nothing is done before :meth:`run`."""
        self._kept = kept
        self._clock = clock
        self._ask_to_rotate = ask_to_rotate
        self._day = clock.now().date()

    async def run(self) -> None:
        """Tidy up until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.tidy)
            except OSError as error:
                log.warning("日志暂时轮换不了, 稍后再试", reason=error.strerror, file=error.filename)
            await asyncio.sleep(EVERY_SECONDS)

    def tidy(self) -> None:
        """Put away what is too large, or of yesterday; remove what is too old."""
        now = self._clock.now()
        new_day = now.date() != self._day
        self._day = now.date()
        for file in self._due(self._kept.renamed, new_day=new_day):
            file.rename(_put_away(file, now))
        for file in self._due(self._kept.cut, new_day=False):
            _cut(file, _put_away(file, now))
        if self._due(self._kept.by_asterisk, new_day=new_day):
            self._ask_to_rotate()
        self._remove_old(now)

    def _due(self, files: Iterable[Path], *, new_day: bool) -> list[Path]:
        sizes = {file: file.stat().st_size for file in files if file.is_file() and not _is_call_log(file)}
        return [file for file, size in sizes.items() if size > (0 if new_day else self._kept.file_bytes)]

    def _remove_old(self, now: datetime) -> None:
        ours = [(file, self._kept.days) for file in (*self._kept.cut, *self._jsonl)]
        theirs = [*self._kept.by_asterisk, self._kept.asterisks / "cel-custom" / "cel.csv"]
        limits = [*ours, *((file, min(self._kept.days, ASTERISK_NOTES_DAYS)) for file in theirs)]
        for file, days in limits:
            for old in file.parent.glob(f"{file.name}.*"):
                if old.stat().st_mtime < (now - timedelta(days=days)).timestamp():
                    old.unlink()
                    log.info("过期的日志已删除", file=old.name, days=days)

    @property
    def _jsonl(self) -> list[Path]:
        return [file for file in self._kept.ours.glob("*.jsonl") if not _is_call_log(file)]


def keeper_of(instance: Instance, clock: Clock) -> LogKeeper:
    """Give the keeper of an instance's logs."""
    kept = Kept.of(instance, instance.settings)
    return LogKeeper(kept, clock, lambda: ask_asterisk(instance, "logger rotate"))


def _is_call_log(file: Path) -> bool:
    """Its numbers go on from file to file, and ``audit`` says who looked up a number: both are kept apart."""
    return file.name.startswith(("calls", "audit"))


def _put_away(file: Path, now: datetime) -> Path:
    """Name the file that is put away; never that of another."""
    plain = file.with_name(f"{file.name}.{now.strftime(STAMP)}")
    number, name = 1, plain
    while name.exists():
        number += 1
        name = plain.with_name(f"{plain.name}-{number}")
    return name


def _cut(file: Path, away: Path) -> None:
    shutil.copy2(file, away)
    with file.open("r+b") as opened:
        opened.truncate(0)
