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

log = structlog.get_logger(__name__)

REFUSED_PAUSE = timedelta(seconds=30)
"""So long a seat's repair waits after Asterisk refused it; what it refuses once it refuses again."""


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
        self._suspects: set[SeatNo] = set()
        """Whoever was changed and is not found right yet: nobody else need be looked at."""

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
        self._suspects |= self._book.touched | self._mirror.touched
        self._book.touched.clear()
        self._mirror.touched.clear()
        self._suspects = {seat for seat in self._suspects if self._is_wrong(seat)}
        ripe = [seat for seat in self._suspects if self._not_before.get(seat, now) <= now]
        done = await asyncio.gather(*(self._repair(seat, now) for seat in sorted(ripe)))
        return all(done)

    def _is_wrong(self, seat: SeatNo) -> bool:
        must = self._wanted(seat)
        if self._mirror.of(seat) != must:
            return True
        self._made[seat] = must
        return False

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
