"""真的 kill −9: the real engine is killed again and again on a day of real calls; no call may be lost.

Real Asterisk, real telephones, real processes, real time. Citizens give up in the greeting, while they wait
or while it rings, or talk to a seat; the engine dies in whatever moment that is, and starts again at once.
"""

import asyncio
import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from random import Random
from typing import Protocol

from app.demo import CITIZENS_ADDRESS
from app.parts import engine_part
from core.errors import HotlineError
from core.events import TicketDrafted
from queue_manager.model import CallRow
from simulator.incoming import IncomingCall
from tests.stories.hotline import SEATS, Hotline, numbers
from tests.stories.people import SeatAtPhone
from tests.stories.waiting import PATIENCE_SECONDS

LIVES = (0.2, 3.0)
"""Seconds that an engine serves before it is killed."""
BETWEEN_CALLS = (0.5, 2.0)
PATIENCE = (0.5, 20.0)
TALK = (0.2, 3.0)
SKIPS_AFTER = 1.0
CODE_SECONDS = 3.0
LOOK_SECONDS = 1.0
READY = "*15"


@dataclass(slots=True, kw_only=True)
class Killed:
    """What came of the day; ``lost``, ``doubled`` and what is said of tickets must be 0."""

    kills: int = 0
    arrivals: int = 0
    rows: int = 0
    lost: int = 0
    """Citizens without a row, or without an end."""
    doubled: int = 0
    duplicate_tickets: int = 0
    missing_tickets: int = 0
    double_offers: int = 0
    """Telephones that rang while they rang or talked already, and citizens for whom two rang at a time."""
    reasons: Counter[str] = field(default_factory=Counter)
    wall_seconds: float = 0.0

    @property
    def harmed(self) -> bool:
        """Whether the kills have cost anything."""
        tickets = self.duplicate_tickets or self.missing_tickets
        return bool(self.lost or self.doubled or tickets or self.double_offers)


def told(killed: Killed) -> str:
    """Say it in Chinese."""
    reasons = "、".join(f"{reason} {count}" for reason, count in sorted(killed.reasons.items()))
    return (
        f"kill -9 引擎 {killed.kills} 次, 来电 {killed.arrivals} 通, 话单 {killed.rows} 条({reasons}), "
        f"丢失 {killed.lost}, 重复 {killed.doubled}, 重复工单 {killed.duplicate_tickets}, "
        f"缺工单 {killed.missing_tickets}, 重复派席 {killed.double_offers}, 用时 {killed.wall_seconds:.0f} 秒"
    )


class Rung(Protocol):
    """A call that came to a telephone."""

    @property
    def caller(self) -> str:
        """The citizen's number."""
        ...

    @property
    def over(self) -> bool:
        """Whether it has ended, also without an answer."""
        ...


class Offers:
    """派席: watches the telephones themselves; what the engine wrote of it does not matter."""

    def __init__(self) -> None:
        """No telephone rings."""
        self.doubled = 0
        self._living: list[tuple[str, Rung]] = []

    def rings(self, seat: str, call: Rung) -> None:
        """Take note of a call that comes to a seat's telephone."""
        self._living = [(other, known) for other, known in self._living if not known.over]
        self.doubled += any(other == seat or known.caller == call.caller for other, known in self._living)
        self._living.append((seat, call))


