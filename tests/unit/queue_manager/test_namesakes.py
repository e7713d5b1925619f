"""Asterisk's name of a call seen again: each call keeps a row of its own."""

from dataclasses import replace

from core.events import EndReason
from queue_manager.namesakes import base_of, parts_of
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import HOME, arrived, gone, moment, queued, whole_call

AGAIN = 2 * 3600.0


def parts(*seen: Sighting) -> list[tuple[str, EndReason | None]]:
    told = [story_of(call_id, part, HOME).call for call_id, part in parts_of(CALL, frozenset(seen))]
    return [(call.call_id, call.end_reason) for call in told]


def test_one_who_arrives_under_the_same_name_hours_later_is_somebody_else() -> None:
    second = (arrived(at=AGAIN), queued(at=AGAIN + 5), gone(at=AGAIN + 9))
    assert parts(*whole_call(), *second) == [
        (CALL, EndReason.ANSWERED),
        (f"{CALL}~2", EndReason.HUNG_UP_WAITING),
    ]


def test_a_third_one_too() -> None:
    thirds = (arrived(at=AGAIN), arrived(at=2 * AGAIN), gone(at=2 * AGAIN + 3))
    assert [call_id for call_id, _ in parts(*whole_call(), *thirds)] == [CALL, f"{CALL}~2", f"{CALL}~3"]


def test_the_first_must_have_ended_before_the_second_arrived() -> None:
    first, second = parts(arrived(), queued(), arrived(at=AGAIN))
    assert first == (CALL, EndReason.UNKNOWN_END)
    assert second == (f"{CALL}~2", None)


def test_a_call_of_many_hours_is_one_call() -> None:
    assert parts(*whole_call()[:4], gone(at=3 * AGAIN)) == [(CALL, EndReason.ANSWERED)]


def test_several_mouths_that_saw_the_same_arrival_saw_one_call() -> None:
    assert parts(arrived(), arrived(at=2), gone(at=9)) == [(CALL, EndReason.HUNG_UP_IN_PROMPT)]


def test_each_is_dated_as_it_was() -> None:
    (_, first), (_, second) = parts_of(CALL, frozenset([*whole_call(), arrived(at=AGAIN)]))
    assert max(seen.at for seen in first) == moment(69)
    assert {seen.at for seen in second} == {moment(AGAIN)}


def test_neither_has_the_recording_of_the_other() -> None:
    unsaid = replace(arrived(at=AGAIN), detail="")
    told = [
        story_of(call_id, part, HOME).call for call_id, part in parts_of(CALL, frozenset([arrived(), unsaid]))
    ]
    assert [call.recording for call in told] == [f"/recordings/{CALL}.raw", f"/recordings/{CALL}~2.raw"]


def test_asterisk_knows_both_by_one_name() -> None:
    assert base_of(parts_of(CALL, frozenset([arrived(), arrived(at=AGAIN)]))[1][0]) == CALL
    assert base_of(CALL) == CALL
