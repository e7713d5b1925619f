"""一通电话的来龙去脉: the rows of a call, as a pure function of the set of its sightings.

The same set gives the same rows, in whatever order and however often its members came. Every call has one
row and, once it has ended, exactly one reason; its segments do not overlap and lie within the call; every
offer has one outcome.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import from_epoch
from core.ids import CallId
from queue_manager.evidence import in_order
from queue_manager.model import CallRow, CallStory, OfferOutcome, OfferRow, SegmentRow, Via
from queue_manager.sightings import Seen, Sighting
from queue_manager.stays import Stay, Stays
from queue_manager.verdict import End, end_of_call, reason_of, settle, who_ended

LONGEST_SILENCE = timedelta(hours=6)
"""The second that stands in a call_id is believed when it lies so long before the first sighting, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Whose call it is: the node's name, and the folder in which its recordings lie."""

    node: str
    recordings: str


def story_of(call_id: CallId, seen: Iterable[Sighting], home: Home) -> CallStory:
    """Tell a call from everything that was seen of it, which is not nothing."""
    ordered = in_order(seen)
    stays = Stays()
    for sighting in ordered:
        stays.take(sighting)
    end = end_of_call(ordered, stays)
    settle(stays, end)
    segments = _segments(call_id, stays, end)
    kinds = {sighting.kind for sighting in ordered}
    return CallStory(
        call=_call(call_id, ordered, (stays, segments, end), home),
        segments=segments,
        offers=_offers(call_id, stays, segments),
        arrival_seen=Seen.ARRIVED in kinds,
        end_seen=Seen.GONE in kinds,
        urgent_by=next((one.seat for one in ordered if one.kind is Seen.MARKED), None),
        last_seen_at=ordered[-1].at,
    )


Parts = tuple[Stays, tuple[SegmentRow, ...], End | None]


def _call(call_id: CallId, ordered: list[Sighting], told: Parts, home: Home) -> CallRow:
    stays, segments, end = told
    entered = next((segment for segment in segments if segment.queued_at), None)
    talk = next((segment for segment in segments if segment.answered_at), None)
    return CallRow(
        call_id=call_id,
        node=home.node,
        caller=next((s.caller for s in ordered if s.caller), ""),
        dialled=next((s.dialled for s in ordered if s.dialled), ""),
        recording=_recording(call_id, ordered, home),
        arrived_at=_arrival(ordered),
        queue=entered.queue if entered else None,
        position=entered.position if entered else 0,
        queued_at=entered.queued_at if entered else None,
        seat=talk.seat if talk else None,
        offered_at=max((offer.at for stay in stays.all for offer in stay.offers), default=None),
        answered_at=talk.answered_at if talk else None,
        gone_at=end.at if end else None,
        gone_after=end.after if end else None,
        gone_certain=end is None or end.why is None,
        end_reason=reason_of(stays, end),
        ended_by=who_ended(stays, end),
        waited_seconds=_waited(entered, talk, segments),
        talk_seconds=sum(segment.talk_seconds for segment in segments),
        hold_seconds=sum(segment.hold_seconds for segment in segments),
        transfers=sum(segment.via is not Via.QUEUE for segment in segments),
        urgent_at=next((s.at for s in ordered if s.kind is Seen.MARKED), None),
        gap=end.gap if end else "",
    )


def _recording(call_id: CallId, ordered: list[Sighting], home: Home) -> str:
    named = (sighting.detail for sighting in ordered if sighting.kind is Seen.ARRIVED and sighting.detail)
    return next(named, f"{home.recordings}/{call_id}.raw")


def _arrival(ordered: list[Sighting]) -> datetime:
    """Give the instant of arrival; when nobody saw it, the second in the call_id, or the first sighting."""
    first = ordered[0]
    arrivals = [sighting.at for sighting in ordered if sighting.kind is Seen.ARRIVED]
    if arrivals:
        return min(arrivals)
    second = first.call_id.rpartition("-")[2].partition(".")[0]
    if second.isdigit() and len(second) == len("1772413200"):
        named = from_epoch(int(second))
        if first.at - LONGEST_SILENCE <= named <= first.at:
            return named
    return first.at


def _waited(entered: SegmentRow | None, talk: SegmentRow | None, segments: tuple[SegmentRow, ...]) -> float:
    """Count from the first entry into a queue to the first answer, or to the end of the last stay."""
    until = talk.answered_at if talk else segments[-1].ended_at if segments else None
    if entered is None or entered.queued_at is None or until is None:
        return 0.0
    return max(0.0, (until - entered.queued_at).total_seconds())


def _segments(call_id: CallId, stays: Stays, end: End | None) -> tuple[SegmentRow, ...]:
    """Write the stays down one behind the other, none before the one before has ended."""
    rows: list[SegmentRow] = []
    floor: datetime | None = None
    for number, stay in enumerate(stays.all, 1):
        row = _segment(call_id, number, stay, (floor, end.after if end else None))
        floor = row.ended_at or row.answered_at or row.began_at
        rows.append(row)
    return tuple(rows)


def _segment(
    call_id: CallId, number: int, stay: Stay, between: tuple[datetime | None, datetime | None]
) -> SegmentRow:
    began = _within(stay.began, between)
    ended = _within(stay.ended, (began, between[1])) if stay.ended else None
    answered = _within(stay.answered, (began, ended or between[1])) if stay.answered else None
    waited_until = answered or ended
    talk = (ended - answered).total_seconds() if ended and answered else 0.0
    return SegmentRow(
        call_id=call_id,
        number=number,
        via=stay.via,
        queue=stay.queue,
        position=stay.position,
        began_at=began,
        queued_at=began if stay.entered and stay.via is not Via.ATTENDED else None,
        seat=stay.seat or None,
        answered_at=answered,
        ended_at=ended,
        end=stay.end,
        ended_by=stay.by,
        from_seat=stay.from_seat or None,
        waited_seconds=(waited_until - began).total_seconds() if waited_until else 0.0,
        talk_seconds=talk,
        hold_seconds=min(talk, stay.held.total_seconds()),
    )


def _within(at: datetime, between: tuple[datetime | None, datetime | None]) -> datetime:
    """Keep an instant within bounds; a clock may have gone back while the call went on."""
    earliest, latest = between
    if latest is not None and at > latest:
        at = latest
    return earliest if earliest is not None and at < earliest else at


def _offers(call_id: CallId, stays: Stays, segments: tuple[SegmentRow, ...]) -> tuple[OfferRow, ...]:
    rows: list[OfferRow] = []
    for segment, stay in zip(segments, stays.all, strict=True):
        for offer in stay.offers:
            accepted = offer.outcome is OfferOutcome.ACCEPTED
            latest = segment.answered_at if accepted else segment.ended_at
            at = _within(offer.at, (None, latest))
            ended = latest if accepted else _within(offer.ended, (at, latest)) if offer.ended else None
            row = OfferRow(
                call_id=call_id,
                number=len(rows) + 1,
                segment=segment.number,
                queue=stay.queue,
                seat=offer.seat,
                offered_at=at,
                ended_at=ended,
                outcome=offer.outcome,
                ring_seconds=(ended - at).total_seconds() if ended else 0.0,
            )
            rows.append(row)
    return tuple(rows)
