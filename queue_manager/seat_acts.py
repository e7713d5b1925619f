"""座席动作: wishes about a call: mark it urgent, silence its recording, call a third party, listen in."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from core.ids import CallId, SeatNo
from queue_manager.seat_book import SeatBook
from queue_manager.seat_state import NO_CALL, SeatNow, SeatState
from queue_manager.seat_store import Supervised
from queue_manager.seat_wishes import Answer

SUPERVISION = ("listen_in", "whisper", "barge_in")
MOST_MARKS = 10_000
LONGEST_ABOUT = 64


class Acts(Protocol):
    """Whoever does it in Asterisk; what comes back is a word of :class:`Answer`."""

    async def pause_recording(self, call_id: CallId, seat: SeatNo) -> str:
        """暂停录音."""
        ...

    async def resume_recording(self, call_id: CallId, seat: SeatNo) -> str:
        """继续录音."""
        ...

    async def call_in(self, call_id: CallId) -> str:
        """三方通话."""
        ...


class SeatActs:
    """Says who may, and which call is meant; ``on_supervised`` is told what supervisors asked for."""

    def __init__(
        self, book: SeatBook, acts: Acts, mark_urgent: Callable[[CallId, SeatNo, datetime], None]
    ) -> None:
        """Work on this book."""
        self._book = book
        self._mark = mark_urgent
        self._marked: dict[CallId, None] = {}
        self.on_supervised: Callable[[Supervised], None] = lambda _one: None
        self._deeds: dict[str, Callable[[CallId, SeatNo], Awaitable[str]]] = {
            "pause_recording": acts.pause_recording,
            "resume_recording": acts.resume_recording,
            "three_way": lambda call_id, _seat: acts.call_in(call_id),
        }

    async def do(self, seat: SeatNo, wish: str, about: str, at: datetime) -> Answer:
        """Do it, or say why not; ``about`` is the call, when it is known, or the seat to be listened to."""
        if seat not in self._book.seats:
            return Answer.NO_SUCH_SEAT
        if wish in SUPERVISION:
            return self._supervise(seat, wish, about, at)
        now = self._book.now[seat]
        if wish == "mark_urgent":
            return self._urgent(seat, CallId(about) or now.call_id, at)
        if wish not in self._deeds:
            return Answer.FAILED
        call_id = CallId(about) or _present_call(now)
        if call_id == NO_CALL:
            return Answer.NO_CALL
        return Answer(await self._deeds[wish](call_id, seat))

    def _urgent(self, seat: SeatNo, call_id: CallId, at: datetime) -> Answer:
        if call_id == NO_CALL:
            return Answer.NO_CALL
        if call_id in self._marked:
            return Answer.ALREADY
        self._marked[call_id] = None
        if len(self._marked) > MOST_MARKS:
            del self._marked[next(iter(self._marked))]
        self._mark(call_id, seat, at)
        return Answer.DONE

    def _supervise(self, seat: SeatNo, wish: str, about: str, at: datetime) -> Answer:
        other = self._book.now.get(SeatNo(about)) if about in self._book.seats else None
        answer = self._may_supervise(seat, other)
        call_id = other.call_id if other is not None and answer is Answer.DONE else NO_CALL
        self.on_supervised(
            Supervised(
                at=at, seat=seat, wish=wish, about=about[:LONGEST_ABOUT], call_id=call_id, answer=answer.value
            )
        )
        return answer

    def _may_supervise(self, seat: SeatNo, other: SeatNow | None) -> Answer:
        if not self._book.seats[seat].supervisor:
            return Answer.NOT_ALLOWED
        if other is None:
            return Answer.NO_SUCH_SEAT
        if other.seat == seat:
            return Answer.NOT_ALLOWED
        return Answer.DONE if other.state is SeatState.TALKING else Answer.NO_CALL


def _present_call(now: SeatNow) -> CallId:
    return now.call_id if now.state is SeatState.TALKING else NO_CALL
