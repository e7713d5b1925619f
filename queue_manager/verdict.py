"""结论: when and why a call ended, from its sightings in order and the stays that they tell of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import EndReason, Party
from queue_manager.evidence import TRUST
from queue_manager.model import OfferOutcome, SegmentEnd, Via
from queue_manager.sightings import Mouth, Seen, Sighting, Vanished
from queue_manager.stays import SLACK, Stay, Stays

RINGING_MARGIN = timedelta(milliseconds=500)
"""Asterisk may end the offer a moment before it reports that the ringing citizen has gone."""
_SAYS = {
    Vanished.UNSEEN: "在 {after:%H:%M:%S} 与 {at:%H:%M:%S} 之间结束,没有看见怎样结束",
    Vanished.ASTERISK_RESTARTED: "在 {after:%H:%M:%S} 与 {at:%H:%M:%S} 之间因 Asterisk 重启而中断",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A call ended at ``at``; when nobody saw it, between ``after`` and ``at``, and ``why`` nobody did."""

    at: datetime
    after: datetime
    why: Vanished | None = None

    @property
    def restarted(self) -> bool:
        """Asterisk itself cut the call off."""
        return self.why is Vanished.ASTERISK_RESTARTED

    @property
    def gap(self) -> str:
        """Say in Chinese what is not known; empty when all is."""
        return _SAYS[self.why].format(after=self.after, at=self.at) if self.why else ""


def end_of_call(ordered: list[Sighting], stays: Stays) -> End | None:
    """Give the end; None while the call lives.

    An end that was seen goes before one that was concluded; one that was concluded falls when the call
    was seen alive later.
    """
    endings = [sighting for sighting in ordered if sighting.kind is Seen.GONE]
    if not endings:
        return None
    seen = [sighting for sighting in endings if not sighting.detail]
    if seen:
        best = min(seen, key=lambda one: (TRUST[one.mouth], one.at))
        return End(at=best.at, after=best.at)
    alive = max((one.at for one in ordered if _shows_life(one)), default=None)
    concluded = next((s for s in endings if alive is None or alive <= s.at + SLACK), None)
    if concluded is None:
        return None
    last = stays.all[-1] if stays.all else None
    if last is not None and last.ended is not None and last.end is SegmentEnd.TALK_OVER:
        return End(at=last.ended, after=last.ended)
    earliest = [instant for instant in (alive, concluded.not_before) if instant is not None]
    after = min(max(earliest, default=concluded.at), concluded.at)
    return End(at=concluded.at, after=after, why=Vanished(concluded.detail))


def _shows_life(seen: Sighting) -> bool:
    """A seat may mark a call when it is over; what reconciliation concludes is about the past."""
    if seen.mouth is Mouth.RECONCILIATION:
        return seen.kind is Seen.ALIVE
    return seen.kind not in (Seen.GONE, Seen.MARKED)


def settle(stays: Stays, end: End | None) -> None:
    """End the last stay with the call."""
    if end is None or not stays.all:
        return
    last = stays.all[-1]
    if last.via is Via.ATTENDED and last.ended is not None and last.ended >= end.at and end.why is None:
        # the seat's telephone was gone after the citizen's
        last.by = Party.CITIZEN
    if last.ended is not None:
        return
    if end.why is not None:
        last.rescind(end.after, OfferOutcome.RESCINDED if end.restarted else OfferOutcome.UNKNOWN)
        by = Party.SYSTEM if end.restarted else Party.NOBODY_KNOWS
        last.finish(end.after, SegmentEnd.SYSTEM_FAILURE if end.restarted else SegmentEnd.UNKNOWN_END, by)
    elif last.answered is not None:
        last.finish(end.at, SegmentEnd.TALK_OVER)
    else:
        ringing = _was_ringing(last, end.at)
        last.finish(
            end.at, SegmentEnd.HUNG_UP_RINGING if ringing else SegmentEnd.HUNG_UP_WAITING, Party.CITIZEN
        )


def _was_ringing(stay: Stay, at: datetime) -> bool:
    """Tell whether a phone rang when the citizen hung up; its offer was rescinded then."""
    ringing = False
    for offer in stay.offers:
        if offer.ended is None or (offer.outcome is OfferOutcome.RESCINDED and offer.ended >= at - SLACK):
            ringing = True
        elif (
            offer.outcome is OfferOutcome.RUNG_OUT
            and not offer.to_the_end
            and offer.ended >= at - RINGING_MARGIN
        ):
            offer.outcome, ringing = OfferOutcome.RESCINDED, True
    return ringing


def reason_of(stays: Stays, end: End | None) -> EndReason | None:
    """Give the one reason of a call that ended; the last stay decides when no seat ever answered."""
    if end is None:
        return None
    if any(stay.answered is not None for stay in stays.all):
        return EndReason.ANSWERED
    if stays.went_outside is not None:
        return EndReason.TRANSFERRED
    if end.why is not None:
        return EndReason.SYSTEM_FAILURE if end.restarted else EndReason.UNKNOWN_END
    return _reason_of_last(stays)


def _reason_of_last(stays: Stays) -> EndReason:
    if not stays.all:
        return EndReason.HUNG_UP_IN_PROMPT
    why = stays.all[-1].end
    return EndReason.HUNG_UP_WAITING if why is None or why is SegmentEnd.MOVED_ON else EndReason(why.value)


def who_ended(stays: Stays, end: End | None) -> Party:
    """Say who ended the call, as far as anybody knows."""
    if end is None:
        return Party.NOBODY_KNOWS
    if end.restarted:
        return Party.SYSTEM
    if end.why is not None:
        return Party.NOBODY_KNOWS
    return stays.all[-1].by if stays.all else Party.CITIZEN
