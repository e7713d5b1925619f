"""Figures: the same rows give the same figures on either database."""

from dataclasses import replace

from core.database import Database
from core.events import EndReason
from core.ids import CallId
from queue_manager.seat_state import SeatState
from tests.fakes.sightings import ENDS, FIRST, moment
from tests.unit.queue_manager.figures.written import POLICY, WINDOW, Given

CALLS = [(reason, way) for reason, ways in ENDS.items() for way in ways]


def test_a_day_with_calls_of_every_kind_is_told_alike(database: Database) -> None:
    given = Given(database)
    for number, (_, way) in enumerate(CALLS):
        given.call(way(CallId(f"hotline-{number}.0")))
    given.seat(FIRST, (-60, SeatState.READY), (9, SeatState.TALKING), (69.75, SeatState.WRAP_UP))
    report = given.report(moment(100))
    answered = [reason for reason, _ in CALLS if reason is EndReason.ANSWERED]
    assert report.calls["distinct_calls"].value == len(CALLS)
    assert (report.calls["connect_rate"].num, report.calls["connect_rate"].den) == (len(answered), 15)
    assert report.calls["max_wait"].value == 70
    assert report.calls["p50_wait_answered"].value == 4
    seat = {key: figure.value for key, figure in report.seats[FIRST].items()}
    assert [seat[key] for key in ("login", "ready", "talk", "acw", "unaccounted")] == [160, 69, 60, 31, 0]
    assert seat["non_response"] == 2
    assert report.outlook is not None
    assert report.outlook.expected == 15


def test_instants_of_either_database_are_the_same_instants(database: Database) -> None:
    given = Given(database)
    given.call(ENDS[EndReason.ANSWERED][0](CallId("hotline-1.0")))
    [arrival] = given.seen().arrivals
    assert arrival.at == moment(0)
    tomorrow = replace(WINDOW, since=moment(1), until=moment(9))
    [before] = given.seen(as_of=moment(9), window=tomorrow, policy=POLICY).before
    assert (before.at, before.answered) == (moment(0), True)
