"""话单规则: how a sighting changes a call's row, and which facts that makes true.

Sightings come from several mouths (AMI, our own flow, queue_log, the spool), in any order, twice,
or not at all. What was seen first stays; so the same sightings give the same row.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from core.events import CallAnswered, CallArrived, CallEnded, CallOffered, CallQueued, KeptFact
from core.ids import CallId, QueueName, SeatNo
from queue_manager.model import CallRow, Gone, OfferEnded

Sighting = CallArrived | CallQueued | CallOffered | OfferEnded | CallAnswered | Gone


def absorb(row: CallRow | None, seen: Sighting) -> CallRow:
    """Give the row after a sighting; equal to the row before when it told nothing new."""
    row = row or CallRow(call_id=seen.call_id)
    match seen:
        case CallArrived():
            return replace(
                row,
                arrived_at=row.arrived_at or seen.at,
                node=row.node or seen.node,
                caller=row.caller or seen.caller,
                dialled=row.dialled or seen.dialled,
                recording=row.recording or seen.recording,
            )
        case CallQueued():
            return replace(
                row,
                queued_at=row.queued_at or seen.at,
                queue=row.queue or seen.queue,
                position=row.position or seen.position,
            )
        case CallAnswered():
            return replace(row, answered_at=row.answered_at or seen.at, seat=row.seat or seen.seat)
        case CallOffered():
            return replace(row, offered_at=_later(row.offered_at, seen.at))
        case OfferEnded():
            return replace(row, offer_ended_at=_later(row.offer_ended_at, seen.at))
        case Gone():
            return _gone(row, seen)


def _gone(row: CallRow, seen: Gone) -> CallRow:
    """An uncertain end gives way to a certain one, never the other way round."""
    if row.gone_at is None or (seen.certain and not row.gone_certain):
        return replace(row, gone_at=seen.at, gone_certain=seen.certain)
    return row


def _later(known: datetime | None, seen: datetime) -> datetime:
    return seen if known is None or seen > known else known


def news(before: CallRow | None, after: CallRow) -> Iterator[KeptFact]:
    """Yield the facts that became true between two rows of the same call, in the order of a call."""
    before = before or CallRow(call_id=after.call_id)
    yield from _arrival_news(before, after)
    if after.answered_at is not None and before.answered_at is None:
        yield CallAnswered(
            call_id=after.call_id,
            at=after.answered_at,
            caller=after.caller,
            dialled=after.dialled,
            seat=after.seat or SeatNo(""),
            waited_seconds=after.waited_seconds,
        )
    reason = after.end_reason
    if after.gone_at is not None and reason is not None and reason != before.end_reason:
        yield CallEnded(
            call_id=after.call_id, at=after.gone_at, end_reason=reason, talk_seconds=after.talk_seconds
        )


def _arrival_news(before: CallRow, after: CallRow) -> Iterator[KeptFact]:
    if after.arrived_at is not None and before.arrived_at is None:
        yield CallArrived(
            call_id=after.call_id,
            at=after.arrived_at,
            node=after.node,
            caller=after.caller,
            dialled=after.dialled,
            recording=after.recording,
        )
    if after.queued_at is not None and before.queued_at is None:
        yield CallQueued(
            call_id=after.call_id,
            at=after.queued_at,
            queue=after.queue or QueueName(""),
            position=after.position,
        )


def close_vanished(open_rows: list[CallRow], living: frozenset[CallId], by: datetime) -> list[Gone]:
    """Say of which open calls Asterisk knows nothing any more; they ended no later than ``by``."""
    return [Gone(call_id=row.call_id, at=by, certain=False) for row in open_rows if row.call_id not in living]
