"""Whoever is passed by once too often is looked for."""

from core.ids import CallId
from queue_manager.model import CallStory
from queue_manager.passed_by import PASSED, PassedBy
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.sightings import EXPERTS, HOME, answered, arrived, gone, left_queue, queued

GHOST = CallId("hotline-1772413200.1")


def told(*seen: Sighting) -> CallStory:
    return story_of(seen[0].call_id, seen, HOME)


def waiting(call_id: CallId = GHOST, at: float = 5) -> CallStory:
    return told(arrived(call_id), queued(call_id, at=at))


def others(number: int, since: float = 10) -> list[CallStory]:
    ids = [CallId(f"hotline-1772413300.{n}") for n in range(number)]
    return [told(arrived(i), queued(i, at=since), answered(i, at=since + 5)) for i in ids]


def test_five_later_callers_are_enough_and_four_are_not() -> None:
    guard = PassedBy()
    assert guard.take([waiting(), *others(PASSED - 1)]) == []
    assert guard.take(others(1)) == [GHOST]


def test_each_is_suspected_once() -> None:
    guard = PassedBy()
    guard.take([waiting(), *others(PASSED)])
    assert guard.take(others(PASSED)) == []


def test_callers_who_came_earlier_or_wait_elsewhere_pass_nobody_by() -> None:
    guard = PassedBy()
    elsewhere = [
        told(arrived(i), queued(i, at=10, queue=EXPERTS), answered(i, at=15, queue=EXPERTS))
        for i in (CallId(f"hotline-1.{n}") for n in range(PASSED))
    ]
    assert guard.take([waiting(), *others(PASSED, since=4), *elsewhere]) == []


def test_whoever_was_answered_left_or_hung_up_is_nobody_who_waits() -> None:
    for last in (answered(), left_queue(), gone()):
        guard = PassedBy()
        assert guard.take([waiting(), told(arrived(), queued(), last), *others(PASSED)]) == []


def test_news_of_one_who_waits_do_not_begin_the_count_anew() -> None:
    guard = PassedBy()
    guard.take([waiting(), *others(PASSED - 1), waiting()])
    assert guard.take(others(1)) == [GHOST]
