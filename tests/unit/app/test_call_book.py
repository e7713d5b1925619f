"""What the room of recordings learns of a call."""

from datetime import datetime, timedelta

from app.call_book import pauses_in
from recordings.model import Span
from tests.fakes.clock import NINE_O_CLOCK

OFF, ON = False, True


def at(seconds: float) -> datetime:
    return NINE_O_CLOCK + timedelta(seconds=seconds)


def span(begin: float, end: float) -> Span:
    return Span(from_at=at(begin), to_at=at(end))


def test_a_pause_lasts_until_the_seat_resumes() -> None:
    switches = [(at(1), OFF), (at(3), ON), (at(5), OFF), (at(8), ON)]
    assert pauses_in(switches, at(10)) == (span(1, 3), span(5, 8))


def test_a_pause_that_nobody_ended_lasts_to_the_end_of_the_call() -> None:
    assert pauses_in([(at(1), OFF)], at(10)) == (span(1, 10),)
    assert pauses_in([(at(1), OFF)], None) == ()


def test_doubled_and_stray_switches_change_nothing() -> None:
    switches = [(at(0), ON), (at(1), OFF), (at(2), OFF), (at(3), ON), (at(4), ON)]
    assert pauses_in(switches, at(10)) == (span(1, 3),)


def test_a_call_without_a_pause_has_none() -> None:
    assert pauses_in([], at(10)) == ()
