"""质检: five marks or none, and a draw in which every seat has its turn."""

from random import Random

import pytest

from core.ids import CallId, SeatNo
from queue_manager.quality import Marks, MarksWrong, Talk, drawn, marks_in, marks_of
from tests.fakes.sightings import FIRST, SECOND, moment

GOOD = Marks(language=95, record=90, dispatch=100, handling=80, feedback=85)


def talks(seat: SeatNo, number: int) -> list[Talk]:
    return [
        Talk(seat=seat, call_id=CallId(f"hotline-{seat}.{one}"), arrived_at=moment(one), talk_seconds=60)
        for one in range(number)
    ]


@pytest.mark.parametrize("written", ["95,90,100,80,85", " 95, 90 ,100,80,85", "95\uff0c90、100,80,85"])
def test_five_marks_are_read_in_the_order_of_the_links(written: str) -> None:
    assert marks_in(written) == GOOD
    assert GOOD.total == 450


@pytest.mark.parametrize(
    "written",
    [
        *("", "95", "95,90,100,80", "95,90,100,80,85,90", "95,90,,80,85", "101,90,100,80,85"),
        *("-1,90,100,80,85", "95.5,90,100,80,85", "优,90,100,80,85", "95;90;100;80;85"),
        f"{'9' * 5000},90,100,80,85",
    ],
)
def test_a_mark_that_is_missing_or_out_of_range_is_refused(written: str) -> None:
    with pytest.raises(MarksWrong, match="每项 0 到 100"):
        marks_in(written)


def test_both_ends_of_the_range_are_marks() -> None:
    assert marks_of([0, 100, 0, 100, 0]).total == 200


def test_so_many_of_every_seat_are_drawn_and_all_where_there_are_fewer() -> None:
    found = drawn([*talks(FIRST, 50), *talks(SECOND, 2)], 3, Random(1))
    assert [talk.seat for talk in found] == [FIRST, FIRST, FIRST, SECOND, SECOND]
    assert len({talk.call_id for talk in found}) == 5


def test_the_same_seed_draws_the_same_in_whatever_order_calls_come() -> None:
    day = [*talks(FIRST, 50), *talks(SECOND, 50)]
    assert drawn(day, 3, Random(7)) == drawn(day[::-1], 3, Random(7))
    assert drawn(day, 3, Random(7)) != drawn(day, 3, Random(8))


def test_any_call_may_be_drawn() -> None:
    day = talks(FIRST, 6)
    seen = {talk for seed in range(100) for talk in drawn(day, 1, Random(seed))}
    assert seen == set(day)
