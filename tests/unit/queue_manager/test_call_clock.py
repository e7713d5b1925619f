"""Calls keep the clock by which they arrived, when the machine's clock is set while they go on."""

import pytest
import structlog

from core.ids import CallId
from queue_manager.call_clock import CallClock
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import HOME, answered, arrived, gone, moment, queued

HOUR = 3600.0
LATER = CallId("hotline-1772413300.9")


def told(clock: CallClock, *seen: tuple[Sighting, float]) -> list[Sighting]:
    """What is told, with what a clock that nobody sets shows when it is."""
    dated = []
    for sighting, elapsed in seen:
        clock.tick(sighting.at, elapsed)
        dated.append(clock.dated(sighting))
    return dated


@pytest.mark.parametrize("step", [-HOUR, HOUR, -60.0, 12 * HOUR], ids=str)
def test_a_talk_during_which_the_clock_is_set_is_as_long_as_it_was(step: float) -> None:
    with structlog.testing.capture_logs() as lines:
        dated = told(
            CallClock(),
            (arrived(), 0),
            (queued(at=5), 5),
            (answered(at=9), 9),
            (queued(LATER, at=30 + step), 30),
            (gone(at=69 + step), 69),
        )
    story = story_of(CALL, [seen for seen in dated if seen.call_id == CALL], HOME)
    assert story.call.talk_seconds == pytest.approx(60.0)
    assert story.call.gone_at == moment(69)
    assert [line["event"][:7] for line in lines] == ["系统时钟被拨动"]
    assert lines[0]["seconds"] == step


def test_a_call_that_comes_after_the_step_is_dated_by_the_new_clock() -> None:
    with structlog.testing.capture_logs():
        *_, new = told(CallClock(), (arrived(), 0), (arrived(LATER, at=10 - HOUR), 10))
    assert new.at == moment(10 - HOUR)


def test_what_comes_late_in_a_heap_is_no_step() -> None:
    with structlog.testing.capture_logs() as lines:
        dated = told(
            CallClock(),
            (arrived(), 1),
            (queued(at=5), 300),
            (answered(at=200), 300),
            (queued(LATER, at=299), 300),
            (gone(at=301), 301),
        )
    assert lines == []
    assert dated[-1].at == moment(301)


def test_two_threads_of_asterisk_may_be_in_the_wrong_order_by_a_little() -> None:
    with structlog.testing.capture_logs() as lines:
        told(CallClock(), (answered(at=9.5), 9), (queued(LATER, at=9.1), 9))
    assert lines == []


def test_who_is_gone_is_forgotten() -> None:
    clock = CallClock()
    with structlog.testing.capture_logs() as lines:
        told(
            clock,
            (arrived(), 0),
            (gone(at=5), 5),
            (arrived(LATER, at=10), 10),
            (queued(LATER, at=11 - HOUR), 11),
        )
    assert lines[0]["calls"] == 1
