"""演练中的引擎: the real engine on the virtual loop; killed, it is started again as the supervisor would."""

import asyncio
from contextvars import copy_context
from random import Random

from app.engine import Engine
from app.engine_edges import Edges, ami_door_of
from app.instance import Instance
from app.parts import database_url
from app.rehearsal_world import FragileBroker, FragileDatabase, Trouble
from core.clock import Clock
from simulator.day.life import Life
from simulator.day.virtual_loop import VirtualLoop


class EngineKeeper:
    """Keeps one engine alive on the same database, however often it is killed."""

    def __init__(self, instance: Instance, loop: VirtualLoop, clock: Clock, chance: Random) -> None:
        """Nothing runs before :meth:`start`; ``failed`` is set should an engine end by itself."""
        self.instance = instance
        self.broker = FragileBroker()
        self.alive = asyncio.Event()
        self.failed: asyncio.Future[None] = loop.create_future()
        self.kills = 0
        self._loop = loop
        self._clock = clock
        self._chance = chance
        self._life = Life("engine")
        self._task: asyncio.Task[None] | None = None
        self._world = copy_context()
        self.database = FragileDatabase(database_url(instance))

    def prepare(self) -> None:
        """Make the tables; once a day is enough."""
        self.database.migrate()

    def start(self) -> None:
        """Begin an engine's life."""
        self._life = Life("engine")
        self.database.close()
        self.database = FragileDatabase(database_url(self.instance))
        edges = Edges(
            clock=self._clock,
            chance=self._chance,
            database=self.database,
            ami=ami_door_of(self.instance),
            outward=self.broker,
        )
        engine = Engine(self.instance, edges)
        self._task = self._life.start(engine.run)
        self._task.add_done_callback(self._ended)
        self.alive.set()

    def kill(self, back_after: float) -> None:
        """``kill -9``: it is gone in this instant; another one begins later."""
        if not self._life.alive:
            return
        self.kills += 1
        self.alive.clear()
        self._life.kill()
        self.database.trouble = Trouble.REFUSES
        doors = self.instance.settings.doors
        self._loop.network.drop(("127.0.0.1", doors.agi))
        self._loop.network.drop(str(self.instance.intercom))
        self._loop.network.hang_up(("127.0.0.1", doors.ami))
        # not on behalf of the dead, who may have been the one that asked
        self._world.run(self._loop.call_later, back_after, self.start)

    async def stop(self) -> None:
        """End it in peace."""
        if self._task is not None:
            self._task.remove_done_callback(self._ended)
            self._task.cancel()
            await asyncio.wait([self._task])
        self.database.close()

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None and not self.failed.done():
            self.failed.set_exception(error)
