"""杂务: work that can wait; a disk or a database that fails is no reason to stop taking calls."""

from collections.abc import Awaitable, Callable

import structlog

from core.database import DatabaseTrouble

log = structlog.get_logger(__name__)

Chore = Callable[[], Awaitable[object]]
"""Goes in small steps, so that calls go before; may raise DatabaseTrouble or OSError."""


async def is_done(chore: Chore, name: str) -> bool:
    """Do it, and say under its name, in a hotline's words, what failed; False when something did."""
    try:
        await chore()
    except DatabaseTrouble as error:
        log.warning("暂时做不了, 稍后再做", what=name, reason=type(error).__name__)
    except OSError as error:
        log.error("读写出错, 稍后再做", what=name, reason=error.strerror, file=error.filename)  # noqa: TRY400 - a sentence, no trace
    else:
        return True
    return False
