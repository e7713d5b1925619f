"""统计素材读取: seats' histories become times that add up, and wrap-ups that belong to calls."""

import pytest

from core.database import Database
from queue_manager.seat_state import SeatChange, SeatEvent, SeatState
from queue_manager.seat_store import Unwritten, write_down
from tests.fakes.sightings import (
    FIRST,
    INTAKE,
    SECOND,
    answered,
    completed,
    gone,
    moment,
    passed_on_blindly,
    queued,
    refused_then_answered,
    whole_call,
)
from tests.unit.queue_manager.figures.written import Given


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


class TestSeats:
    def test_share_out_their_time_and_wrap_up_their_calls(self, given: Given) -> None:
        given.call(whole_call())
        given.seat(
            FIRST,
            (-3600, SeatState.READY),
            (6, SeatState.RINGING),
            (9, SeatState.TALKING),
            (69, SeatState.WRAP_UP),
            (89.5, SeatState.PAUSED),
            (689, SeatState.READY),
            (3600, SeatState.LOGGED_OFF),
        )
        found = given.seat_figures(FIRST)
        assert (found["login"], found["unaccounted"]) == (7200, 0)
        assert [found[key] for key in ("pause", "offer", "talk", "acw")] == [600, 3, 60, 20]
        assert (found["handle_time"], found["mean_acw"], found["non_response"]) == (80.0, 20.0, 0)
        assert given.report().calls["handle_time"].value == 80.0

    def test_that_wrap_up_in_two_parts_wrap_up_one_call(self, given: Given) -> None:
        given.call(whole_call())
        given.seat(
            FIRST,
            (9, SeatState.TALKING),
            (69, SeatState.WRAP_UP),
            (75, SeatState.RINGING),
            (80, SeatState.READY),
            (80, SeatState.WRAP_UP),
            (84, SeatState.READY),
        )
        assert given.seat_figures(FIRST)["mean_acw"] == 10.0

    def test_that_have_the_same_call_twice_wrap_it_up_once(self, given: Given) -> None:
        given.call(
            [
                *passed_on_blindly()[:-2],
                queued(at=60, queue=INTAKE),
                answered(at=62),
                completed(at=92, seconds=30),
                gone(at=92.1),
            ]
        )
        given.seat(FIRST, (9, SeatState.TALKING), (92, SeatState.WRAP_UP), (112, SeatState.READY))
        reading = given.report().seats[FIRST]["mean_acw"]
        assert (reading.num, reading.den) == (20, 2)

    def test_that_are_logged_in_over_midnight_count_within_the_window(self, given: Given) -> None:
        given.seat(FIRST, (-10 * 3600, SeatState.READY), (-8 * 3600, SeatState.PAUSED))
        found = given.seat_figures(FIRST, moment(-7 * 3600))
        assert (found["login"], found["ready"], found["pause"], found["unaccounted"]) == (7200, 3600, 3600, 0)

    def test_of_which_nothing_was_heard_go_on_with_what_they_did(self, given: Given) -> None:
        given.seat(FIRST, (-20 * 3600, SeatState.READY))
        given.seat(SECOND, (-20 * 3600, SeatState.READY), (-19 * 3600, SeatState.LOGGED_OFF))
        assert set(given.report().seats) == {FIRST}
        assert given.seat_figures(FIRST, moment(-8 * 3600))["ready"] == 3600

    def test_that_changed_only_later_did_before_what_they_left(self, given: Given) -> None:
        given.seat(FIRST, (-20 * 3600, SeatState.READY), (40 * 3600, SeatState.LOGGED_OFF))
        assert given.seat_figures(FIRST, moment(41 * 3600))["login"] == 24 * 3600

    def test_of_which_a_line_is_missing_do_not_add_up(self, given: Given) -> None:
        given.seat(FIRST, (0, SeatState.READY), (100, SeatState.LOGGED_OFF))
        lost = SeatChange(
            seat=FIRST,
            version=9,
            at=moment(200),
            event=SeatEvent.READY,
            before=SeatState.PAUSED,
            after=SeatState.LOGGED_OFF,
        )
        again = SeatChange(
            seat=FIRST,
            version=8,
            at=moment(150),
            event=SeatEvent.LOG_IN,
            before=SeatState.LOGGED_OFF,
            after=SeatState.READY,
        )
        given.database.now(lambda connection: write_down(connection, Unwritten(changes=[again, lost])))
        assert given.seat_figures(FIRST)["unaccounted"] == 50

    def test_are_charged_with_what_they_let_ring(self, given: Given) -> None:
        given.call(refused_then_answered())
        seats = given.report().seats
        assert [seats[seat]["non_response"].value for seat in sorted(seats)] == [1, 1, 0]
