"""质检台: which calls may be marked, whose part, by whom; what is drawn."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from core.database import Database
from core.events import EndReason
from core.ids import CallId, SeatNo
from queue_manager.figures.policy import Policy
from queue_manager.journal_store import put
from queue_manager.quality import Marks, QualitySheet, Talk
from queue_manager.quality_desk import (
    CallUnknown,
    Checker,
    Filled,
    NobodyTalked,
    NotThisSeat,
    OwnCall,
    QualityDesk,
    SeatUnclear,
    StillTalking,
)
from queue_manager.sheet_store import Wanted
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL, CALLER
from tests.fakes.sightings import (
    ENDS,
    FIRST,
    HOME,
    SECOND,
    answered,
    arrived,
    completed,
    gone,
    moment,
    offered,
    passed_on_blindly,
    queued,
    whole_call,
)

GOOD = Marks(language=95, record=90, dispatch=100, handling=80, feedback=85)
ZHOU = Checker(name="质检周")
LATER = moment(3600)
THE_DAY = (moment(-9 * 3600), moment(15 * 3600))


@pytest.fixture
def desk(database: Database) -> QualityDesk:
    return QualityDesk(database, Policy())


def call(database: Database, seen: Iterable[Sighting]) -> None:
    sightings = list(seen)
    story = story_of(sightings[0].call_id, sightings, HOME)
    database.now(lambda connection: put(connection, story))


def filled(seat: SeatNo | None = None, call_id: CallId = CALL, remark: str = "") -> Filled:
    return Filled(call_id=call_id, marks=GOOD, seat=seat, remark=remark)


async def draw(desk: QualityDesk, by: Checker = ZHOU, each: int = 3) -> list[Talk]:
    return await desk.draw(THE_DAY, each, (by, Random(1)))


async def test_a_sheet_is_of_the_seat_that_talked(database: Database, desk: QualityDesk) -> None:
    call(database, whole_call())
    sheet = await desk.fill(filled(remark=" 语气好,\n记录全 "), ZHOU, LATER)
    assert sheet == QualitySheet(
        call_id=CALL, seat=FIRST, at=LATER, by="质检周", marks=GOOD, remark="语气好, 记录全"
    )
    [kept] = await desk.sheets(Wanted(), 10)
    assert (kept.sheet, kept.arrived_at, kept.counts) == (sheet, moment(0), True)


async def test_a_call_that_nobody_knows_is_refused(desk: QualityDesk) -> None:
    with pytest.raises(CallUnknown):
        await desk.fill(filled(), ZHOU, LATER)


@pytest.mark.parametrize("reason", [one for one in ENDS if one is not EndReason.ANSWERED])
async def test_a_call_that_nobody_answered_is_refused(
    database: Database, desk: QualityDesk, reason: EndReason
) -> None:
    for number, way in enumerate(ENDS[reason]):
        call_id = CallId(f"hotline-{number}.0")
        call(database, way(call_id))
        with pytest.raises(NobodyTalked):
            await desk.fill(filled(call_id=call_id), ZHOU, LATER)
    assert await draw(desk) == []


async def test_less_than_a_second_is_no_answer(database: Database, desk: QualityDesk) -> None:
    cut = [completed(at=9.5, seconds=0), gone(at=9.5)]
    call(database, [arrived(), queued(), offered(), answered(), *cut])
    with pytest.raises(NobodyTalked):
        await desk.fill(filled(), ZHOU, LATER)
    assert await draw(desk) == []


async def test_a_call_that_goes_on_waits_for_its_end(database: Database, desk: QualityDesk) -> None:
    call(database, [arrived(), queued(), offered(), answered()])
    with pytest.raises(StillTalking):
        await desk.fill(filled(), ZHOU, LATER)
    assert await draw(desk) == []


async def test_when_several_seats_talked_the_seat_has_to_be_said(
    database: Database, desk: QualityDesk
) -> None:
    call(database, passed_on_blindly())
    with pytest.raises(SeatUnclear, match="8001、8002"):
        await desk.fill(filled(), ZHOU, LATER)
    assert (await desk.fill(filled(SECOND), ZHOU, LATER)).seat == SECOND
    assert (await desk.fill(filled(FIRST), ZHOU, LATER)).seat == FIRST
    assert [one.counts for one in await desk.sheets(Wanted(), 10)] == [True, True]


async def test_a_seat_that_did_not_talk_is_refused(database: Database, desk: QualityDesk) -> None:
    call(database, whole_call())
    with pytest.raises(NotThisSeat, match="8001"):
        await desk.fill(filled(SECOND), ZHOU, LATER)


async def test_nobody_marks_or_draws_his_own_calls(database: Database, desk: QualityDesk) -> None:
    call(database, passed_on_blindly())
    lead = replace(ZHOU, seat=FIRST)
    with pytest.raises(OwnCall):
        await desk.fill(filled(FIRST), lead, LATER)
    assert [talk.seat for talk in await draw(desk, lead)] == [SECOND]
    await desk.fill(filled(SECOND), lead, LATER)
    assert await draw(desk, lead) == []


async def test_a_later_sheet_counts_and_the_earlier_one_can_still_be_read(
    database: Database, desk: QualityDesk
) -> None:
    call(database, whole_call())
    await desk.fill(filled(remark="初评"), ZHOU, LATER)
    await desk.fill(filled(remark="复评"), Checker(name="主任"), LATER + timedelta(days=1))
    found = await desk.sheets(Wanted(), 10)
    assert [(one.sheet.by, one.sheet.remark, one.counts) for one in found] == [
        ("质检周", "初评", False),
        ("主任", "复评", True),
    ]
    assert [one.sheet.by for one in await desk.sheets(Wanted(), 1)] == ["主任"]


async def test_sheets_are_listed_by_the_day_of_the_call_and_by_seat(
    database: Database, desk: QualityDesk
) -> None:
    call(database, whole_call())
    await desk.fill(filled(), ZHOU, LATER)
    since, until = THE_DAY
    assert len(await desk.sheets(Wanted(since=since, until=until, seat=FIRST), 10)) == 1
    assert await desk.sheets(Wanted(seat=SECOND), 10) == []
    assert await desk.sheets(Wanted(since=until), 10) == []
    assert await desk.sheets(Wanted(until=moment(0)), 10) == []
    assert len(await desk.sheets(Wanted(since=moment(0)), 10)) == 1


async def test_what_has_a_sheet_is_drawn_no_more(database: Database, desk: QualityDesk) -> None:
    for number in range(5):
        call(database, whole_call(CallId(f"hotline-{number}.0")))
    first = await draw(desk)
    assert len(first) == 3
    for talk in first:
        await desk.fill(filled(call_id=talk.call_id), ZHOU, LATER)
    rest = await draw(desk)
    assert len(rest) == 2
    assert not {talk.call_id for talk in first} & {talk.call_id for talk in rest}


async def test_a_drawn_call_tells_how_long_its_seat_talked(database: Database, desk: QualityDesk) -> None:
    call(database, passed_on_blindly())
    assert [(talk.seat, round(talk.talk_seconds), talk.arrived_at) for talk in await draw(desk)] == [
        (FIRST, 31, moment(0)),
        (SECOND, 60, moment(0)),
    ]


async def test_calls_of_test_telephones_and_of_other_days_are_not_drawn(database: Database) -> None:
    call(database, whole_call())
    assert await draw(QualityDesk(database, Policy(test_numbers=(CALLER,)))) == []
    desk = QualityDesk(database, Policy())
    assert await desk.draw((moment(1), moment(3600)), 3, (ZHOU, Random(1))) == []
    assert len(await desk.draw((moment(0), moment(1)), 3, (ZHOU, Random(1)))) == 1
