"""夜间整理: what can wait is put in order and removed at night, when few call; each chore once a night."""

import asyncio
from collections.abc import Mapping
from datetime import date, time

from core.chore import Chore, is_done
from core.clock import Clock

LOOK_SECONDS = 600.0
HOURS = (time(3, 30), time(5, 30))


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
        for name, chore in self._chores.items():
            now = (
                self._clock.now()
            )  # asked before each: the one before may have lasted until calls come again
            tonight = HOURS[0] <= now.time() < HOURS[1]
            if tonight and self._done.get(name) != now.date() and await is_done(chore, name):
                self._done[name] = now.date()
