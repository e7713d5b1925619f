"""转接之后: what must be true of a citizen who went from one seat to another."""

from dataclasses import dataclass

import pytest

from core.events import EndReason
from core.ids import SeatNo
from simulator.call import Call
from tests.stories.hotline import Hotline
from tests.stories.people import MOST, CitizenCalling
from tests.stories.records import has_ended
from tests.stories.sounds import share_heard, sides_of

TALK_MARGIN = 0.8
"""Seconds; on an attended transfer Asterisk itself takes half a second to connect the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One seat's talk with the citizen, as its telephone had it: instants of the event loop's clock."""

    seat: SeatNo
    queue: str
    began: float | None
    ended: float | None


def whole(seat: SeatNo, queue: str, call: Call) -> Talk:
    """A talk that was all that the telephone's call was for."""
    return Talk(seat=seat, queue=queue, began=call.times.answered_at, ended=call.times.ended_at)


async def assert_segments(hotline: Hotline, citizen: CitizenCalling, *talks: Talk) -> None:
    """Each seat's talk is a segment of its own, as long as its telephone talked; holding counts."""
    row = await hotline.records.call_from(citizen.number, has_ended)
    kept = await hotline.records.stays_of(row.call_id)
    answered = [segment for segment in kept if segment.answered_at is not None]
    assert [(one.seat, one.queue) for one in answered] == [(talk.seat, talk.queue) for talk in talks]
    for segment, talk in zip(answered, talks, strict=True):
        assert talk.began is not None
        assert talk.ended is not None
        assert segment.talk_seconds == pytest.approx(talk.ended - talk.began, abs=TALK_MARGIN)
    assert row.talk_seconds == pytest.approx(sum(one.talk_seconds for one in answered), abs=0.01)


async def assert_all_on_one_recording(hotline: Hotline, citizen: CitizenCalling, *words: str) -> None:
    """One row, one recording without a gap, with everything that the citizen said."""
    record = await hotline.records.complete_from(citizen.number)
    assert len(hotline.records.calls_from(citizen.number)) == 1
    assert record.row.end_reason is EndReason.ANSWERED
    assert record.recording.gap == ""
    left, _ = sides_of(record.file)
    for said in words:
        assert await share_heard(await hotline.sounds.of(said), left) >= MOST
