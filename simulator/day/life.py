"""一条命: all that a process runs on the virtual loop; it can be killed as ``kill -9`` kills, in mid-air.

Whatever is started within a life belongs to it, by context: its tasks, timers and what arrives for
it. After :meth:`Life.kill` none of that ever runs again; no clean-up is done on anybody's behalf.
"""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from typing import Any
from weakref import WeakSet

from core.database import DatabaseTrouble
from core.errors import HotlineError


class Life:
    """One process, until it is killed."""

    def __init__(self, name: str) -> None:
        """Begin alive, with nothing started."""
        self.name = name
        self.alive = True
        self.tasks: WeakSet[asyncio.Task[Any]] = WeakSet()

    def start(self, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """Begin ``work`` as this life's main task."""
        context = copy_context()
        context.run(_LIFE.set, self)
        return asyncio.get_running_loop().create_task(context.run(work), context=context)

    def kill(self) -> None:
        """End it at once, even from within; its world must refuse it everything from now on."""
        self.alive = False
        loop = asyncio.get_running_loop()
        loop.forget_dead()  # type: ignore[attr-defined]  # lives are lived on the virtual loop only
        loop.call_soon(self._bury, context=Context())

    def _bury(self) -> None:
        """Throw its coroutines away: left to the garbage collector, they would end at any moment."""
        for task in list(self.tasks):
            task._log_destroy_pending = False  # type: ignore[attr-defined]  # noqa: SLF001 - nobody waits for it
            asyncio._unregister_task(task)  # noqa: SLF001 - meant for loops of one's own
            coroutine = task.get_coro()
            # In its last moment it may still try to await, or to use what is refused to it.
            with contextlib.suppress(
                RuntimeError, BaseExceptionGroup, HotlineError, OSError, DatabaseTrouble
            ):
                if coroutine is not None and not task.done():
                    coroutine.close()


_LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


def life_in(context: Context | None) -> Life | None:
    """Give whose context it is, the running one by default; None for the world itself."""
    return _LIFE.get() if context is None else context.get(_LIFE)


def is_dead(context: Context | None) -> bool:
    """Whether it is the context, by default the running one, of somebody who has been killed."""
    life = life_in(context)
    return life is not None and not life.alive
