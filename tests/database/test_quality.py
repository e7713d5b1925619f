"""Sheets on either database: none is ever changed, the last one counts, the same figure comes out."""

from random import Random

import pytest

from core.database import Database, DatabaseTrouble
from core.ids import CallId
from queue_manager.quality import marks_of
from queue_manager.quality_desk import Checker, Filled, QualityDesk
from queue_manager.sheet_store import Wanted
from tests.fakes.sightings import FIRST, SECOND, moment, passed_on_blindly, whole_call
from tests.unit.queue_manager.figures.written import POLICY, WINDOW, Given

ZHOU = Checker(name="质检周")
CALLS = [CallId(f"hotline-{number}.0") for number in range(4)]
BOTH = CallId("hotline-9.0")
GOOD, BAD = marks_of([95, 90, 100, 80, 85]), marks_of([60, 60, 60, 60, 61])


@pytest.fixture
def desk(database: Database) -> QualityDesk:
    given = Given(database)
    for call_id in CALLS:
        given.call(whole_call(call_id))
    given.call(passed_on_blindly(BOTH))
    return QualityDesk(database, POLICY)


async def test_the_last_sheet_counts_and_all_are_kept_for_ever(database: Database, desk: QualityDesk) -> None:
    for marks in (GOOD, BAD):
        await desk.fill(Filled(call_id=BOTH, marks=marks, seat=SECOND), ZHOU, moment(3600))
    await desk.fill(Filled(call_id=CALLS[0], marks=GOOD), ZHOU, moment(3600))
    found = await desk.sheets(Wanted(since=WINDOW.since, until=WINDOW.until), 10)
    assert [(one.sheet.marks, one.counts, one.arrived_at) for one in found] == [
        (GOOD, False, moment(0)),
        (BAD, True, moment(0)),
        (GOOD, True, moment(0)),
    ]
    given = Given(database)
    assert [given.seat_figures(seat)["quality"] for seat in (FIRST, SECOND)] == [90.0, 60.2]
    for words in ("UPDATE quality_sheets SET language = 100", "DELETE FROM quality_sheets"):
        with pytest.raises(DatabaseTrouble, match="append-only"):
            database.now(lambda connection, words=words: connection.exec_driver_sql(words))  # type: ignore[misc]
    assert len(await desk.sheets(Wanted(), 10)) == 3


async def test_a_draw_is_the_same_on_either_database(desk: QualityDesk) -> None:
    window = (WINDOW.since, WINDOW.until)
    drawn = await desk.draw(window, 2, (ZHOU, Random(5)))
    assert [(talk.seat, talk.call_id) for talk in drawn] == [
        (FIRST, CALLS[2]),
        (FIRST, BOTH),
        (SECOND, BOTH),
    ]
    assert drawn == await desk.draw(window, 2, (ZHOU, Random(5)))
    await desk.fill(Filled(call_id=BOTH, marks=GOOD, seat=SECOND), ZHOU, moment(3600))
    assert SECOND not in [talk.seat for talk in await desk.draw(window, 2, (ZHOU, Random(5)))]
