"""话单规则: which facts became true between two tellings of a call."""

from collections.abc import Iterator
from datetime import datetime, timedelta

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
from queue_manager.model import CallRow, CallStory, OfferOutcome, OfferRow, SegmentRow, Via
from queue_manager.sightings import NO_ONE, NO_QUEUE
from queue_manager.stays import SLACK
from queue_manager.verdict import RINGING_MARGIN

IN_VAIN = (OfferOutcome.REJECTED, OfferOutcome.RUNG_OUT)


def news(before: CallStory | None, after: CallStory) -> Iterator[KeptFact]:
    """Yield the facts that became true, in the order of a call; each once and for good, but for the end."""
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
    """An offer that another witness dates a little differently is the same one."""
    fresh = _in_vain(after)
    for told in _in_vain(before) if before else ():
        same = [one for one in fresh if one.seat == told.seat and _apart(one, told) <= SLACK]
        if same:
            fresh.remove(min(same, key=lambda one: _apart(one, told)))
    for offer in fresh:
        yield CallRungInVain(
            call_id=offer.call_id,
            at=_ended_at(offer),
            queue=offer.queue,
            seat=offer.seat,
            refused=offer.outcome is OfferOutcome.REJECTED,
        )


def _in_vain(story: CallStory) -> list[OfferRow]:
    """Give those of which that is sure: a refusal, or the citizen's hanging up, is seen a moment later."""
    over, last = story.call.gone_at is not None, story.last_seen_at
    return [
        offer
        for offer in story.offers
        if offer.outcome in IN_VAIN and (over or (last and last > _ended_at(offer) + RINGING_MARGIN))
    ]


def _ended_at(offer: OfferRow) -> datetime:
    return offer.ended_at or offer.offered_at


def _apart(one: OfferRow, other: OfferRow) -> timedelta:
    return abs(one.offered_at - other.offered_at)


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
