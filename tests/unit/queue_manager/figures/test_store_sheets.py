"""统计素材读取: the sheets of the calls of the window give each seat its quality; none gives none."""

from dataclasses import replace

import pytest

from core.database import Database
from core.ids import CallId, SeatNo
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import report_of
from queue_manager.quality import QualitySheet, marks_of
from queue_manager.sheet_store import add_sheet
from tests.fakes.facts import CALLER
from tests.fakes.sightings import FIRST, SECOND, moment, passed_on_blindly, whole_call
from tests.unit.queue_manager.figures.written import POLICY, WINDOW, Given

ONE, TWO = CallId("hotline-1.0"), CallId("hotline-2.0")


@pytest.fixture
def given(database: Database) -> Given:
    both = Given(database)
    both.call(whole_call(ONE))
    both.call(passed_on_blindly(TWO))
    return both


def mark(given: Given, call_id: CallId, *marks: int, seat: SeatNo = FIRST, at: float = 36000) -> None:
    sheet = QualitySheet(call_id=call_id, seat=seat, at=moment(at), by="质检周", marks=marks_of(marks))
    given.database.now(lambda connection: add_sheet(connection, sheet))


def test_without_a_sheet_there_is_no_quality(given: Given) -> None:
    assert given.seat_figures(FIRST)["quality"] is None


def test_it_is_the_mean_of_the_sheets_of_each_seat(given: Given) -> None:
    mark(given, ONE, 95, 90, 100, 80, 85)
    mark(given, TWO, 80, 80, 80, 80, 81)
    mark(given, TWO, 60, 60, 60, 60, 60, seat=SECOND)
    figure = given.report().seats[FIRST]["quality"]
    assert (figure.value, figure.num, figure.den) == (85.1, 170.2, 2)
    figure = given.report().seats[SECOND]["quality"]
    assert (figure.value, figure.num, figure.den) == (60.0, 60, 1)


def test_only_the_last_sheet_about_a_seat_in_a_call_counts(given: Given) -> None:
    mark(given, ONE, 0, 0, 0, 0, 0, at=40000)
    mark(given, ONE, 100, 100, 100, 100, 100, at=36000)
    assert given.seat_figures(FIRST)["quality"] == 100.0


def test_a_sheet_belongs_to_the_day_of_its_call_whenever_it_was_written(given: Given) -> None:
    mark(given, ONE, 90, 90, 90, 90, 90, at=10 * 86400)
    assert given.seat_figures(FIRST)["quality"] == 90.0
    tomorrow = replace(WINDOW, since=WINDOW.until, until=moment(11 * 86400))
    seen = given.seen(moment(11 * 86400), window=tomorrow)
    assert report_of(seen, None, POLICY).seats == {}


def test_the_sheet_of_a_test_call_does_not_count(given: Given) -> None:
    mark(given, ONE, 90, 90, 90, 90, 90)
    assert given.seen(policy=Policy(test_numbers=(CALLER,))).seats.sheets == ()
