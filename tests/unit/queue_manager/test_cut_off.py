"""A talk in which the seat's telephone was lost, and the citizen went to another seat."""

import pytest

from core.events import EndReason, Party
from queue_manager.model import SegmentEnd, Via
from queue_manager.sightings import Mouth, Seen, Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import FIRST, HOME, SECOND, answered, completed, gone, queued, seen, whole_call

HANGS_UP = completed(at=40, by="agent")
"""What Asterisk says of such a seat."""
AGAIN = [queued(at=44), answered(at=45, seat=SECOND), completed(at=90, by="agent", seat=SECOND), gone(at=90)]


def cut_off(at: float) -> Sighting:
    return seen(Seen.CUT_OFF, at, mouth=Mouth.DIALPLAN)


@pytest.mark.parametrize("known", [[HANGS_UP], []])
def test_the_talk_was_ended_by_us_and_the_next_one_counts_for_the_other_seat(known: list[Sighting]) -> None:
    told = story_of(CALL, [*whole_call()[:4], *known, cut_off(40.01), *AGAIN], HOME)
    cut, kept = told.segments
    assert (cut.seat, cut.end, cut.ended_by) == (FIRST, SegmentEnd.SYSTEM_FAILURE, Party.SYSTEM)
    assert (kept.seat, kept.via, kept.from_seat) == (SECOND, Via.QUEUE, None)
    assert (told.call.end_reason, told.call.ended_by) == (EndReason.ANSWERED, Party.SEAT)
    assert told.call.talk_seconds == pytest.approx(cut.talk_seconds + 45.0)
    assert told.call.transfers == 0


def test_who_gives_up_after_that_was_answered_all_the_same() -> None:
    told = story_of(CALL, [*whole_call()[:4], HANGS_UP, cut_off(40.01), queued(at=44), gone(at=60)], HOME)
    assert told.call.end_reason is EndReason.ANSWERED
    assert [segment.end for segment in told.segments] == [
        SegmentEnd.SYSTEM_FAILURE,
        SegmentEnd.HUNG_UP_WAITING,
    ]


def test_what_is_said_of_a_lost_telephone_long_after_a_talk_does_not_change_it() -> None:
    told = story_of(CALL, [*whole_call(), cut_off(300)], HOME)
    assert told.segments[0].end is SegmentEnd.TALK_OVER
