"""停止: Ctrl-C and SIGTERM cancel the work, which then puts everything away before it ends."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any


def run_until_stopped(work: Coroutine[Any, Any, int]) -> int:
    """Run ``work``; gives its exit code, or 0 when it was stopped and cleaned up after itself."""
    return asyncio.run(_stoppable(work))


async def _stoppable(work: Coroutine[Any, Any, int]) -> int:
    task = asyncio.ensure_future(work)
    asked = asyncio.Event()

    def stop() -> None:
        # Asked again and again, we still put everything away in peace.
        if not asked.is_set():
            asked.set()
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        return await task
    except asyncio.CancelledError:
        return 0
