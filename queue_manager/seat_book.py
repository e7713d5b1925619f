"""座席簿: every seat with what it does now, in memory; what follows from one thing happening to it.

Nothing here waits, writes or asks: the desk tells it what happened and what time it is, and fetches
what has to be written down.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.ids import SeatNo
from queue_manager.seat_rules import SeatRules
from queue_manager.seat_state import (
    LOST_CONNECTION,
    MISSED_IN_A_ROW,
    Happening,
    Seat,
    SeatChange,
    SeatEvent,
    SeatNow,
    SeatState,
)
from queue_manager.seat_table import LOG_OFF_LATER, step

log = structlog.get_logger(__name__)

AWAITS_ITS_PHONE = (SeatState.READY, SeatState.PAUSED, SeatState.TALKING)
AT_REST = (SeatState.READY, SeatState.PAUSED)
UNSEEN = "结束没有看到"
RINGS_TOO_LONG = timedelta(seconds=60)
"""No telephone of ours rings that long: the end of the ringing was not seen."""


class SeatBook:
    """What each seat does; ``on_change`` is called after every change, with the seat before and after."""

    def __init__(self, rules: SeatRules) -> None:
        """Begin without seats."""
        self.rules = rules
        self.seats: dict[SeatNo, Seat] = {}
        self.now: dict[SeatNo, SeatNow] = {}
        self.on_change: Callable[[SeatNow, SeatChange], None] = lambda _now, _change: None
        self._legs: dict[str, SeatNo] = {}
        self._lost: dict[SeatNo, datetime] = {}
        self.version = 0
        """Another one after whatever changed."""
        self.touched: set[SeatNo] = set()
        """Who has changed since whoever looks after Asterisk's queues emptied this."""
        self._due: tuple[int, datetime | None] = (-1, None)
        self._grace = timedelta(seconds=rules.lost_phone_seconds)

    def open(self, seats: Iterable[Seat], known: dict[SeatNo, SeatNow], at: datetime) -> None:
        """Take over the register and what is known of each seat."""
        self.now = dict(known)
        self.register(seats, at)
        self._legs = {now.leg: seat for seat, now in self.now.items() if now.leg}

    def register(self, seats: Iterable[Seat], at: datetime) -> None:
        """Take over the register; a seat that was removed is logged off when its call is over."""
        self.version += 1
        self.touched |= {*self.now, *self.seats}
        self.seats = {seat.number: seat for seat in seats}
        for number, seat in self.seats.items():
            never = SeatNow(seat=number, since=seat.added_at, changed_at=seat.added_at)
            self.now.setdefault(number, never)
        for number, now in self.now.items():
            if number not in self.seats and now.logged_in and now.later != LOG_OFF_LATER:
                log.info("座席已移除, 签出", seat=number)
                self.wish_log_off(number, at)

    def seat_with(self, leg: str) -> SeatNow | None:
        """Give the seat whose telephone has this leg of a call; None when none has."""
        seat = self._legs.get(leg)
        return self.now[seat] if seat is not None else None

    def happened(self, seat: SeatNo, what: Happening) -> bool:
        """Let something happen to a seat, and all that follows from it; False when it cannot."""
        if seat not in self.now or not self._step(seat, what):
            return False
        while (follows := self._what_follows(self.now[seat], what.at)) is not None:
            self._step(seat, follows)
        return True

    def wish_log_off(self, seat: SeatNo, at: datetime) -> None:
        """签出, at once or when call and wrap-up are over."""
        if not self.happened(seat, Happening(event=SeatEvent.LOG_OFF, at=at)):
            self.happened(seat, Happening(event=SeatEvent.LATER, at=at, reason=LOG_OFF_LATER))

    def offered(self, seat: SeatNo, what: Happening) -> None:
        """振铃; a call of which the end was not seen is over, because nobody has two."""
        now = self.now.get(seat)
        if now is not None and not (now.in_call and now.leg == what.leg):
            self._end_unseen(now, what.at)
            self.happened(seat, what)

    def answered(self, seat: SeatNo, what: Happening) -> None:
        """接通; the same holds."""
        now = self.now.get(seat)
        if now is None or (now.state is SeatState.TALKING and now.leg == what.leg):
            return
        if now.leg != what.leg:
            self._end_unseen(now, what.at)
        self.happened(seat, what)

    def call_over(self, at: datetime) -> Happening:
        """Give the end of a call, with the wrap-up that follows."""
        return Happening(event=SeatEvent.CALL_OVER, at=at, seconds=self.rules.wrap_up_seconds)

    def missed(self, at: datetime) -> Happening:
        """Give a call that rang in vain; for a while the seat stands behind the others."""
        return Happening(event=SeatEvent.MISSED, at=at, seconds=self.rules.missed_minutes * 60)

    def phone_lost(self, seat: SeatNo, at: datetime) -> None:
        """话机不在: not yet 掉线, which begins when it lasts."""
        if seat in self.now and seat not in self._lost:
            self.version += 1
            self._lost[seat] = at

    def phone_back(self, seat: SeatNo, at: datetime) -> None:
        """话机又在了."""
        if self._lost.pop(seat, None) is None:
            return
        self.version += 1
        if self.now[seat].lease:
            self.happened(seat, Happening(event=SeatEvent.PHONE_BACK, at=at))

    def is_lost(self, seat: SeatNo) -> bool:
        """Whether the telephone is not reachable at this moment."""
        return seat in self._lost

    def catch_up(self, at: datetime) -> None:
        """Let happen what is due by now: ends of wrap-ups, telephones away for too long."""
        due = self.next_due()
        if due is None or due > at:
            return
        for seat, now in tuple(self.now.items()):
            if now.state is SeatState.WRAP_UP and now.wrap_up_until and now.wrap_up_until <= at:
                self.happened(seat, Happening(event=SeatEvent.WRAP_UP_OVER, at=now.wrap_up_until))
            elif now.state is SeatState.RINGING and at - now.since >= RINGS_TOO_LONG:
                self.happened(seat, Happening(event=SeatEvent.RESCINDED, at=at, reason=UNSEEN))
            if now.behind_until and now.behind_until <= at:
                self.happened(seat, Happening(event=SeatEvent.FORGIVEN, at=now.behind_until))
            if now.lease and now.lease <= at:
                self.happened(seat, Happening(event=SeatEvent.LEASE_OVER, at=at, reason=LOST_CONNECTION))
        self._miss_phones(at)

    def next_due(self) -> datetime | None:
        """Give when :meth:`catch_up` has something to do again; None when only events can change that."""
        if self._due[0] != self.version:
            self._due = self.version, self._found_due()
        return self._due[1]

    def clock_went_back(self, by: timedelta) -> None:
        """The clock was set back: what was due in a minute is still due in a minute."""
        self.version += 1
        for seat, now in self.now.items():
            self.now[seat] = replace(
                now,
                wrap_up_until=now.wrap_up_until - by if now.wrap_up_until else None,
                behind_until=now.behind_until - by if now.behind_until else None,
                lease=now.lease - by if now.lease else None,
            )
        self._lost = {seat: at - by for seat, at in self._lost.items()}

    def _found_due(self) -> datetime | None:
        instants = [self._due_of(now) for now in self.now.values()]
        instants += [now.behind_until for now in self.now.values() if now.state in AT_REST]
        return min((one for one in instants if one is not None), default=None)

    def _due_of(self, now: SeatNow) -> datetime | None:
        if now.state is SeatState.WRAP_UP:
            return now.wrap_up_until
        if now.state is SeatState.RINGING:
            return now.since + RINGS_TOO_LONG
        if now.state is SeatState.PAUSED and now.lease:
            return now.lease
        lost = self._lost.get(now.seat) if now.state in AWAITS_ITS_PHONE and not now.lease else None
        return lost + self._grace if lost else None

    def _miss_phones(self, at: datetime) -> None:
        for seat, since in self._lost.items():
            now = self.now[seat]
            if now.lease or at - since < self._grace or not self.happened(seat, self._phone_lost(at)):
                continue
            if now.state is SeatState.TALKING:
                log.warning("座席话机在通话中掉线, 市民可能听不到声音", seat=seat, call_id=now.call_id)
            else:
                log.warning("座席话机掉线, 暂不派来电", seat=seat)

    def _phone_lost(self, at: datetime) -> Happening:
        lease = self.rules.lost_phone_minutes * 60
        return Happening(event=SeatEvent.PHONE_LOST, at=at, reason=LOST_CONNECTION, seconds=lease)

    def _end_unseen(self, now: SeatNow, at: datetime) -> None:
        if now.state is SeatState.RINGING:
            self._step(now.seat, Happening(event=SeatEvent.RESCINDED, at=at, reason=UNSEEN))
        elif now.state is SeatState.TALKING:
            log.warning("座席又有来电, 上一通的结束没有看到, 现在补记", seat=now.seat, call_id=now.call_id)
            self._step(now.seat, replace(self.call_over(at), reason=UNSEEN))

    def _step(self, seat: SeatNo, what: Happening) -> bool:
        before = self.now[seat]
        stepped = step(before, what)
        if stepped is None:
            return False
        now, change = stepped
        if before.leg != now.leg:
            self._legs.pop(before.leg, None)
            if now.leg:
                self._legs[now.leg] = seat
        self.now[seat] = now
        self.version += 1
        self.touched.add(seat)
        self.on_change(now, change)
        return True

    def _what_follows(self, now: SeatNow, at: datetime) -> Happening | None:
        """A seat that has come to rest does what it had put off, or what must follow."""
        if now.state is SeatState.WRAP_UP and (now.wrap_up_until is None or now.wrap_up_until <= at):
            return Happening(event=SeatEvent.WRAP_UP_OVER, at=at)
        if now.state is SeatState.PAUSED and now.reason == LOST_CONNECTION and not now.lease:
            return Happening(event=SeatEvent.READY, at=at)
        return self._what_follows_at_rest(now, at) if now.state is SeatState.READY else None

    def _what_follows_at_rest(self, now: SeatNow, at: datetime) -> Happening | None:
        if now.wrap_up_until and now.wrap_up_until > at:
            return Happening(event=SeatEvent.WRAP_UP_AGAIN, at=at)
        if now.later == LOG_OFF_LATER:
            return Happening(event=SeatEvent.LOG_OFF, at=at)
        if now.misses >= self.rules.misses:
            log.warning("座席连续未接, 转为示忙", seat=now.seat, misses=now.misses)
            return Happening(event=SeatEvent.PAUSE, at=at, reason=MISSED_IN_A_ROW)
        if now.later:
            return Happening(event=SeatEvent.PAUSE, at=at, reason=now.later)
        lost = self._lost.get(now.seat)
        return self._phone_lost(at) if lost and at - lost >= self._grace else None
