"""What must never be there twice, and when seats were there, is found from what the engine says itself."""

from datetime import timedelta

import pytest

from app.rehearsal_doubles import doubly_drafted
from app.rehearsal_seats import Allowed, duties_that_differ
from core.ids import CallId, SeatNo, TicketNo
from queue_manager.figures.facts import Period
from queue_manager.figures.figure import floored
from queue_manager.model import Blind, GapRow
from simulator.day.truth import TrueDuty
from tests.fakes.clock import NINE_O_CLOCK

FIRST = (CallId("call-1"), TicketNo("T-1"))
NO_WRAP_UP = timedelta()
MIDNIGHT = NINE_O_CLOCK + timedelta(hours=15)


def test_one_draft_however_often_it_was_told_is_none_too_many() -> None:
    assert doubly_drafted([FIRST], [FIRST, FIRST]) == 0


def test_a_draft_of_which_only_others_were_told_is_one_too_many() -> None:
    assert doubly_drafted([FIRST], [FIRST, (CallId("call-1"), TicketNo("T-2"))]) == 1


def test_a_number_that_two_calls_were_given_is_one_too_many() -> None:
    assert doubly_drafted([FIRST], [(CallId("call-2"), TicketNo("T-1"))]) == 1


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def found(since: float, until: float, *gaps: GapRow, wrap_up: timedelta = NO_WRAP_UP) -> list[str]:
    """What is said of a seat that was there from second 0 to second 3600, having talked until 3590."""
    begin, end = NINE_O_CLOCK, NINE_O_CLOCK + seconds(3600)
    duty = TrueDuty(seat="8001", dialled_in=begin, logged_in=begin)
    duty.dialled_off, duty.logged_off, duty.talked_until = end, end, end - seconds(10)
    period = Period(
        seat=SeatNo("8001"), since=floored(begin + seconds(since)), until=floored(begin + seconds(until))
    )
    allowed = Allowed(gaps=gaps, wrap_up=wrap_up, ends=MIDNIGHT)
    return list(duties_that_differ([period], [[duty]], allowed))


def test_a_seat_that_was_there_when_its_history_says_so_is_right() -> None:
    assert found(0, 3600) == []


@pytest.mark.parametrize("wrong", [(60, 3600), (-60, 3600), (0, 3660), (0, 3540)])
def test_a_log_in_or_log_off_at_another_time_is_found(wrong: tuple[float, float]) -> None:
    assert len(found(*wrong)) == 1


def test_whoever_logs_off_while_wrapping_up_is_gone_when_that_is_over() -> None:
    assert found(0, 3610, wrap_up=seconds(20)) == []
    assert len(found(0, 3620, wrap_up=seconds(20))) == 1


def test_what_was_done_while_nobody_listened_is_known_at_the_end_of_that_gap() -> None:
    gap = GapRow(
        node="hotline",
        began_at=NINE_O_CLOCK + seconds(3590),
        ended_at=NINE_O_CLOCK + seconds(3630),
        why=Blind.ENGINE_AWAY,
    )
    assert found(0, 3630, gap) == []
    assert len(found(0, 3640, gap)) == 1
    assert len(found(30, 3600, gap)) == 1


def test_whoever_did_not_log_off_is_there_until_the_end() -> None:
    duty = TrueDuty(seat="8001", dialled_in=NINE_O_CLOCK, logged_in=NINE_O_CLOCK)
    allowed = Allowed(gaps=(), wrap_up=NO_WRAP_UP, ends=MIDNIGHT)

    def found_until(hours: int) -> list[str]:
        until = floored(NINE_O_CLOCK + timedelta(hours=hours))
        period = Period(seat=SeatNo("8001"), since=floored(NINE_O_CLOCK), until=until)
        return list(duties_that_differ([period], [[duty]], allowed))

    assert found_until(15) == []
    assert len(found_until(14)) == 1
    assert len(list(duties_that_differ([], [[duty]], allowed))) == 1