class KillDay:
    """A day on a running hotline, until the engine was killed so many times."""

    def __init__(self, hotline: Hotline, chance: Random) -> None:
        """Nobody calls before :meth:`live`."""
        self._hotline = hotline
        self._chance = chance
        self._called: list[str] = []
        self._offers = Offers()
        self._evening = False

    async def live(self, kills: int, progress: Callable[[int], None] = lambda _done: None) -> Killed:
        """Let people call and the engine die; then count."""
        began = time.monotonic()
        async with AsyncExitStack() as stack:
            seats = [await stack.enter_async_context(self._hotline.seat(number)) for number in SEATS[:2]]
            serving = [asyncio.create_task(self._serve(seat)) for seat in seats]
            calling = asyncio.create_task(self._call())
            for number in range(1, kills + 1):
                await asyncio.sleep(self._chance.uniform(*LIVES))
                await self._kill()
                progress(number)
            self._evening = True
            await calling
            await self._until_all_is_written()
            for one in serving:
                one.cancel()
            await asyncio.wait(serving)
        counted = self._count()
        counted.kills, counted.wall_seconds = kills, time.monotonic() - began
        return counted

    async def _kill(self) -> None:
        """Kill −9; another one begins at once, without the pauses for a part that keeps dying."""
        supervisor = self._hotline.house.supervisor
        self._hotline.send("engine", signal.SIGKILL)
        await supervisor.stop_part("engine")
        await supervisor.start(engine_part(self._hotline.instance))

    async def _call(self) -> None:
        """New citizens all the time; those who called finish."""
        async with asyncio.TaskGroup() as group:
            while not self._evening:
                group.create_task(self._citizen(next(numbers), self._chance.uniform(*PATIENCE)))
                await asyncio.sleep(self._chance.uniform(*BETWEEN_CALLS))

    async def _citizen(self, number: str, patience: float) -> None:
        async with self._hotline.phone(number, CITIZENS_ADDRESS) as phone:
            call = phone.dial("12345")
            await call.until_answered(PATIENCE_SECONDS)
            self._called.append(number)
            if await call.lasts(min(SKIPS_AFTER, patience)):
                await call.press("1")
            if await call.lasts(patience):
                await call.hang_up()

    async def _serve(self, seat: SeatAtPhone) -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                call = await seat.phone.next_call()
                self._offers.rings(seat.phone.line.number, call)
                group.create_task(self._take(seat, call))

    async def _take(self, seat: SeatAtPhone, call: IncomingCall) -> None:
        with contextlib.suppress(HotlineError, TimeoutError):
            if await call.lasts(self._chance.uniform(0.1, 1.5)):
                await call.answer()
            await call.lasts(self._chance.uniform(*TALK))
        await call.hang_up()
        await self._ready(seat)

    async def _ready(self, seat: SeatAtPhone) -> None:
        """Dial the code; should the engine die in it, the time to wrap up ends by itself."""
        code = seat.phone.dial(READY)
        with contextlib.suppress(HotlineError, TimeoutError):
            await code.until_over(CODE_SECONDS)
        await code.hang_up()

    async def _until_all_is_written(self) -> None:
        """Look now and then: looking takes the time of the telephones."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * PATIENCE_SECONDS):
                while self._living():  # noqa: ASYNC110 - what is looked at is a database
                    await asyncio.sleep(LOOK_SECONDS)

    def _rows(self) -> list[list[CallRow]]:
        return [self._hotline.records.calls_from(number) for number in self._called]

    def _living(self) -> bool:
        rows = [row for some in self._rows() for row in some]
        undrafted = any(row.answered_at and not self._drafts(row) for row in rows)
        return len(rows) < len(self._called) or undrafted or any(row.end_reason is None for row in rows)

    def _drafts(self, row: CallRow) -> list[str]:
        facts = self._hotline.records.facts_of(row.call_id)
        return [fact.ticket_no for fact in facts if isinstance(fact, TicketDrafted)]

    def _count(self) -> Killed:
        per_citizen = self._rows()
        rows = [row for some in per_citizen for row in some]
        drafts = [self._drafts(row) for row in rows]
        ticket_nos = [ticket_no for some in drafts for ticket_no in some]
        return Killed(
            arrivals=len(self._called),
            rows=len(rows),
            lost=sum(not some or some[0].end_reason is None for some in per_citizen),
            doubled=sum(len(some) > 1 for some in per_citizen),
            duplicate_tickets=sum(len(some) > 1 for some in drafts) + len(ticket_nos) - len(set(ticket_nos)),
            missing_tickets=sum(
                bool(row.answered_at) and not some for row, some in zip(rows, drafts, strict=True)
            ),
            double_offers=self._offers.doubled,
            reasons=Counter(str(row.end_reason) for row in rows),
        )
