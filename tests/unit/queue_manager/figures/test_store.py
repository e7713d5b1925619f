"""统计素材读取: the journal and the seats' histories become figures that a person would count himself."""

from datetime import timedelta

import pytest

from core.database import Database
from core.events import EndReason
from core.ids import CallId
from queue_manager.figures.facts import RESULT_OF, Result
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import report_of
from queue_manager.model import Blind, GapRow
from queue_manager.seat_state import SeatState
from queue_manager.store import put_gap
from tests.fakes.facts import CALL, CALLER
from tests.fakes.sightings import (
    ENDS,
    FIRST,
    INTAKE,
    SECOND,
    answered,
    arrived,
    completed,
    gone,
    moment,
    passed_on_after_asking,
    passed_on_blindly,
    queued,
    refused_then_answered,
    whole_call,
)
from tests.unit.queue_manager.figures.written import POLICY, WINDOW, Given

CASES = [(reason, number) for reason, ways in ENDS.items() for number in range(len(ways))]


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


class TestCalls:
    @pytest.mark.parametrize(("reason", "way"), CASES)
    def test_end_as_the_journal_says(self, given: Given, reason: EndReason, way: int) -> None:
        given.call(ENDS[reason][way](CALL))
        arrival = given.arrival()
        assert arrival.result is RESULT_OF[reason]
        assert arrival.at == moment(0)

    def test_of_all_kinds_add_up(self, given: Given) -> None:
        for number, (reason, way) in enumerate(CASES):
            given.call(ENDS[reason][way](CallId(f"hotline-{number}.0")))
        figures = given.report().calls
        assert figures["distinct_calls"].value == len(CASES)
        assert sum(figures[result].value or 0 for result in Result) == len(CASES)
        assert figures["answered"].value == len(ENDS[EndReason.ANSWERED])

    def test_have_a_wait_and_a_talk(self, given: Given) -> None:
        given.call(whole_call())
        arrival = given.arrival()
        [stay] = arrival.stays
        assert (arrival.wait, arrival.from_arrival, arrival.entered) == (4, 9, True)
        assert (stay.queue, stay.seat, stay.wait, stay.talk, stay.hold) == (INTAKE, FIRST, 4, 60, 0)

    def test_lengths_are_floored(self, given: Given) -> None:
        given.call([arrived(), queued(), answered(at=20.999), completed(at=80.998), gone(at=81)])
        [stay] = given.arrival().stays
        assert (stay.wait, stay.talk) == (15, 59)

    def test_that_were_passed_on_have_two_stays(self, given: Given) -> None:
        given.call(passed_on_blindly())
        arrival = given.arrival()
        first, second = arrival.stays
        assert (arrival.wait, first.wait, first.talk, first.hold, first.seat) == (4, 4, 31, 10, FIRST)
        assert (second.queue, second.seat, second.wait, second.talk) == ("seat-8002", SECOND, 2, 60)

    def test_that_were_handed_over_in_person_did_not_queue_again(self, given: Given) -> None:
        given.call(passed_on_after_asking())
        report = given.report()
        assert set(report.queues) == {INTAKE}
        assert (report.calls["answered"].value, report.calls["handle_time"].den) == (1, 2)
        assert report.seats[SECOND]["calls_answered"].value == 1

    def test_that_overflowed_waited_from_the_first_entry(self, given: Given) -> None:
        given.call(refused_then_answered())
        arrival = given.arrival()
        assert (arrival.wait, [stay.wait for stay in arrival.stays]) == (70, [60, 5])
        assert given.report(queue=INTAKE).calls["timeout"].value == 1

    def test_that_wait_count_until_now(self, given: Given) -> None:
        given.call([arrived(), queued()])
        arrival = given.arrival(moment(25.5))
        assert (arrival.result, arrival.wait, arrival.stays[0].finished) == (Result.LIVING, 20, False)

    def test_that_listen_to_the_greeting_are_no_request_yet(self, given: Given) -> None:
        given.call([arrived()])
        figures = given.report(moment(3)).calls
        assert (figures["living"].value, figures["requests"].value) == (1, 0)

    def test_that_talk_are_answered_already(self, given: Given) -> None:
        given.call([arrived(), queued(), answered()])
        arrival = given.arrival(moment(9.2))
        assert (arrival.result, arrival.stays[0].finished) == (Result.ANSWERED, False)

    def test_whose_seat_was_gone_at_once_are_not_answered(self, given: Given) -> None:
        given.call([arrived(), queued(), answered(at=9), completed(at=9.9, by="agent"), gone(at=10)])
        figures = given.report().calls
        assert (figures["cut_off"].value, figures["answered"].value, figures["entered"].value) == (1, 0, 1)
        assert figures["cut_off"].value == given.report(queue=INTAKE).calls["cut_off"].value

    def test_belong_to_the_day_on_which_they_arrived(self, given: Given) -> None:
        given.call(whole_call())
        at_the_end = Window(since=moment(-60), until=moment(0))
        assert given.seen(window=at_the_end).arrivals == ()
        assert len(given.seen(window=Window(since=moment(0), until=moment(1))).arrivals) == 1

    def test_of_test_numbers_are_flagged(self, given: Given) -> None:
        given.call(whole_call())
        seen = given.seen(policy=Policy(test_numbers=(CALLER,)))
        report = report_of(seen, None, POLICY)
        assert (report.calls["excluded"].value, report.calls["distinct_calls"].value) == (1, 0)


