"""A call's rows, from the set of what was seen of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import EndReason, Party
from core.ids import CallId, QueueName
from queue_manager.model import CallStory, OfferOutcome, SegmentEnd, Via
from queue_manager.sightings import Mouth, OfferEnd, Seen, Sighting, Vanished
from queue_manager.story import story_of
from tests.fakes.facts import CALL, CALLER
from tests.fakes.sightings import (
    ENDS,
    EXPERTS,
    FIRST,
    HOME,
    INTAKE,
    SECOND,
    THIRD,
    answered,
    arrived,
    blind,
    completed,
    gone,
    left_queue,
    moment,
    offered,
    passed_on_after_asking,
    passed_on_blindly,
    queued,
    refused_then_answered,
    rung_out,
    seen,
    vanished,
    whole_call,
)


def story(*sightings: Sighting) -> CallStory:
    return story_of(CALL, sightings, HOME)


EVERY_CALL = [(reason, call) for reason, calls in ENDS.items() for call in calls]


class TestReasons:
    @pytest.mark.parametrize(("reason", "call"), EVERY_CALL)
    def test_a_call_ends_in_the_reason_that_it_ended_in(
        self, reason: EndReason, call: Callable[[CallId], list[Sighting]]
    ) -> None:
        assert story(*call(CALL)).call.end_reason is reason

    def test_while_it_lives_it_has_none(self) -> None:
        assert story(arrived(), queued(), answered()).call.end_reason is None

    def test_when_the_citizen_was_put_back_into_a_queue_the_last_stay_decides(self) -> None:
        twice = [arrived(), queued(), left_queue(), queued(at=70)]
        assert story(*twice, gone(at=80)).call.end_reason is EndReason.HUNG_UP_WAITING
        assert story(*twice, answered(at=80), gone(at=90)).call.end_reason is EndReason.ANSWERED

    def test_a_phone_that_stopped_ringing_a_moment_before_the_citizen_was_gone_was_still_ringing(
        self,
    ) -> None:
        told = story(arrived(), queued(), offered(), rung_out(at=8), gone(at=8.2))
        assert told.call.end_reason is EndReason.HUNG_UP_RINGING
        assert told.offers[0].outcome is OfferOutcome.RESCINDED

    def test_whoever_gives_up_a_moment_after_a_phone_has_rung_for_its_whole_time_was_waiting(self) -> None:
        told = story(arrived(), queued(), offered(at=6), rung_out(at=21), gone(at=21.2))
        assert (told.call.end_reason, told.offers[0].outcome) == ("hung_up_waiting", "rung_out")

    def test_a_talk_that_a_restart_of_asterisk_cut_off_was_answered_all_the_same(self) -> None:
        told = story(*whole_call()[:4], vanished(at=80, since=70, why=Vanished.ASTERISK_RESTARTED))
        assert told.call.end_reason is EndReason.ANSWERED
        assert told.call.ended_by is Party.SYSTEM
        assert told.segments[-1].end is SegmentEnd.SYSTEM_FAILURE

    def test_a_status_of_a_queue_that_nobody_knows_decides_nothing(self) -> None:
        told = story(arrived(), queued(), left_queue(why="SOMETHING NEW"), gone(at=70))
        assert told.call.end_reason is EndReason.HUNG_UP_WAITING


class TestCall:
    def test_waiting_counts_from_the_queue_and_talking_from_the_answer(self) -> None:
        call = story(*whole_call()).call
        assert (call.waited_seconds, call.talk_seconds, call.hold_seconds) == (4.0, 60.0, 0.0)

    def test_it_says_who_called_whom_and_where_the_recording_is(self) -> None:
        call = story(*whole_call()).call
        assert (call.caller, call.dialled, call.node) == (CALLER, "12345", "hotline")
        assert call.recording == f"/recordings/{CALL}.raw"
        assert (call.queue, call.position, call.seat) == (INTAKE, 1, FIRST)

    def test_it_says_who_hung_up_first(self) -> None:
        assert story(*whole_call()).call.ended_by is Party.CITIZEN
        assert story(*whole_call()[:4], completed(by="agent"), gone()).call.ended_by is Party.SEAT
        assert story(*whole_call()[:4], gone()).call.ended_by is Party.NOBODY_KNOWS

    def test_a_mark_of_urgency_stays(self) -> None:
        assert story(*whole_call(), seen(Seen.MARKED, 30, detail="urgent")).call.urgent_at == moment(30)

    def test_a_call_that_nobody_saw_arrive_arrived_in_the_second_of_its_call_id(self) -> None:
        assert story(queued()).call.arrived_at == moment(0)
        nameless = CallId("hotline-x")
        assert story_of(nameless, [queued(nameless)], HOME).call.arrived_at == moment(5)


class TestSegments:
    def test_a_blind_transfer_makes_two_with_the_talk_of_each_seat_right(self) -> None:
        first, second = story(*passed_on_blindly()).segments
        assert (first.seat, first.talk_seconds, first.hold_seconds) == (FIRST, 31.0, 10.0)
        assert (first.end, first.from_seat) == (SegmentEnd.PASSED_ON, None)
        assert (second.via, second.from_seat, second.seat) == (Via.BLIND, FIRST, SECOND)
        assert (second.waited_seconds, second.talk_seconds) == pytest.approx((2.99, 60.0))
        assert (second.end, second.ended_by) == (SegmentEnd.TALK_OVER, Party.SEAT)

    def test_an_attended_transfer_goes_on_without_waiting(self) -> None:
        first, second = story(*passed_on_after_asking()).segments
        assert (first.talk_seconds, first.hold_seconds, first.end) == (31.0, 20.0, SegmentEnd.PASSED_ON)
        assert (second.via, second.queue, second.seat, second.from_seat) == (Via.ATTENDED, "", SECOND, FIRST)
        assert (second.waited_seconds, second.talk_seconds, second.queued_at) == (0.0, 60.0, None)
        assert second.ended_by is Party.SEAT

    def test_when_the_citizen_hangs_up_on_the_second_seat_he_was_first(self) -> None:
        *before, _, _ = passed_on_after_asking()
        told = story(*before, gone(at=100), seen(Seen.SEAT_GONE, 100.1, seat=SECOND))
        assert told.call.ended_by is Party.CITIZEN
        assert told.segments[-1].ended_at == moment(100)

    def test_who_of_the_two_hung_up_first_is_not_guessed(self) -> None:
        told = story(*passed_on_after_asking()[:-2], gone(at=100))
        assert told.call.ended_by is Party.NOBODY_KNOWS

    def test_one_who_is_handed_over_while_the_colleagues_telephone_rings_waits_from_then_on(self) -> None:
        own = QueueName("seat-8002")
        taken = seen(Seen.ANSWERED, 43, queue=own, seat=SECOND, seconds=13)
        first, second = story(*whole_call()[:4], blind(to=""), taken, gone(at=50)).segments
        assert (second.via, second.from_seat, second.queue, second.seat) == (Via.BLIND, FIRST, own, SECOND)
        assert (second.waited_seconds, first.talk_seconds) == (3.0, 31.0)

    def test_one_who_is_turned_away_at_the_colleagues_door_was_passed_on(self) -> None:
        away = seen(Seen.LEFT_QUEUE, 40.1, queue=QueueName("seat-8003"), detail="JOINEMPTY")
        told = story(*whole_call()[:4], blind(to="8003"), away, queued(at=45), answered(at=50, seat=THIRD))
        assert [(s.via, s.end) for s in told.segments[1:]] == [
            (Via.BLIND, SegmentEnd.NO_SEAT),
            (Via.QUEUE, None),
        ]
        assert told.call.transfers == 1

    def test_a_call_counts_one_arrival_and_the_wait_before_the_first_answer(self) -> None:
        call = story(*passed_on_blindly()).call
        assert (call.waited_seconds, call.talk_seconds, call.transfers) == (4.0, 91.0, 1)

    def test_one_who_is_turned_away_at_the_door_never_waited(self) -> None:
        [segment] = story(*ENDS[EndReason.QUEUE_FULL][0](CALL)).segments
        assert (segment.queued_at, segment.end, segment.waited_seconds) == (None, SegmentEnd.QUEUE_FULL, 0.0)

    def test_who_is_put_back_after_a_transfer_that_nobody_took_waits_again(self) -> None:
        own = QueueName("seat-8002")
        told = story(
            *whole_call()[:4],
            blind(),
            queued(at=40.1, queue=own),
            seen(Seen.LEFT_QUEUE, 70, queue=own, detail="TIMEOUT"),
            queued(at=71),
            answered(at=80, seat=THIRD),
            gone(at=90),
        )
        assert [s.end for s in told.segments] == [
            SegmentEnd.PASSED_ON,
            SegmentEnd.OVERFLOW_TIMEOUT,
            SegmentEnd.TALK_OVER,
        ]
        assert told.call.end_reason is EndReason.ANSWERED

    def test_an_overflow_into_another_queue_is_one_arrival_with_two_stays(self) -> None:
        first, second = story(*refused_then_answered()).segments
        assert (first.queue, first.end, first.waited_seconds) == (INTAKE, SegmentEnd.OVERFLOW_TIMEOUT, 60.0)
        assert (second.queue, second.via, second.waited_seconds) == (EXPERTS, Via.QUEUE, 5.0)


class TestOffers:
    def test_each_has_one_outcome(self) -> None:
        told = [(offer.seat, offer.outcome) for offer in story(*refused_then_answered()).offers]
        assert told == [
            (FIRST, OfferOutcome.REJECTED),
            (SECOND, OfferOutcome.RUNG_OUT),
            (THIRD, OfferOutcome.ACCEPTED),
        ]

    def test_when_the_citizen_is_gone_the_ringing_is_rescinded(self) -> None:
        [offer] = story(arrived(), queued(), offered(), gone(at=8)).offers
        assert (offer.outcome, offer.ring_seconds) == (OfferOutcome.RESCINDED, 2.0)

    def test_when_another_seat_takes_the_call_the_ringing_is_rescinded(self) -> None:
        told = story(arrived(), queued(), offered(), offered(at=6.1, seat=SECOND), answered(seat=SECOND))
        assert [offer.outcome for offer in told.offers] == [OfferOutcome.RESCINDED, OfferOutcome.ACCEPTED]

    def test_while_the_phone_rings_it_has_none(self) -> None:
        assert story(arrived(), queued(), offered()).offers[0].outcome is None

    def test_how_it_ended_in_a_gap_nobody_knows(self) -> None:
        [offer] = story(arrived(), queued(), offered(), vanished()).offers
        assert offer.outcome is OfferOutcome.UNKNOWN

    def test_a_refusal_that_comes_after_the_report_of_no_answer_is_a_refusal(self) -> None:
        late = seen(Seen.OFFER_ENDED, 8.01, seat=FIRST, detail=OfferEnd.REFUSED)
        [offer] = story(arrived(), queued(), offered(), rung_out(at=8), late).offers
        assert offer.outcome is OfferOutcome.REJECTED


class TestWhatWasLost:
    def test_whoever_was_answered_in_a_queue_had_entered_it(self) -> None:
        told = story(arrived(), answered(), gone())
        assert told.call.queued_at == moment(5)
        assert told.call.waited_seconds == 4.0

    def test_whose_talk_was_completed_had_been_answered(self) -> None:
        told = story(arrived(), queued(), completed(), gone())
        assert (told.call.answered_at, told.call.talk_seconds) == (moment(9), 60.0)

    def test_a_phone_that_rang_out_had_rung(self) -> None:
        [offer] = story(arrived(), queued(), rung_out()).offers
        assert (offer.offered_at, offer.outcome) == (moment(6), OfferOutcome.RUNG_OUT)

    def test_a_second_queue_shows_that_the_first_was_left(self) -> None:
        told = story(arrived(), queued(), offered(), queued(at=30, queue=EXPERTS))
        assert told.segments[0].end is SegmentEnd.MOVED_ON
        assert told.offers[0].outcome is OfferOutcome.UNKNOWN


class TestEndsThatNobodySaw:
    def test_they_lie_between_the_last_sign_of_life_and_the_look(self) -> None:
        call = story(arrived(), queued(), vanished(at=100)).call
        assert (call.gone_after, call.gone_at, call.gone_certain) == (moment(5), moment(100), False)
        assert "09:00:05" in call.gap
        assert "09:01:40" in call.gap

    def test_a_call_that_lived_when_the_gap_began_did_not_end_before(self) -> None:
        call = story(arrived(), queued(), vanished(at=100, since=60)).call
        assert (call.gone_after, call.waited_seconds) == (moment(60), 55.0)

    def test_an_end_that_was_seen_takes_its_place(self) -> None:
        call = story(arrived(), queued(), vanished(), gone(at=30)).call
        assert (call.end_reason, call.gone_at) == (EndReason.HUNG_UP_WAITING, moment(30))

    def test_a_call_that_is_seen_alive_later_has_not_ended(self) -> None:
        assert story(arrived(), queued(), vanished(at=30), answered(at=60)).call.end_reason is None

    def test_a_call_whose_channel_asterisk_still_knows_later_has_not_ended(self) -> None:
        alive = seen(Seen.ALIVE, 200, mouth=Mouth.RECONCILIATION)
        assert story(arrived(), queued(), vanished(at=100), alive).call.end_reason is None

    def test_a_seat_that_marks_a_call_when_it_is_over_does_not_bring_it_back(self) -> None:
        told = story(arrived(), queued(), vanished(at=30), seen(Seen.MARKED, 60, seat=FIRST))
        assert told.call.end_reason is EndReason.UNKNOWN_END
        assert told.call.urgent_at == moment(60)

    def test_a_talk_that_asterisks_log_says_is_over_ended_then(self) -> None:
        call = story(*whole_call()[:4], completed(by="agent"), vanished(at=500)).call
        assert (call.gone_at, call.gone_certain, call.talk_seconds) == (moment(69), True, 60.0)


class TestDoubles:
    @given(st.data())
    def test_any_order_and_any_repetition_give_the_same_rows(self, data: st.DataObject) -> None:
        _, call = data.draw(st.sampled_from(EVERY_CALL))
        sightings = call(CALL)
        doubled = sightings + data.draw(st.lists(st.sampled_from(sightings), max_size=8))
        assert story(*data.draw(st.permutations(doubled))) == story(*sightings)

    def test_what_the_queue_log_repeats_in_whole_seconds_changes_nothing(self) -> None:
        def logged(kind: Seen, at: float, **said: Any) -> Sighting:
            return seen(kind, at + 0.999, mouth=Mouth.QUEUE_LOG, queue=INTAKE, **said)

        again = [
            logged(Seen.QUEUED, 5, position=1, caller=CALLER),
            logged(Seen.ANSWERED, 9, seat=FIRST, seconds=4),
            logged(Seen.COMPLETED, 69, seat=FIRST, detail="caller", seconds=60),
        ]
        assert story(*whole_call(), *again) == story(*whole_call())

    def test_what_reconciliation_concludes_gives_way_to_what_was_seen(self) -> None:
        concluded = seen(Seen.QUEUED, 6.5, mouth=Mouth.RECONCILIATION, queue=INTAKE)
        assert story(*whole_call(), concluded) == story(*whole_call())


class TestClockThatGoesBack:
    def test_no_length_is_negative(self) -> None:
        told = story(arrived(), queued(), answered(at=9), gone(at=-3591))
        assert told.call.talk_seconds >= 0
        assert told.call.waited_seconds >= 0
        assert all(s.talk_seconds >= 0 and s.waited_seconds >= 0 for s in told.segments)
        assert told.call.end_reason is EndReason.ANSWERED
        assert timedelta() <= timedelta(seconds=told.call.hold_seconds)
