"""A day of calls, seen in any order, twice, or in part: the figures still add up."""

import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from core.bus import Bus
from core.events import KEPT, CallAnswered, CallArrived, CallEnded, EndReason
from core.ids import CallId
from queue_manager.desk import JournalDesk, Node
from queue_manager.sightings import Sighting
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.sightings import ENDS


@st.composite
def days(draw: st.DrawFn) -> tuple[list[EndReason], list[Sighting]]:
    """How each call really ended, and the sightings of all calls, shuffled and with doubles."""
    ends = draw(st.lists(st.sampled_from(sorted(ENDS)), min_size=1, max_size=6))
    seen = [
        sighting
        for number, end in enumerate(ends)
        for sighting in draw(st.sampled_from(ENDS[end]))(CallId(f"hotline-{number}.0"))
    ]
    doubles = draw(st.lists(st.sampled_from(seen), max_size=6))
    return ends, draw(st.permutations(seen + doubles))


async def _told(seen: list[Sighting], batches: int) -> Ear:
    with tempfile.TemporaryDirectory() as folder, fresh_database(f"sqlite:///{folder}/day.db") as database:
        ear = Ear(*KEPT)
        outbox = ear.connect(database)
        node = Node(name="hotline", logs=Path(folder), recordings=Path("/recordings"))
        desk = JournalDesk(database, outbox, Bus(), node, StandingClock())
        for first in range(0, len(seen), batches):
            await desk.note(*seen[first : first + batches])
        await outbox.deliver_once()
        return ear


@settings(max_examples=25, deadline=None)
@given(day=days(), batches=st.integers(1, 5))
def test_every_arrival_ends_in_exactly_one_reason_and_the_reasons_add_up(
    day: tuple[list[EndReason], list[Sighting]], batches: int
) -> None:
    ends, seen = day
    ear = asyncio.run(_told(seen, batches))
    last = {fact.call_id: fact.end_reason for fact in ear.heard if isinstance(fact, CallEnded)}
    arrivals = [fact for fact in ear.heard if isinstance(fact, CallArrived)]
    answers = [fact for fact in ear.heard if isinstance(fact, CallAnswered)]
    assert len(arrivals) == len(ends)
    assert Counter(last.values()) == Counter(ends)
    assert len(answers) == ends.count(EndReason.ANSWERED)
