"""话单规则: which facts became true between two tellings of a call."""

from collections.abc import Iterator
from datetime import datetime

from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallMarkedUrgent,
    CallQueued,
    CallRungInVain,
    CallTransferred,
    EndReason,
    KeptFact,
)
from queue_manager.model import CallRow, CallStory, OfferOutcome, SegmentRow, Via
from queue_manager.sightings import NO_ONE, NO_QUEUE

IN_VAIN = (OfferOutcome.REJECTED, OfferOutcome.RUNG_OUT)


def news(before: CallStory | None, after: CallStory) -> Iterator[KeptFact]:
    """Yield the facts that became true, in the order of a call; each once, but for a corrected end."""
    call, known = after.call, before.call if before else CallRow(call_id=after.call.call_id)
    if call.arrived_at and _arrival_is_told(after) and not (before and _arrival_is_told(before)):
        yield _arrived(call, call.arrived_at)
    if call.queued_at is not None and known.queued_at is None:
        yield CallQueued(
            call_id=call.call_id, at=call.queued_at, queue=call.queue or NO_QUEUE, position=call.position
        )
    yield from _rung_in_vain(before, after)
    if call.answered_at is not None and known.answered_at is None:
        yield CallAnswered(
            call_id=call.call_id,
            at=call.answered_at,
            caller=call.caller,
            dialled=call.dialled,
            seat=call.seat or NO_ONE,
            waited_seconds=call.waited_seconds,
        )
    passed_on = [segment for segment in after.segments if segment.via is not Via.QUEUE]
    for segment in passed_on[known.transfers :]:
        yield _transferred(segment)
    if call.urgent_at is not None and known.urgent_at is None:
        yield CallMarkedUrgent(call_id=call.call_id, at=call.urgent_at, seat=after.urgent_by or NO_ONE)
    if call.gone_at and call.end_reason and call.end_reason is not known.end_reason:
        yield _ended(after, call.gone_at, call.end_reason)


def _arrival_is_told(story: CallStory) -> bool:
    """A call of which nobody saw the arrival is told with its end, so that no end is told without one."""
    return story.arrival_seen or story.end_seen


def _arrived(call: CallRow, at: datetime) -> CallArrived:
    return CallArrived(
        call_id=call.call_id,
        at=at,
        node=call.node,
        caller=call.caller,
        dialled=call.dialled,
        recording=call.recording,
    )


def _rung_in_vain(before: CallStory | None, after: CallStory) -> Iterator[CallRungInVain]:
    """An offer learnt of late moves the numbers of those behind it: seat and instant say which it is."""
    earlier = before.offers if before else ()
    told = {(offer.seat, offer.offered_at) for offer in earlier if offer.outcome in IN_VAIN}
    for offer in after.offers:
        if offer.outcome in IN_VAIN and (offer.seat, offer.offered_at) not in told:
            yield CallRungInVain(
                call_id=offer.call_id,
                at=offer.ended_at or offer.offered_at,
                queue=offer.queue,
                seat=offer.seat,
                refused=offer.outcome is OfferOutcome.REJECTED,
            )


def _transferred(segment: SegmentRow) -> CallTransferred:
    return CallTransferred(
        call_id=segment.call_id,
        at=segment.began_at,
        from_seat=segment.from_seat or NO_ONE,
        to_queue=segment.queue,
        to_seat=NO_ONE if segment.queue else segment.seat or NO_ONE,
    )


def _ended(story: CallStory, at: datetime, reason: EndReason) -> CallEnded:
    call = story.call
    seats = dict.fromkeys(segment.seat for segment in story.segments if segment.seat and segment.answered_at)
    return CallEnded(
        call_id=call.call_id,
        at=at,
        end_reason=reason,
        talk_seconds=call.talk_seconds,
        waited_seconds=call.waited_seconds,
        hold_seconds=call.hold_seconds,
        ended_by=call.ended_by,
        seats=tuple(seats),
    )
