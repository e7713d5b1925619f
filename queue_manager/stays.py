"""停留: what the sightings of one call, in order, say about its stays in queues and its talks.

A stay begins when the citizen enters a queue, or when an attended transfer hands him to a seat. What was
lost is concluded from what was seen: who is answered in a queue has entered it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.events import Party
from core.ids import QueueName, SeatNo
from queue_manager.model import OfferOutcome, SegmentEnd, Via
from queue_manager.sightings import NO_ONE, NO_QUEUE, OfferEnd, Seen, Sighting, Transfer

SLACK = timedelta(seconds=2)
"""So much later, or earlier, than it should, a sighting still belongs to a stay or an offer."""
SECOND = timedelta(seconds=1)
REFUSED = {"FULL": SegmentEnd.QUEUE_FULL, "JOINEMPTY": SegmentEnd.NO_SEAT, "JOINUNAVAIL": SegmentEnd.NO_SEAT}
"""QUEUESTATUS of one who was turned away at the door."""
LEFT = {
    "TIMEOUT": SegmentEnd.OVERFLOW_TIMEOUT,
    "LEAVEEMPTY": SegmentEnd.NO_SEAT,
    "LEAVEUNAVAIL": SegmentEnd.NO_SEAT,
    "KEY": SegmentEnd.LEFT_BY_KEY,
    "WITHDRAW": SegmentEnd.WITHDRAWN,
}
"""QUEUESTATUS of one who left unanswered. For a key Asterisk sets none: ``KEY`` is what its queue log's word
becomes, and what a dialplan says to which a key leads. ``CONTINUE`` is no such way: a seat had hung up."""
ENDED_OFFER: dict[str, OfferOutcome] = {
    OfferEnd.NO_ANSWER: OfferOutcome.RUNG_OUT,
    OfferEnd.REFUSED: OfferOutcome.REJECTED,
    OfferEnd.CANCELLED: OfferOutcome.RESCINDED,
}
HUNG_UP = {"caller": Party.CITIZEN, "agent": Party.SEAT}


@dataclass(slots=True, kw_only=True)
class Offer:
    """One ringing phone."""

    seat: SeatNo
    at: datetime
    ended: datetime | None = None
    outcome: OfferOutcome | None = None
    to_the_end: bool = False
    """It rang for as long as Asterisk says that nobody picked up: the seat missed it, nobody cut it short."""

    def end(self, at: datetime, outcome: OfferOutcome) -> None:
        """Stop ringing."""
        self.ended, self.outcome = at, outcome


@dataclass(slots=True, kw_only=True)
class Stay:
    """One segment, as far as it is known."""

    via: Via
    began: datetime
    queue: QueueName = NO_QUEUE
    entered: bool = True
    implied: bool = False
    """Nobody saw it begin."""
    position: int = 0
    seat: SeatNo = NO_ONE
    from_seat: SeatNo = NO_ONE
    answered: datetime | None = None
    ended: datetime | None = None
    end: SegmentEnd | None = None
    by: Party = Party.NOBODY_KNOWS
    held_since: datetime | None = None
    held: timedelta = timedelta()
    offers: list[Offer] = field(default_factory=list)

    def finish(self, at: datetime, end: SegmentEnd, by: Party = Party.NOBODY_KNOWS) -> None:
        """End it; what is known of its end already stays."""
        self.unhold(at)
        self.ended = self.ended or at
        if self.end in (None, SegmentEnd.MOVED_ON):
            self.end = end
        self.by = self.by or by
        self.rescind(at, OfferOutcome.UNKNOWN if end is SegmentEnd.MOVED_ON else OfferOutcome.RESCINDED)

    def unhold(self, at: datetime) -> None:
        """Let the citizen hear the seat again."""
        if self.held_since is not None:
            self.held += max(timedelta(), at - self.held_since)
            self.held_since = None

    def rescind(self, at: datetime, outcome: OfferOutcome = OfferOutcome.RESCINDED) -> None:
        """End every offer that still rings."""
        for offer in self.offers:
            if offer.ended is None:
                offer.end(at, outcome)

    def ringing(self, seat: SeatNo) -> Offer | None:
        """Give the offer to this seat that rings, or ``None``."""
        return next((o for o in reversed(self.offers) if o.seat == seat and o.ended is None), None)


class Stays:
    """Takes the sightings of a call, in the order of time."""

    def __init__(self) -> None:
        """Begin before the first."""
        self.all: list[Stay] = []
        self.went_outside: datetime | None = None
        self._take: dict[Seen, Callable[[Sighting], None]] = {
            Seen.QUEUED: self._queued,
            Seen.OFFERED: self._offered,
            Seen.OFFER_ENDED: self._offer_ended,
            Seen.ANSWERED: self._answered,
            Seen.HELD: self._held,
            Seen.UNHELD: self._unheld,
            Seen.TRANSFERRED: self._transferred,
            Seen.COMPLETED: self._completed,
            Seen.CUT_OFF: self._cut_off,
            Seen.LEFT_QUEUE: self._left_queue,
            Seen.SEAT_GONE: self._seat_gone,
        }

    def take(self, seen: Sighting) -> None:
        """Take the next; kinds that say nothing about stays are passed over."""
        taker = self._take.get(seen.kind)
        if taker is not None:
            taker(seen)

    def _queued(self, seen: Sighting) -> None:
        last = self.all[-1] if self.all else None
        if last and last.implied and last.queue == seen.queue and seen.at - last.began <= SLACK:
            last.implied, last.position = False, seen.position
            return
        self._begin(Stay(via=Via.QUEUE, began=seen.at, queue=seen.queue, position=seen.position))

    def _offered(self, seen: Sighting) -> None:
        stay = self._stay_of(seen)
        if stay.answered is not None:
            stay = self._imply(seen)
        rings = stay.ringing(seen.seat)
        if rings is not None:
            rings.end(seen.at, OfferOutcome.UNKNOWN)
        stay.offers.append(Offer(seat=seen.seat, at=seen.at))

    def _offer_ended(self, seen: Sighting) -> None:
        outcome = ENDED_OFFER.get(seen.detail, OfferOutcome.RUNG_OUT)
        offer = self._offer_of(seen)
        if offer is None:
            if not seen.queue:
                return
            stay = next(self._of_queue(seen), None) or self._imply(seen)
            # A queue log tells the whole time of a ring that was cut short, too: none is older than its stay.
            free = max((one.ended or one.at for one in stay.offers), default=stay.began)
            begun = max(free, seen.at - timedelta(seconds=seen.seconds))
            offer = Offer(seat=seen.seat, at=min(begun, seen.at))
            stay.offers.append(offer)
        if offer.ended is None:
            offer.end(seen.at, outcome)
            offer.to_the_end = 0 < seen.seconds <= (seen.at - offer.at + SECOND).total_seconds()
        elif offer.outcome is OfferOutcome.RUNG_OUT and outcome is OfferOutcome.REJECTED:
            # Asterisk reports a refusal twice: first as no answer, then with the phone's own reason.
            offer.outcome = outcome

    def _answered(self, seen: Sighting) -> None:
        stay = self._stay_of(seen)
        if stay.answered is not None:
            if stay.seat == seen.seat:
                return
            stay = self._imply(seen)
        stay.answered, stay.seat = seen.at, seen.seat
        offer = stay.ringing(seen.seat)
        if offer is None:
            offer = Offer(seat=seen.seat, at=seen.at)
            stay.offers.append(offer)
        offer.end(seen.at, OfferOutcome.ACCEPTED)
        stay.rescind(seen.at)

    def _held(self, seen: Sighting) -> None:
        stay = self._talk_of(seen)
        if stay is not None and stay.held_since is None:
            stay.held_since = seen.at

    def _unheld(self, seen: Sighting) -> None:
        stay = self._talk_of(seen)
        if stay is not None:
            stay.unhold(seen.at)

    def _transferred(self, seen: Sighting) -> None:
        stay = self._talk_of(seen)
        if stay is not None:
            stay.finish(seen.at, SegmentEnd.PASSED_ON)
        elif seen.detail == Transfer.OUTSIDE:
            self.went_outside = seen.at
        if seen.detail == Transfer.ATTENDED:
            talk = Stay(via=Via.ATTENDED, began=seen.at, seat=SeatNo(seen.target), answered=seen.at)
            talk.from_seat = seen.seat
            self._begin(talk)

    def _completed(self, seen: Sighting) -> None:
        stay = next((s for s in self._of_queue(seen) if s.answered and s.seat == seen.seat), None)
        if stay is None:
            stay = self._stay_of(seen)
            if stay.answered is not None:
                stay = self._imply(seen)
            stay.seat = seen.seat
            stay.answered = max(stay.began, seen.at - timedelta(seconds=seen.seconds))
        by = HUNG_UP.get(seen.detail, Party.NOBODY_KNOWS)
        stay.finish(seen.at, SegmentEnd.TALK_OVER if by else SegmentEnd.PASSED_ON, by)

    def _cut_off(self, seen: Sighting) -> None:
        """Asterisk says of such a talk that the seat has hung up."""
        talk = next((stay for stay in reversed(self.all) if stay.answered is not None), None)
        if talk is not None and (talk.ended is None or seen.at - talk.ended <= SLACK):
            talk.finish(seen.at, SegmentEnd.SYSTEM_FAILURE)
            talk.end, talk.by = SegmentEnd.SYSTEM_FAILURE, Party.SYSTEM

    def _left_queue(self, seen: Sighting) -> None:
        if seen.detail in REFUSED:
            self._begin(Stay(via=Via.QUEUE, began=seen.at, queue=seen.queue, entered=False))
            self.all[-1].finish(seen.at, REFUSED[seen.detail])
            return
        stay = next(self._of_queue(seen), None)
        if stay is None or (stay.ended is not None and seen.at - stay.ended > SLACK):
            stay = self._imply(seen)
        if stay.answered is None:
            stay.finish(seen.at, LEFT.get(seen.detail, SegmentEnd.MOVED_ON))

    def _seat_gone(self, seen: Sighting) -> None:
        stay = self._talk_of(seen)
        if stay is not None and stay.via is Via.ATTENDED:
            stay.finish(seen.at, SegmentEnd.TALK_OVER, Party.SEAT)

    def _begin(self, stay: Stay) -> None:
        """Begin a stay; the one before it ends at the latest now."""
        if self.all:
            last = self.all[-1]
            last.finish(stay.began, SegmentEnd.PASSED_ON if last.answered else SegmentEnd.MOVED_ON)
            if last.end is SegmentEnd.PASSED_ON and stay.via is Via.QUEUE:
                stay.via, stay.from_seat = Via.BLIND, last.seat
        self.all.append(stay)

    def _imply(self, seen: Sighting) -> Stay:
        """Begin a stay that nobody saw begin, as early as is known."""
        began = seen.at - timedelta(seconds=seen.seconds)
        if self.all:
            began = max(began, self.all[-1].ended or self.all[-1].answered or self.all[-1].began)
        self._begin(Stay(via=Via.QUEUE, began=began, queue=seen.queue, implied=True))
        return self.all[-1]

    def _stay_of(self, seen: Sighting) -> Stay:
        """Give the stay to which a sighting belongs; one is concluded when none was seen."""
        going_on = (stay for stay in self._of_queue(seen) if stay.ended is None)
        return next(going_on, None) or self._imply(seen)

    def _of_queue(self, seen: Sighting) -> Iterator[Stay]:
        """Yield the stays in the sighting's queue, the latest first; all when it names none."""
        return (s for s in reversed(self.all) if seen.queue in ("", s.queue))

    def _offer_of(self, seen: Sighting) -> Offer | None:
        """Give the latest offer to the seat that rings, or has stopped only just now."""
        for stay in self._of_queue(seen):
            for offer in reversed(stay.offers):
                if offer.seat == seen.seat:
                    fresh = offer.ended is None or seen.at - offer.ended <= SLACK
                    return offer if fresh else None
        return None

    def _talk_of(self, seen: Sighting) -> Stay | None:
        """Give the talk that goes on with this seat, or ``None``."""
        for stay in reversed(self.all):
            if stay.answered is not None and stay.seat == seen.seat and stay.ended is None:
                return stay
        return None
