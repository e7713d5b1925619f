"""What follows from what lives in Asterisk."""

from datetime import timedelta

from core.ids import CallId, SeatNo
from queue_manager.model import Blind
from queue_manager.reconciliation import BlindTime, adopted, look_of, seats_by_name, vanished
from queue_manager.sightings import Mouth, Seen, Sighting, Vanished
from queue_manager.story import story_of
from tests.fakes.asterisk_look import Answer, citizen, entry, leg, member
from tests.fakes.facts import CALL, CALLER
from tests.fakes.sightings import FIRST, HOME, SECOND, answered, arrived, moment, queued


def adopt(*answers: Answer, known: tuple[Sighting, ...] = ()) -> list[Sighting]:
    stories = {CALL: story_of(CALL, known, HOME)} if known else {}
    return list(adopted(look_of(moment(60), answers), stories))


def test_a_citizen_of_whom_nobody_knew_is_taken_over() -> None:
    arrival, waiting = adopt(citizen(duration="00:00:30"), entry(wait=25))
    assert (arrival.kind, arrival.mouth, arrival.at) == (Seen.ARRIVED, Mouth.RECONCILIATION, moment(30))
    assert (arrival.caller, arrival.dialled) == (CALLER, "12345")
    assert (waiting.kind, waiting.queue, waiting.at, waiting.position) == (
        Seen.QUEUED,
        "intake",
        moment(35),
        2,
    )


def test_a_talk_of_which_nobody_knew_is_taken_over() -> None:
    *_, talk = adopt(citizen(bridge="b1"), leg(SECOND, "b1", "00:00:10"), leg(FIRST, "b2"))
    assert (talk.kind, talk.seat, talk.at) == (Seen.ANSWERED, SECOND, moment(50))


def test_what_is_known_is_not_told_again() -> None:
    assert adopt(citizen(), entry(), known=(arrived(), queued())) == []
    in_talk = (citizen(bridge="b1"), leg(FIRST, "b1"))
    assert adopt(*in_talk, known=(arrived(), queued(), answered())) == []


def test_who_talks_to_another_seat_than_we_knew_was_passed_on() -> None:
    [talk] = adopt(citizen(bridge="b1"), leg(SECOND, "b1"), known=(arrived(), queued(), answered()))
    told = story_of(CALL, [arrived(), queued(), answered(), talk], HOME)
    assert [segment.seat for segment in told.segments] == [FIRST, SECOND]


def test_a_conference_is_no_talk_with_one_seat() -> None:
    assert adopt(citizen(bridge="b1"), leg(FIRST, "b1"), leg(SECOND, "b1"), known=(arrived(), queued())) == []


def test_a_seats_own_channel_is_no_citizen() -> None:
    assert adopt(leg(FIRST, ""), entry(CallId("hotline-9.8001"))) == []


def test_somebody_elses_name_for_a_seat_is_found_by_its_telephone() -> None:
    look = look_of(moment(60), [member(FIRST, "张三"), member(SECOND, SECOND)])
    assert seats_by_name(look) == {"张三": SeatNo("8001")}


class TestVanished:
    def test_an_open_call_that_asterisk_does_not_know_ended_before_it_was_asked(self) -> None:
        [end] = vanished({CALL: moment(5)}, frozenset(), None, moment(60))
        assert (end.at, end.not_before, end.detail) == (moment(60), None, Vanished.UNSEEN)

    def test_a_living_call_has_not_ended(self) -> None:
        assert list(vanished({CALL: moment(5)}, frozenset({CALL}), None, moment(60))) == []

    def test_who_was_with_us_when_we_went_blind_had_not_hung_up_before(self) -> None:
        blind = BlindTime(began=moment(50), why=Blind.ENGINE_AWAY)
        [end] = vanished({CALL: moment(5)}, frozenset(), blind, moment(60))
        assert (end.not_before, end.at) == (moment(50), moment(60))

    def test_who_was_with_us_when_asterisk_restarted_was_cut_off(self) -> None:
        blind = BlindTime(began=moment(50), why=Blind.ASTERISK_AWAY, restarted=moment(54))
        later = CallId("hotline-1772413255.1")
        ends = {
            s.call_id: s
            for s in vanished({CALL: moment(5), later: moment(55)}, frozenset(), blind, moment(60))
        }
        assert (ends[CALL].detail, ends[CALL].at) == (Vanished.ASTERISK_RESTARTED, moment(54))
        assert (ends[later].detail, ends[later].at) == (Vanished.UNSEEN, moment(60))

    def test_a_clock_that_was_set_back_ends_no_call_before_it_was_last_seen(self) -> None:
        [end] = vanished({CALL: moment(90)}, frozenset(), None, moment(90) - timedelta(hours=1))
        assert end.at == moment(90)