class TestBefore:
    def test_the_window_requests_are_known_for_a_day(self, given: Given) -> None:
        given.call(whole_call())
        given.call([arrived(CallId("lost.1"), 10), queued(CallId("lost.1"), 12), gone(CallId("lost.1"), 20)])
        given.call([arrived(CallId("greeted.1"), 11), gone(CallId("greeted.1"), 12)])
        given.call([arrived(CallId("waits.1"), 13), queued(CallId("waits.1"), 14)])
        tomorrow = Window(since=moment(3600), until=moment(7200))
        seen = given.seen(as_of=moment(3600), window=tomorrow)
        assert [(one.answered, one.open) for one in sorted(seen.before, key=lambda one: one.at)] == [
            (True, False),
            (False, False),
            (False, True),
        ]
        too_late = Window(since=moment(24 * 3600 + 14), until=moment(25 * 3600))
        assert given.seen(as_of=too_late.until, window=too_late).before == ()

    def test_the_week_is_known_while_the_window_goes_on(self, given: Given) -> None:
        given.call(whole_call())
        next_week = Window(since=WINDOW.since + timedelta(days=7), until=WINDOW.until + timedelta(days=7))
        now = moment(0) + timedelta(days=7)
        assert given.seen(as_of=now, window=next_week).last_week == (moment(0),)
        assert given.seen(as_of=now + timedelta(seconds=1), window=next_week).last_week == ()
        assert given.seen(as_of=next_week.until, window=next_week).last_week == ()


class TestGaps:
    def test_are_told_in_a_hotlines_words(self, given: Given) -> None:
        gap = GapRow(
            node="hotline",
            began_at=moment(0),
            ended_at=moment(60),
            why=Blind.ASTERISK_RESTARTED,
            recovered=3,
            closed=2,
        )
        given.database.now(lambda connection: put_gap(connection, gap))
        [told] = given.report().calls["connect_rate"].gaps
        assert told.why == "Asterisk 重启,事后从日志补回 3 条,2 通来电结束不明"
        assert (told.since, told.until) == (moment(0), moment(60))


def test_a_restart_recomputes_the_same(given: Given) -> None:
    for number, (reason, way) in enumerate(CASES):
        given.call(ENDS[reason][way](CallId(f"hotline-{number}.0")))
    given.seat(FIRST, (9, SeatState.TALKING), (69, SeatState.WRAP_UP))
    before = given.report()
    again = Database(given.database.url, inline=True)
    try:
        assert Given(again).report() == before
    finally:
        again.close()
