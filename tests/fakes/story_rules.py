"""What holds of every call's rows, whatever was seen of it."""

from core.events import EndReason
from queue_manager.model import CallStory, OfferOutcome, SegmentEnd, Via

AFTER_A_TALK = (
    SegmentEnd.TALK_OVER,
    SegmentEnd.PASSED_ON,
    SegmentEnd.SYSTEM_FAILURE,
    SegmentEnd.UNKNOWN_END,
)


def hold(story: CallStory) -> None:
    """Raise what does not hold."""
    _of_the_call(story)
    _of_segments(story)
    _of_offers(story)


def _of_the_call(story: CallStory) -> None:
    call = story.call
    assert (call.gone_at is None) == (call.end_reason is None)
    assert call.arrived_at is not None
    answered = [segment for segment in story.segments if segment.answered_at is not None]
    assert (call.answered_at is not None) == bool(answered)
    if call.end_reason is not None:
        assert (call.end_reason is EndReason.ANSWERED) == bool(answered)
    assert call.waited_seconds >= 0
    assert 0 <= call.hold_seconds <= call.talk_seconds
    assert call.talk_seconds == sum(segment.talk_seconds for segment in story.segments)
    assert call.gone_certain == (call.gap == "")
    if call.gone_at is not None and call.gone_after is not None:
        assert call.gone_after <= call.gone_at


def _of_segments(story: CallStory) -> None:
    before = None
    for number, segment in enumerate(story.segments, 1):
        assert segment.number == number
        if before is not None:
            assert before.ended_at is not None
            assert before.ended_at <= segment.began_at
        assert (segment.ended_at is None) == (segment.end is None)
        instants = [segment.began_at, segment.answered_at, segment.ended_at, story.call.gone_after]
        known = [instant for instant in instants if instant is not None]
        assert known == sorted(known)
        assert segment.waited_seconds >= 0
        assert 0 <= segment.hold_seconds <= segment.talk_seconds
        if segment.via is Via.ATTENDED:
            assert (segment.queue, segment.queued_at) == ("", None)
        if segment.answered_at is None:
            assert segment.talk_seconds == 0
            assert segment.end not in (SegmentEnd.TALK_OVER, SegmentEnd.PASSED_ON)
        elif segment.end is not None:
            assert segment.end in AFTER_A_TALK
        if story.call.gone_at is not None:
            assert segment.end is not None
        before = segment


def _of_offers(story: CallStory) -> None:
    for number, offer in enumerate(story.offers, 1):
        segment = story.segments[offer.segment - 1]
        assert offer.number == number
        assert (offer.outcome is None) == (offer.ended_at is None)
        assert offer.ring_seconds >= 0
        if segment.ended_at is not None:
            assert offer.outcome is not None
        if offer.outcome is OfferOutcome.ACCEPTED:
            assert (segment.seat or "", segment.answered_at) == (offer.seat, offer.ended_at)
    accepted = [offer.segment for offer in story.offers if offer.outcome is OfferOutcome.ACCEPTED]
    assert len(accepted) == len(set(accepted))
