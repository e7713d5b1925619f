"""投影对账: makes Asterisk's queues what the seats are, and says so when somebody else has changed them."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from core.ids import SeatNo
from queue_manager.ami import ActionRefused, AsteriskAway, UnsafeAction
from queue_manager.mirror import Mirror, differences
from queue_manager.projection import Memberships, Repair, repairs, wanted
from queue_manager.seat_book import SeatBook
from queue_manager.seat_state import Seat, SeatNow

log = structlog.get_logger(__name__)

REFUSED_PAUSE = timedelta(seconds=30)
"""So long a seat's repair waits after Asterisk refused it; what it refuses once it refuses again."""


_Compared = tuple[Seat | None, SeatNow | None, tuple[int, int]]


class Asterisk(Protocol):
    """Whoever sends actions to Asterisk; each of them has a time-out."""

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        """Send one and give its answers; raises AsteriskAway, ActionRefused, UnsafeAction."""
        ...


class Projector:
    """Compares and repairs; keeps for each seat what it had made so, to tell ours from others' changes."""

    def __init__(self, book: SeatBook, mirror: Mirror, asterisk: Asterisk) -> None:
        """Nothing has been compared yet."""
        self._book = book
        self._mirror = mirror
        self._asterisk = asterisk
        self._made: dict[SeatNo, Memberships] = {}
        self._not_before: dict[SeatNo, datetime] = {}
        self._right: dict[SeatNo, _Compared] = {}
        """What was compared and found right: many times a second nothing has changed since."""
        self._all_right: tuple[int, int] | None = None
        """Book and mirror when every seat was right."""

    def bases(self) -> dict[SeatNo, Memberships]:
        """Give how Asterisk's queues looked for each seat when we last knew."""
        return {seat: self._made.get(seat, {}) for seat in self._book.now}

    def take_for_made(self) -> None:
        """Begin: what we know of the seats had been made so in Asterisk before we were stopped."""
        self._made = {seat: self._wanted(seat) for seat in self._book.now}

    def forget_refusals(self) -> None:
        """Try everything again at once."""
        self._not_before.clear()

    async def repair(self, now: datetime) -> bool:
        """Send what is needed, for all seats at once; False when something was refused, or not answered."""
        versions = self._book.version, self._mirror.version
        if versions == self._all_right:
            return True
        everyone = {*self._book.now, *self._mirror.seats()}
        wrong = [seat for seat in everyone if self._is_wrong(seat, now)]
        if not wrong and not self._not_before:
            self._all_right = versions
        done = await asyncio.gather(*(self._repair(seat, now) for seat in sorted(wrong)))
        return all(done)

    def _is_wrong(self, seat: SeatNo, now: datetime) -> bool:
        compared = self._book.seats.get(seat), self._book.now.get(seat), self._mirror.version_of(seat)
        if _same(self._right.get(seat), compared):
            return False
        must = self._wanted(seat)
        if self._mirror.of(seat) == must:
            self._made[seat] = must
            self._right[seat] = compared
            return False
        return self._not_before.get(seat, now) <= now

    def _wanted(self, seat: SeatNo) -> Memberships:
        registered, now = self._book.seats.get(seat), self._book.now.get(seat)
        if now is None or not now.logged_in:
            return {}
        if registered is None:
            # removed in the middle of a call: what it has it keeps until then
            return self._made.get(seat, {})
        return wanted(registered, now)

    async def _repair(self, seat: SeatNo, now: datetime) -> bool:
        there, must = self._mirror.of(seat), self._wanted(seat)
        if self._made.get(seat) == must:
            log.warning("座席在 Asterisk 里被人改动, 改回", seat=seat, what=differences(there, must))
        try:
            for repair in repairs(seat, there, must):
                await self._send(repair)
        except (ActionRefused, UnsafeAction) as error:
            log.warning("Asterisk 不肯改座席, 稍后再试", seat=seat, reason=str(error))
            self._not_before[seat] = now + REFUSED_PAUSE
            return False
        except AsteriskAway:
            return False
        self._not_before.pop(seat, None)
        self._made[seat] = must
        if self._mirror.of(seat) == there:
            # its events are still on their way
            self._mirror.put(seat, must)
        return True

    async def _send(self, repair: Repair) -> None:
        await self._asterisk.act(repair.action, **repair.fields)


def _same(known: _Compared | None, compared: _Compared) -> bool:
    """Whether these very objects were compared, on the same version of what is there."""
    if known is None:
        return False
    return known[0] is compared[0] and known[1] is compared[1] and known[2] == compared[2]
