"""夜间整理: what can wait is put in order and removed at night, when few call; each chore once a night."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, time

import structlog

from core.clock import Clock
from core.database import DatabaseTrouble

log = structlog.get_logger(__name__)

LOOK_SECONDS = 600.0
HOURS = (time(3, 30), time(5, 30))

Chore = Callable[[], Awaitable[object]]
"""Goes in small steps, so that calls go before; may raise DatabaseTrouble or OSError."""


class Night:
    """Does its chores, named in a hotline's words, one after the other."""

    def __init__(self, clock: Clock, chores: Mapping[str, Chore]) -> None:
        """Nothing was done tonight."""
        self._clock = clock
        self._chores = chores
        self._done: dict[str, date] = {}

    async def run(self) -> None:
        """Look every ten minutes, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """If it is night, do what was not done tonight; what fails is done again at the next look."""
        now = self._clock.now()
        if not HOURS[0] <= now.time() < HOURS[1]:
            return
        for name, chore in self._chores.items():
            if self._done.get(name) == now.date():
                continue
            try:
                await chore()
            except DatabaseTrouble as error:
                log.warning("夜间整理暂时做不了, 稍后再做", what=name, reason=type(error).__name__)
            except OSError as error:
                log.error("夜间整理读写出错, 稍后再做", what=name, reason=error.strerror, file=error.filename)  # noqa: TRY400 - a sentence, no trace
            else:
                self._done[name] = now.date()
