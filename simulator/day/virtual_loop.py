"""虚拟时间: an event loop on which a day takes minutes; sleeps, timeouts and timers all keep their order.

When nothing is left to do at this instant, time jumps to the next timer. Connections are made in
memory (:mod:`simulator.day.network`) and work for threads is done at once, so that the same seed
gives the same day, byte for byte. Nothing of the outside world is waited for.
"""

import asyncio
import selectors
from collections.abc import Callable
from contextvars import Context
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import HotlineError
from simulator.day.life import is_dead, life_in
from simulator.day.network import MemoryNetwork, MemoryServer, MemoryTransport, Place


class NothingHappens(HotlineError):
    """演练停住了:没有任何人还在等任何事,这是程序的错误,请附上 --seed 报告给开发者。"""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Jumps from timer to timer; begins at 0 seconds."""

    def __init__(self) -> None:
        """Begin with an empty network."""
        self._now = 0.0
        self.network = MemoryNetwork()
        super().__init__(_Jumps(self._jump))
        self.set_task_factory(_task_of_a_life)

    def time(self) -> float:
        """Give the virtual seconds since the beginning."""
        return self._now

    def close(self) -> None:
        """End the world; lines that are still open are forgotten."""
        self.network.forget()
        super().close()

    def call_soon(
        self,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """Call in the next round, if whose callback it is still lives then."""
        handle = super().call_soon(callback, *args, context=context)
        if is_dead(context):
            handle.cancel()
        return handle

    def call_at(
        self,
        when: float,
        callback: Callable[..., object],
        *args: object,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Call at an instant, if whose callback it is still lives then."""
        handle = super().call_at(when, callback, *args, context=context)
        if is_dead(context):
            handle.cancel()
        return handle

    def forget_dead(self) -> None:
        """Take back whatever was to be called on behalf of somebody who has been killed."""
        for handle in (*self._ready, *self._scheduled):  # type: ignore[attr-defined]  # asyncio's own
            if is_dead(handle._context):  # noqa: SLF001 - the same
                handle.cancel()

    def run_in_executor(
        self,
        _executor: object,
        work: Callable[..., Any],
        *args: object,
    ) -> asyncio.Future[Any]:
        """Do the work of a thread in the next round."""
        return self.create_task(_done_at_once(work, *args))

    async def create_server(  # type: ignore[override]
        self, factory: Callable[[], asyncio.BaseProtocol], host: str, port: int, **_options: object
    ) -> MemoryServer:
        """Listen in memory."""
        return self._serve((host, port), factory)

    async def create_unix_server(  # type: ignore[override]
        self, factory: Callable[[], asyncio.BaseProtocol], path: str | Path, **_options: object
    ) -> MemoryServer:
        """Listen in memory; a file stands for the socket."""
        Path(path).touch()  # noqa: ASYNC240 - nothing else runs meanwhile
        return self._serve(str(path), factory)

    async def create_connection(  # type: ignore[override]
        self, factory: Callable[[], asyncio.BaseProtocol], host: str, port: int, **_options: object
    ) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        """Connect in memory; raises ConnectionRefusedError."""
        return self._connect((host, port), factory)

    async def create_unix_connection(  # type: ignore[override]
        self, factory: Callable[[], asyncio.BaseProtocol], path: str | Path, **_options: object
    ) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        """Connect in memory; raises ConnectionRefusedError."""
        return self._connect(str(path), factory)

    def _serve(self, place: Place, factory: Callable[[], asyncio.BaseProtocol]) -> MemoryServer:
        self.network.listen(place, factory)
        return MemoryServer(self.network, place)

    def _connect(
        self, place: Place, factory: Callable[[], asyncio.BaseProtocol]
    ) -> tuple[MemoryTransport, asyncio.BaseProtocol]:
        protocol = factory()
        return self.network.connect(place, protocol), protocol

    def _jump(self, seconds: float) -> None:
        self._now += seconds


class VirtualClock:
    """The time of day in a rehearsal."""

    def __init__(self, loop: VirtualLoop, midnight: datetime) -> None:
        """``midnight`` is when the loop's time is 0."""
        self._loop = loop
        self._midnight = midnight
        self._read_at = 0.0
        self._read = midnight

    def now(self) -> datetime:
        """Give the present instant, aware, in the zone of the midnight."""
        seconds = self._loop.time()
        # it is asked far more often than it changes
        if seconds != self._read_at:
            self._read_at, self._read = seconds, self._midnight + timedelta(seconds=seconds)
        return self._read


class _Jumps(selectors.SelectSelector):
    """Where a real loop would wait, time jumps."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingHappens
        if timeout > 0:
            self._jump(timeout)
        return []


async def _done_at_once(work: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401 - whatever threads do
    return work(*args)


def _task_of_a_life(
    loop: asyncio.AbstractEventLoop,
    coroutine: Any,  # noqa: ANN401 - as asyncio hands it over
    context: Context | None = None,
    **options: Any,  # noqa: ANN401 - the same
) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, context=context, **options)
    if life := life_in(context):
        life.tasks.add(task)
    return task
