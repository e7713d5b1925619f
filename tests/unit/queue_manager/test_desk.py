"""The journal's desk: one row, and each fact once, however often a sighting comes."""

from pathlib import Path

import pytest
import structlog

from core.bus import Bus
from core.database import Database
from core.events import KEPT, CallAnswered, CallArrived, CallEnded, CallQueued, EndReason, Fact, LiveFact
from core.ids import CallId
from queue_manager.desk import JournalDesk, Node
from tests.fakes import facts
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.sightings import arrived, gone, offered, queued, whole_call


class Given:
    """A journal on a fresh database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.ear = Ear(*KEPT)
        self.outbox = self.ear.connect(database)
        self.bus = Bus()
        self.live: list[Fact] = []
        self.bus.listen(LiveFact, self.live.append)
        node = Node(name="hotline", logs=folder, recordings=Path("/recordings"))
        self.desk = JournalDesk(database, self.outbox, self.bus, node, StandingClock())

    async def told(self) -> list[type[Fact]]:
        await self.outbox.deliver_once()
        return [type(fact) for fact in self.ear.heard]


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


async def test_every_fact_of_a_call_is_told_once_even_when_everything_is_seen_twice(given: Given) -> None:
    await given.desk.note(*whole_call())
    await given.desk.note(*whole_call())
    assert await given.told() == [CallArrived, CallQueued, CallAnswered, CallEnded]


async def test_the_answer_carries_who_called_and_how_long_he_waited(given: Given) -> None:
    await given.desk.note(*whole_call())
    await given.told()
    [answer] = [fact for fact in given.ear.heard if isinstance(fact, CallAnswered)]
    assert (answer.caller, answer.dialled, answer.waited_seconds) == ("13812345678", "12345", 4.0)


async def test_an_offer_is_told_live(given: Given) -> None:
    await given.desk.note(arrived(), queued(), offered())
    assert given.live == [facts.offered()]


async def test_a_call_that_only_asterisks_own_script_noted_is_one(given: Given) -> None:
    await given.desk.note(facts.arrived())
    assert await given.told() == [CallArrived]


async def test_everything_can_be_told_anew_from_what_was_seen(given: Given) -> None:
    half, rest = whole_call()[:3], whole_call()[3:]
    await given.desk.note(*half)
    again = Given(given.database, given.folder)
    await again.desk.note(*rest)
    row = await again.desk.call_of(CALL)
    assert row is not None
    assert (row.end_reason, row.talk_seconds, row.waited_seconds) == (EndReason.ANSWERED, 60.0, 4.0)
    assert await again.told() == [CallArrived, CallQueued, CallAnswered, CallEnded]


async def test_a_number_that_is_given_to_another_call_is_named_and_each_has_its_row(
    given: Given,
) -> None:
    again = 2 * 3600.0
    await given.desk.note(*whole_call())
    with structlog.testing.capture_logs() as said:
        await given.desk.note(arrived(at=again), queued(at=again + 5))
        await given.desk.note(gone(at=again + 9))
    first, second = await given.desk.call_of(CALL), await given.desk.call_of(CallId(f"{CALL}~2"))
    assert first is not None
    assert second is not None
    assert (first.end_reason, second.end_reason) == (EndReason.ANSWERED, EndReason.HUNG_UP_WAITING)
    assert [line["event"][:6] for line in said] == ["通话编号重复"]
    await given.outbox.deliver_once()
    ends = [fact.call_id for fact in given.ear.heard if isinstance(fact, CallEnded)]
    assert ends == [CALL, f"{CALL}~2"]
