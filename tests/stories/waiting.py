"""等待: stories wait for facts, not for seconds."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 45.0
"""Long enough for a busy machine; a story that works never waits so long."""
LOOK_SECONDS = 0.05

Found = TypeVar("Found")


async def until(look: Callable[[], Found | None], what: str, within: float = PATIENCE_SECONDS) -> Found:
    """Look again and again until there is something that is not None, and give it."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while (found := look()) is None:
        if loop.time() > end:
            raise AssertionError(f"waited {within} s for {what}")
        await asyncio.sleep(LOOK_SECONDS)
    return found


async def until_true(holds: Callable[[], bool], what: str, within: float = PATIENCE_SECONDS) -> None:
    """Look again and again until it holds."""
    await until(lambda: holds() or None, what, within)
