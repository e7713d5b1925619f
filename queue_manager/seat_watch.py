"""座席所见: reads from Asterisk's events what happens to seats, and lets it happen in the book."""

from collections.abc import Callable
from datetime import datetime

import structlog

from core.ids import SeatNo
from queue_manager.mirror import Event, Mirror
from queue_manager.projection import seat_at
from queue_manager.readings import call_named, instant, queue_named, seat_named, word
from queue_manager.seat_adoption import LONGEST_LEG, call_id_of
from queue_manager.seat_book import SeatBook
from queue_manager.seat_state import NO_CALL, Happening, SeatEvent, SeatNow, SeatState
from queue_manager.seat_wishes import SeatWishes

log = structlog.get_logger(__name__)

CANCELLED = "CANCEL"
CONTACT_LOST = ("Unreachable", "Removed")
CONTACT_THERE = ("Reachable", "Created")
NOTHING_COMES = "44"
"""The cause with which Asterisk hangs up a telephone that sends no sound any more (rtp_timeout)."""
FALL_BACK_CODE = "SeatCode"
"""What the dialplan says (UserEvent) when it did itself what a seat wished for by a code."""

Offered = Callable[[SeatNo, Happening], None]
Talking = Callable[[str, SeatNo, datetime], None]


class SeatWatch:
    """Plain and quick: called with every event, in the order in which they came."""

    def __init__(self, book: SeatBook, mirror: Mirror, wishes: SeatWishes) -> None:
        """Nobody is told of offers and talks yet."""
        self.book = book
        self.mirror = mirror
        self.wishes = wishes
        self.on_offer: Offered = lambda _seat, _what: None
        """Told before the seat is ringing, so that it can be seen who else was ready."""
        self.on_talk: Talking = lambda _caller, _seat, _at: None
        self._readers: dict[str, Callable[[Event, datetime], None]] = {
            "AgentCalled": self._offered,
            "AgentConnect": self._answered,
            "AgentRingNoAnswer": self._missed,
            "DialEnd": self._dial_ended,
            "Hangup": self._leg_gone,
            "AttendedTransfer": self._handed_over,
            "ContactStatus": self._contact,
            "UserEvent": self._said_by_dialplan,
        }

    def heard(self, event: Event, now: datetime) -> bool:
        """Read one event; True when a member of Asterisk's queues may have changed."""
        name = event.get("event", "")
        reader = self._readers.get(name)
        if reader is not None:
            reader(event, at_of(event, now))
            return False
        if not name.startswith("QueueMember"):
            return False
        at = at_of(event, now)
        seat = self.mirror.heard(event, at)
        if seat is not None:
            self.look_at_phone(seat, at)
        return seat is not None

    def look_at_phone(self, seat: SeatNo, at: datetime) -> None:
        """Note whether the seat's telephone can be reached, as far as its queues know."""
        if self.mirror.is_away(seat):
            self.book.phone_lost(seat, at)
        elif self.book.now.get(seat) is None or self.book.now[seat].state is not SeatState.TALKING:
            # in a talk the telephone counts as busy, also when its cable is out: only its contact tells
            self.book.phone_back(seat, at)

    def _offered(self, event: Event, at: datetime) -> None:
        seat = seat_at(event.get("interface", ""))
        if seat is not None:
            what = _happening(SeatEvent.OFFERED, event, at)
            self.on_offer(seat, what)
            self.book.offered(seat, what)

    def _answered(self, event: Event, at: datetime) -> None:
        seat = seat_at(event.get("interface", ""))
        if seat is None:
            return
        self.book.answered(seat, _happening(SeatEvent.ANSWERED, event, at))
        if event.get("uniqueid") == call_id_of(event) != NO_CALL:
            self.on_talk(event.get("calleridnum", ""), seat, at)

    def _missed(self, event: Event, at: datetime) -> None:
        now = self.book.seat_with(event.get("destuniqueid", ""))
        if now is not None:
            self.book.happened(now.seat, self.book.missed(at))

    def _dial_ended(self, event: Event, at: datetime) -> None:
        now = self.book.seat_with(event.get("destuniqueid", ""))
        if now is not None and event.get("dialstatus") == CANCELLED:
            self.book.happened(now.seat, Happening(event=SeatEvent.RESCINDED, at=at))

    def _leg_gone(self, event: Event, at: datetime) -> None:
        """The end of a talk is the end of the telephone's own leg, whoever was transferred to whom."""
        now = self.book.seat_with(event.get("uniqueid", ""))
        if now is None:
            return
        if now.state is SeatState.TALKING:
            if event.get("cause") == NOTHING_COMES:
                self._say_that_it_was_cut_off(now)
            self.book.happened(now.seat, self.book.call_over(at))
        else:
            self.book.happened(now.seat, Happening(event=SeatEvent.RESCINDED, at=at))

    def _say_that_it_was_cut_off(self, now: SeatNow) -> None:
        log.warning("座席话机在通话中断线, 市民回到队首", seat=now.seat, call_id=now.call_id)
        if not self.book.is_lost(now.seat):
            log.warning("话机仍在线却没有语音传来, 请检查它的静音抑制和网络", seat=now.seat)

    def _handed_over(self, event: Event, at: datetime) -> None:
        now = self.book.seat_with(event.get("transfertargetuniqueid", ""))
        call_id = call_named(event.get("transfereeuniqueid", ""))
        if now is not None and event.get("result") == "Success" and call_id is not None:
            what = Happening(event=SeatEvent.HANDED_OVER, at=at, call_id=call_id)
            self.book.happened(now.seat, what)

    def _contact(self, event: Event, at: datetime) -> None:
        seat = seat_named(event.get("endpointname", ""))
        if event.get("contactstatus") in CONTACT_LOST:
            self.book.phone_lost(seat, at)
        elif event.get("contactstatus") in CONTACT_THERE:
            self.book.phone_back(seat, at)

    def _said_by_dialplan(self, event: Event, at: datetime) -> None:
        wish = event.get("wish", "")
        if event.get("userevent") == FALL_BACK_CODE and self.wishes.knows(wish):
            self.wishes.grant(seat_named(event.get("seat", "")), wish, "", at)


def at_of(event: Event, now: datetime) -> datetime:
    """Give when it was, in Asterisk's own words, or now; the future is not believed."""
    return min(instant(event.get("timestamp", "")) or now, now)


def _happening(event: SeatEvent, told: Event, at: datetime) -> Happening:
    return Happening(
        event=event,
        at=at,
        call_id=call_id_of(told),
        queue=queue_named(told.get("queue", "")),
        leg=word(told.get("destuniqueid", ""), LONGEST_LEG),
    )
