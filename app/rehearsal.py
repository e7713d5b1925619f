"""演练: a day of the real engine on a virtual clock; what it wrote down is held against what happened."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from app.instance import Instance
from app.prepare.places import Places
from app.rehearsal_chaos import Chaos, Strike
from app.rehearsal_check import KnownOutside, Verdict, judge
from app.rehearsal_engine import EngineKeeper
from app.rehearsal_world import DATE, furnished, rehearsal_house, site_of
from queue_manager.figures.policy import read_policy
from queue_manager.seat_rules import read_seat_rules
from simulator.day.recogniser import QuickRecogniser
from simulator.day.town import Plan, Town, seats_of
from simulator.day.virtual_loop import VirtualClock, VirtualLoop

SETTLE_SECONDS = 120.0
"""After the last call: what still waits is delivered."""
GARBAGE_EVERY = 100_000
"""Thousands of objects live all day long; looking at them again and again costs a tenth of the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it."""

    verdict: Verdict
    kills: int
    blows: dict[str, int]
    wall_seconds: float
    processor_seconds: float
    """What it costs on this machine, whoever else is busy on it."""


class Rehearsal:
    """One day, below a folder that nobody needs afterwards."""

    def __init__(
        self, folder: Path, places: Places, plan: Plan, strikes: list[Strike], database: str = "sqlite"
    ) -> None:
        """``strikes`` by time, none for a peaceful day; ``database`` is empty."""
        self._folder = folder
        self._places = places
        self._plan = plan
        self._strikes = strikes
        self._database = database

    def run(self, arrived: Callable[[int], None]) -> Outcome:
        """Live through it; ``arrived`` is told how many have called so far."""
        began, used = time.monotonic(), time.process_time()
        before = gc.get_threshold()
        gc.set_threshold(GARBAGE_EVERY)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                verdict, keeper, chaos = runner.run(self._day(arrived))
        finally:
            gc.set_threshold(*before)
        return Outcome(
            verdict=verdict,
            kills=keeper.kills,
            blows={blow.value: number for blow, number in sorted(chaos.done.items())},
            wall_seconds=round(time.monotonic() - began, 1),
            processor_seconds=round(time.process_time() - used, 1),
        )

    async def _day(self, arrived: Callable[[int], None]) -> tuple[Verdict, EngineKeeper, Chaos]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)  # noqa: S101 - the runner made it
        clock = VirtualClock(loop, DATE)
        house = rehearsal_house(self._folder, self._places, self._database)
        instance = furnished(house, seats_of(self._plan.day))
        keeper = EngineKeeper(instance, loop, clock, Random(f"{self._plan.seed}/engine"))  # noqa: S311 - the same day again from the same seed
        keeper.prepare()
        town = Town(site_of(instance, clock), self._plan, clock)
        recogniser = _Recogniser(QuickRecogniser(instance.intercom, clock.now))
        chaos = Chaos(keeper, loop, recogniser.away)
        await town.open()
        keeper.start()
        recogniser.begin()
        try:
            await _unless_failed(keeper, self._live(town, chaos, arrived))
            await _unless_failed(keeper, asyncio.sleep(SETTLE_SECONDS))
            await keeper.alive.wait()
            verdict = judge(_known_outside(instance, town, keeper), keeper.database, DATE)
        finally:
            await recogniser.end()
            await keeper.stop()
            town.close()
        return verdict, keeper, chaos

    async def _live(self, town: Town, chaos: Chaos, arrived: Callable[[int], None]) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(chaos.run(self._strikes))
            group.create_task(town.live(arrived))


def _known_outside(instance: Instance, town: Town, keeper: EngineKeeper) -> KnownOutside:
    rules = read_seat_rules(instance.profile)
    return KnownOutside(
        truth=town.truth,
        drafts=keeper.broker.drafts,
        policy=read_policy(instance.profile),
        # nobody at a seat asks for more time twice
        longest_wrap_up=timedelta(seconds=rules.wrap_up_seconds + rules.extend_seconds),
    )


async def _unless_failed(keeper: EngineKeeper, work: Coroutine[Any, Any, None]) -> None:
    """Wait for the work; an engine that ends by itself ends the rehearsal, with its error."""
    task = asyncio.create_task(work)
    await asyncio.wait({task, keeper.failed}, return_when=asyncio.FIRST_COMPLETED)
    if keeper.failed.done():
        task.cancel()
        keeper.failed.result()
    await task


class _Recogniser:
    """Runs, except for as long as it is away."""

    def __init__(self, recogniser: QuickRecogniser) -> None:
        self._recogniser = recogniser
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._recogniser.run())

    async def end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def away(self, seconds: float) -> None:
        await self.end()
        await asyncio.sleep(seconds)
        self.begin()
