"""派席笔记: who could have been rung at the moment when a seat was, from the book and the mirror."""

from core.ids import SeatNo, own_queue_of
from queue_manager.mirror import Mirror
from queue_manager.offering import Candidate, OfferReason, kept_candidates, why
from queue_manager.seat_book import SeatBook
from queue_manager.seat_state import Happening, Seat, SeatNow, SeatState


class OfferNotes:
    """Looks at all seats; must be asked before the chosen one counts as ringing."""

    def __init__(self, book: SeatBook, mirror: Mirror) -> None:
        """Look at these."""
        self._book = book
        self._mirror = mirror

    def reason(self, seat: SeatNo, what: Happening) -> OfferReason:
        """Say why this seat was rung."""
        candidates = [
            self._candidate(known, now, what, chosen=known.number == seat)
            for known in self._book.seats.values()
            if what.queue in known.skills or what.queue == own_queue_of(known.number)
            if (now := self._book.now[known.number]).logged_in
        ]
        return OfferReason(
            call_id=what.call_id,
            at=what.at,
            seat=seat,
            queue=what.queue,
            sentence=why(seat, what.queue, candidates),
            candidates=kept_candidates(seat, candidates),
        )

    def _candidate(self, seat: Seat, now: SeatNow, what: Happening, *, chosen: bool) -> Candidate:
        idle = None if now.idle_since is None else max(0, int((what.at - now.idle_since).total_seconds()))
        # the chosen one's telephone may be known to ring already
        looked_at = now.state is SeatState.READY and not chosen
        return Candidate(
            seat=seat.number,
            state=now.state.value,
            idle_seconds=idle,
            penalty=seat.skills.get(what.queue, 0),
            misses=now.misses,
            put_back=now.behind_until is not None,
            hindrance=self._mirror.hindrance_of(seat.number) if looked_at else "",
        )
