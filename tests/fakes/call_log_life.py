"""One life of the call log as a process: writes calls without end, and puts a file away after every third.

``python -m tests.fakes.call_log_life FOLDER FIRST`` says the number of every call that is written.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from app.call_log import CallLog
from app.call_log_files import Limits
from core.ids import CallId
from tests.fakes.call_log import KEY, SaidRows, a_keeper, a_writer
from tests.fakes.clock import StandingClock
from tests.fakes.facts import arrived

TINY = Limits(file_bytes=1200, days=1000)
"""Three lines."""
A_DAY_TAKES = 25
DAY = 24 * 3600


async def live(folder: Path, first: int) -> None:
    """Write one call after the other, and pack between them."""
    clock = StandingClock()
    clock.forward(first // A_DAY_TAKES * DAY)
    log = CallLog(a_writer(folder, clock, TINY), SaidRows(), KEY)
    keeper = a_keeper(folder, clock, TINY)
    number = first
    while True:
        await log.write(arrived(CallId(f"hotline-1772413200.{number}")))
        print(number, flush=True)
        if number % 5 == 0:
            await keeper.tidy()
        if number % A_DAY_TAKES == 0:
            clock.forward(DAY)
        number += 1


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        asyncio.run(live(Path(sys.argv[1]), int(sys.argv[2])))
