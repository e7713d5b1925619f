"""What was seen of old calls is removed by rule; their rows stay, and so does the name of each."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.bus import Bus
from core.database import Database
from core.events import EndReason
from core.ids import CallId
from queue_manager import journal_store, store
from queue_manager.desk import JournalDesk, Node
from queue_manager.forgetting import Forgetting
from queue_manager.sightings import Seen
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.sightings import arrived, gone, moment, passed_on_blindly, queued, seen, whole_call

DAY = 86_400.0
DAYS = 365
OTHER, LIVING = CallId("hotline-1772413200.7"), CallId("hotline-1772413200.9")
STAYS = [Seen.ARRIVED, Seen.GONE]


class Given:
    """A journal whose clock is moved on."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.clock = StandingClock()
        self.ear = Ear()
        node = Node(name="hotline", logs=folder, recordings=Path("/recordings"))
        self.desk = JournalDesk(database, self.ear.connect(database), Bus(), node, self.clock)
        self.forgetting = Forgetting(database, self.clock, DAYS)

    def kinds(self, call_id: CallId = CALL) -> list[Seen]:
        found = self.database.now(lambda c: journal_store.sightings_of(c, [call_id]))
        return sorted((one.kind for one in found.get(call_id, ())), key=list(Seen).index)

    def rows(self, call_id: CallId = CALL) -> tuple[object, ...]:
        read = (store.call_of, store.segments_of, store.offers_of)
        return tuple(self.database.now(lambda c, one=one: one(c, call_id)) for one in read)  # type: ignore[misc]  # bound at once


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


async def test_after_a_year_arrival_and_end_are_left_and_every_row(given: Given) -> None:
    await given.desk.note(*passed_on_blindly())
    rows = given.rows()
    given.clock.forward((DAYS + 1) * DAY)
    done = await given.forgetting.run()
    assert given.kinds() == STAYS
    assert (done.calls, done.sightings) == (1, len(passed_on_blindly()) - 2)
    assert given.rows() == rows


async def test_before_that_nothing_is_removed_nor_from_calls_that_live(given: Given) -> None:
    await given.desk.note(*whole_call(), *[arrived(LIVING), queued(LIVING)])
    given.clock.forward((DAYS - 1) * DAY)
    assert (await given.forgetting.run()).sightings == 0
    given.clock.forward(2 * DAY)
    await given.forgetting.run()
    assert given.kinds() == STAYS
    assert given.kinds(LIVING) == [Seen.ARRIVED, Seen.QUEUED]


async def test_a_rehearsal_counts_what_the_run_removes(given: Given) -> None:
    await given.desk.note(*whole_call(), *whole_call(OTHER))
    given.clock.forward((DAYS + 1) * DAY)
    rehearsed = await given.forgetting.run(dry_run=True)
    assert given.kinds() != STAYS
    assert await given.forgetting.run() == rehearsed
    assert (await given.forgetting.run(dry_run=True)).sightings == 0


async def test_it_goes_through_all_calls_whatever_the_size_of_a_batch(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queue_manager.forgetting.BATCH", 2)
    calls = [CallId(f"hotline-1772413200.{number}") for number in range(7)]
    for call_id in calls:  # all end in the same instant
        await given.desk.note(*whole_call(call_id))
    given.clock.forward((DAYS + 1) * DAY)
    assert (await given.forgetting.run()).calls == len(calls)
    assert [given.kinds(call_id) for call_id in calls] == [STAYS] * len(calls)


async def test_when_its_recording_was_paused_is_never_forgotten(given: Given) -> None:
    await given.desk.note(*whole_call(), seen(Seen.RECORDING_OFF, 20), seen(Seen.RECORDING_ON, 25))
    given.clock.forward((DAYS + 1) * DAY)
    await given.forgetting.run()
    assert set(given.kinds()) == {*STAYS, Seen.RECORDING_OFF, Seen.RECORDING_ON}


async def test_a_number_that_comes_again_after_a_year_is_another_call_and_the_old_rows_stay(
    given: Given,
) -> None:
    await given.desk.note(*passed_on_blindly())
    rows = given.rows()
    given.clock.forward((DAYS + 1) * DAY)
    await given.forgetting.run()
    later = (DAYS + 1) * DAY
    new = Given(given.database, Path("/"))
    await new.desk.note(arrived(at=later), queued(at=later + 5), gone(at=later + 9))
    assert given.rows() == rows
    second = given.database.now(lambda c: store.call_of(c, CallId(f"{CALL}~2")))
    assert second is not None
    assert second.end_reason is EndReason.HUNG_UP_WAITING
    # and what was seen of that one is not a year old
    given.clock.forward(DAY)
    await given.forgetting.run()
    assert Seen.QUEUED in given.kinds()


async def test_tonight_goes_what_has_become_due_in_the_last_nights(given: Given) -> None:
    await given.desk.note(*whole_call())
    given.clock.forward((DAYS + 39) * DAY)
    await given.forgetting.tonight()
    assert given.kinds() == STAYS


async def test_what_is_older_than_the_nights_that_may_be_missed_is_left_to_the_command(given: Given) -> None:
    await given.desk.note(*whole_call())
    given.clock.forward((DAYS + 41) * DAY)
    await given.forgetting.tonight()
    assert given.kinds() != STAYS
    await given.forgetting.run()
    assert given.kinds() == STAYS


async def test_a_night_looks_at_those_calls_only_that_have_become_old_of_late(given: Given) -> None:
    await given.desk.note(*whole_call())
    given.clock.forward((DAYS + 100) * DAY)
    since = moment(60 * DAY)
    assert (await given.forgetting.run(since=since)).calls == 0
    assert (await given.forgetting.run(since=since - timedelta(days=90))).calls == 1
