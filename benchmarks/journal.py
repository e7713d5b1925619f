"""话单开销: what the journal costs per call, with and without a database.

``python -m benchmarks.journal``; the calls are those of the tests, of a quiet mixture: eight of ten answered,
one passed on, one given up.
"""

import asyncio
import time
from pathlib import Path
from random import Random

from core.bus import Bus
from core.events import KEPT, EndReason
from queue_manager.ami_events import sightings_of
from queue_manager.desk import JournalDesk, Node
from queue_manager.journal import news
from queue_manager.model import CallStory
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.ami_calls import SCRIPTS, AmiCall
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.sightings import HOME

CALLS = 1000
TOGETHER = (1, 4, 20)
"""So many sightings are written in one transaction."""


def main() -> None:
    """Measure, and print milliseconds of processor time per call."""
    began = time.process_time()
    calls = [_seen(number) for number in range(CALLS)]
    print(f"读事件(含生成): {_per_call(began):.2f} 毫秒/通")
    began = time.process_time()
    for call in calls:
        _told(call)
    print(f"推算话单, 每个事件一次: {_per_call(began):.2f} 毫秒/通")
    for batch in TOGETHER:
        print(f"写入 SQLite, 每次 {batch} 条: {asyncio.run(_written(calls, batch)):.2f} 毫秒/通")


def _per_call(began: float) -> float:
    return (time.process_time() - began) * 1000 / CALLS


def _seen(number: int) -> list[Sighting]:
    answered, waiting = SCRIPTS[EndReason.ANSWERED], SCRIPTS[EndReason.HUNG_UP_WAITING]
    script = {0: waiting[0], 1: answered[2]}.get(number % 10, answered[0])
    call = AmiCall(number, Random(number))  # noqa: S311 - lengths of calls are no secrets
    script(call)
    return [sighting for event in call.events for sighting in sightings_of(event, HOME.recordings)]


def _told(call: list[Sighting]) -> None:
    before: CallStory | None = None
    for number in range(1, len(call) + 1):
        after = story_of(call[0].call_id, call[:number], HOME)
        list(news(before, after))
        before = after


async def _written(calls: list[list[Sighting]], batch: int) -> float:
    with fresh_database("sqlite://") as database:
        node = Node(name=HOME.node, logs=Path(), recordings=Path(HOME.recordings))
        desk = JournalDesk(database, Ear(*KEPT).connect(database), Bus(), node, StandingClock())
        seen = sorted((sighting for call in calls for sighting in call), key=lambda one: one.at)
        began = time.process_time()
        for first in range(0, len(seen), batch):
            await desk.note(*seen[first : first + batch])
        return _per_call(began)


if __name__ == "__main__":
    main()
