"""日志保管: packs files of the call log that were put away, and removes those whose time is over."""

import asyncio
import gzip
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import structlog

from app.call_log_files import PACKED, CallLogFiles, Limits, PutAway
from core.clock import Clock

log = structlog.get_logger(__name__)

EVERY_SECONDS = 600.0
CHUNK_BYTES = 64 * 1024
BREATH_SECONDS = 0.005
"""Packing gives way to calls after every chunk, which takes about a millisecond."""
FRESH = ".new"


class CallLogKeeper:
    """Looks after the files, now and then; a step that breaks off is done again, and loses nothing."""

    def __init__(self, files: CallLogFiles, clock: Clock, limits: Limits) -> None:
        """Nothing is done before :meth:`run`."""
        self._files = files
        self._clock = clock
        self._limits = limits

    async def run(self) -> None:
        """Tidy up until cancelled."""
        while True:
            try:
                await self.tidy()
            except OSError as error:
                log.warning("通话日志暂时整理不了, 稍后再试", reason=error.strerror, file=error.filename)
            await asyncio.sleep(EVERY_SECONDS)

    async def tidy(self) -> None:
        """Remove what is too old, pack what is plain."""
        for left in self._files.folder.glob(f"calls-*{PACKED}{FRESH}"):
            left.unlink()
        known = self._files.put_away()
        expired = [file for file in known[:-1] if self._is_expired(file)]
        # The last one stays: the next number is known from it.
        for file in expired:
            _remove(file.path)
        for file in known:
            if file not in expired and not file.is_packed:
                for _ in _pack(file.path):
                    await asyncio.sleep(BREATH_SECONDS)
        if expired:
            log.info("过期的通话日志已删除", files=len(expired), days=self._limits.days)

    def _is_expired(self, file: PutAway) -> bool:
        return file.day < self._clock.now().date() - timedelta(days=self._limits.days)


def _remove(path: Path) -> None:
    """Take a file away, the packed one too that may lie beside a plain one."""
    path.unlink()
    with suppress(FileNotFoundError):
        path.with_name(path.name + PACKED).unlink()


def _pack(path: Path) -> Iterator[None]:
    """Compress a file step by step; the plain one goes when the packed one lies safely on the disk."""
    packed = path.with_name(path.name + PACKED)
    if not packed.exists():
        fresh = packed.with_name(packed.name + FRESH)
        with path.open("rb") as plain, fresh.open("wb") as file:
            with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as smaller:
                while chunk := plain.read(CHUNK_BYTES):
                    smaller.write(chunk)
                    yield
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(path.stat().st_mode)
        fresh.rename(packed)
    path.unlink()
