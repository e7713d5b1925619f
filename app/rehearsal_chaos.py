"""捣乱: at random moments of a rehearsed day something that we depend on is taken away, or we are killed."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from app.rehearsal_engine import EngineKeeper
from app.rehearsal_world import Ambush, Trouble
from simulator.day.citizens import fates_of
from simulator.day.town import Plan
from simulator.day.virtual_loop import VirtualLoop

SHORTEST_SECONDS = 0.5
LONGEST_SECONDS = 30.0
BACK_FROM, BACK_TO = 0.5, 8.0
"""How long a supervisor takes to start the engine again."""


class Blow(StrEnum):
    """What happens."""

    KILLED = "引擎被杀"
    KILLED_BEFORE_COMMIT = "提交前被杀"
    KILLED_AFTER_COMMIT = "提交后被杀"
    BROKER_AWAY = "消息代理不在"
    DATABASE_AWAY = "数据库连不上"
    DATABASE_BREAKS_OFF = "数据库提交失败"
    AMI_AWAY = "AMI 断开"
    RECOGNISER_AWAY = "识别进程不在"


KILLS = (Blow.KILLED, Blow.KILLED_BEFORE_COMMIT, Blow.KILLED_AFTER_COMMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """A blow at an instant (seconds since midnight), and for how long something is away."""

    at: float
    blow: Blow
    lasts: float


def strikes_of(number: int, plan: Plan) -> list[Strike]:
    """Give so many strikes, most of them when most citizens call; each kind as often as every other."""
    instants = [fate.at for fate in fates_of(plan.day, plan.calls, plan.seed)]
    random = Random(f"{plan.seed}/chaos")  # noqa: S311 - the same strikes again from the same seed
    blows = [list(Blow)[n % len(Blow)] for n in range(number)]
    random.shuffle(blows)
    return sorted(
        (
            Strike(
                at=random.choice(instants) + random.uniform(0.0, 200.0),
                blow=blow,
                lasts=random.uniform(BACK_FROM, BACK_TO)
                if blow in KILLS
                else random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS),
            )
            for blow in blows
        ),
        key=lambda strike: strike.at,
    )


class Chaos:
    """Strikes; counts what was done."""

    def __init__(
        self, keeper: EngineKeeper, loop: VirtualLoop, away: Callable[[float], Awaitable[None]]
    ) -> None:
        """``away`` takes the recogniser away for so many seconds."""
        self.done: Counter[Blow] = Counter()
        self._keeper = keeper
        self._loop = loop
        self._recogniser_away = away

    async def run(self, strikes: list[Strike]) -> None:
        """Strike at every moment; several blows may overlap."""
        async with asyncio.TaskGroup() as group:
            for strike in strikes:
                await asyncio.sleep(max(0.0, strike.at - self._loop.time()))
                group.create_task(self._strike(strike))

    async def _strike(self, strike: Strike) -> None:
        await self._keeper.alive.wait()
        self.done[strike.blow] += 1
        match strike.blow:
            case Blow.KILLED:
                self._keeper.kill(strike.lasts)
            case Blow.KILLED_BEFORE_COMMIT | Blow.KILLED_AFTER_COMMIT:
                self._keeper.database.ambush = Ambush(
                    strike=lambda: self._keeper.kill(strike.lasts),
                    committed=strike.blow is Blow.KILLED_AFTER_COMMIT,
                )
            case Blow.RECOGNISER_AWAY:
                await self._recogniser_away(strike.lasts)
            case _:
                with self._away(strike.blow):
                    await asyncio.sleep(strike.lasts)

    @contextmanager
    def _away(self, blow: Blow) -> Iterator[None]:
        keeper, door = self._keeper, ("127.0.0.1", self._keeper.instance.settings.doors.ami)
        database = keeper.database
        match blow:
            case Blow.BROKER_AWAY:
                keeper.broker.away = True
            case Blow.AMI_AWAY:
                self._loop.network.cut(door)
            case Blow.DATABASE_AWAY:
                database.trouble = Trouble.REFUSES
            case _:
                database.trouble = Trouble.BREAKS_OFF
        yield
        match blow:
            case Blow.BROKER_AWAY:
                keeper.broker.away = False
            case Blow.AMI_AWAY:
                self._loop.network.mend(door)
            case _ if database is keeper.database:
                # a database that died with its engine stays as it is
                database.trouble = Trouble.NONE
