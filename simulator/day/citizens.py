"""市民: calls, waits as long as patience lasts, talks, calls again; each with a fate of his own.

What a citizen does is drawn from a seed of his own, so that nobody's fate depends on who else called.
"""

import asyncio
import contextlib
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from simulator.day.channel import Channel
from simulator.day.day_file import HALF_HOURS, Citizens, Day
from simulator.day.dialplan import Exchanged, Person, Run
from simulator.day.telephone import Talk

HALF_HOUR_SECONDS = 1800.0
TRUNK = "city"
DIALLED = "12345"
SHORTEST_TALK_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What a citizen will do; seconds. ``at`` counts from midnight."""

    at: float
    number: str
    misdials_after: float | None
    patience: float
    talk: float
    hangs_up_first: bool
    redials_after: float | None
    holds_after: float | None
    held: float
    transferred_after: float | None
    order: int
    """Whom of many it concerns, where somebody has to be chosen."""
    comes_back_after: float | None = None
    """Having been answered."""


def fates_of(day: Day, calls: int, seed: int) -> list[Fate]:
    """Give what happens on such a day with so many calls, by time of arrival."""
    ends = list(accumulate(day.by_half_hour))
    random = Random(f"{seed}/arrivals")
    instants = []
    for _ in range(calls):
        half_hour = min(bisect(ends, random.random() * ends[-1]), HALF_HOURS - 1)
        instants.append((half_hour + random.random()) * HALF_HOUR_SECONDS)
    return [
        _fate(day.citizens, at, Random(f"{seed}/citizen/{n}"), n) for n, at in enumerate(sorted(instants))
    ]


def _fate(citizens: Citizens, at: float, random: Random, order: int) -> Fate:
    def perhaps(share: float, value: float) -> float | None:
        return value if random.random() < share else None

    talk = max(SHORTEST_TALK_SECONDS, citizens.talk.draw(random))
    withheld = random.random() < citizens.withheld_share
    return Fate(
        at=at,
        number="" if withheld else f"139{random.randrange(10**8):08d}",
        misdials_after=perhaps(citizens.misdial_share, 0.5 + 3 * random.random()),
        patience=citizens.patience.draw(random),
        talk=talk,
        hangs_up_first=random.random() < citizens.hangs_up_first_share,
        redials_after=perhaps(citizens.redial_share, 5.0 + citizens.redial_after.draw(random)),
        holds_after=perhaps(citizens.hold_share, talk * (0.2 + 0.5 * random.random())),
        held=citizens.hold.draw(random),
        transferred_after=perhaps(citizens.transfer_share, talk * (0.2 + 0.6 * random.random())),
        order=order,
        # drawn last, so that a day without it stays the same day
        comes_back_after=perhaps(citizens.comes_back_share, citizens.comes_back_after.draw(random)),
    )


@dataclass(slots=True, kw_only=True, eq=False)
class Citizen(Person):
    """One call of one citizen; ``to_whom`` chooses where a seat hands him on, empty for nowhere."""

    on: Exchanged
    fate: Fate
    to_whom: Callable[[str, int], str]
    answered: bool = False
    _timers: list[asyncio.TimerHandle] = field(default_factory=list)
    _patience: asyncio.TimerHandle | None = None
    _call: asyncio.Task[None] | None = None
    _handed_on: bool = False

    async def call(self) -> bool:
        """Call, until it is over; False for whoever gave up waiting."""
        run = Run(on=self.on, channel=self._channel(), person=self, context="from-trunk", extension=DIALLED)
        self._call = asyncio.create_task(run.run())
        if self.fate.misdials_after is not None:
            self._later(self.fate.misdials_after, self._hang_up)
        with contextlib.suppress(asyncio.CancelledError):
            await self._call
        for timer in self._timers:
            timer.cancel()
        return self.answered or self.fate.misdials_after is not None

    def waits(self) -> None:
        """Begin to lose patience, unless that has begun already."""
        if self._patience is None:
            self._patience = self._later(self.fate.patience, self._hang_up)

    def talks(self, talk: Talk) -> None:
        """Say what there is to say; the seat may hold, hand on, or end it."""
        self.answered = True
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
        fate = self.fate
        if fate.holds_after is not None:
            self._later(fate.holds_after, talk.hold)
            self._later(fate.holds_after + fate.held, talk.unhold)
        if fate.transferred_after is not None and not self._handed_on:
            self._handed_on = True
            self._later(fate.transferred_after, lambda: self._hand_on(talk))
        length = fate.talk + (fate.held if fate.holds_after is not None else 0.0)
        self._later(length, lambda: self._end(talk))

    def _channel(self) -> Channel:
        channel = self.on.room.exchange.make_channel(TRUNK, caller=self.fate.number, context="from-trunk")
        channel.variables["DNID"] = DIALLED
        return channel

    def _hand_on(self, talk: Talk) -> None:
        if to := self.to_whom(talk.seat, self.fate.order):
            talk.transfer(to)

    def _end(self, talk: Talk) -> None:
        """Nothing happens when that talk is over already."""
        if talk.over.done():
            return
        if self.fate.hangs_up_first:
            self._hang_up()
        else:
            talk.hang_up()

    def _hang_up(self) -> None:
        if self._call is not None:
            self._call.cancel()

    def _later(self, seconds: float, work: Callable[[], None]) -> asyncio.TimerHandle:
        timer = asyncio.get_running_loop().call_later(seconds, work)
        self._timers.append(timer)
        return timer


class Arrivals:
    """来电的次序: who calls when; whoever calls again takes the place of somebody who has not called yet.

    So a day has exactly as many calls as were asked for.
    """

    def __init__(self, fates: list[Fate], seed: int) -> None:
        """``fates`` by time of arrival."""
        self._coming = fates
        self._next = 0
        self._random = Random(f"{seed}/redials")

    def __iter__(self) -> Iterator[Fate]:
        """Yield by time; the list may shrink meanwhile."""
        while self._next < len(self._coming):
            self._next += 1
            yield self._coming[self._next - 1]

    def take_place(self) -> bool:
        """Strike off somebody who has not called yet; False when there is nobody left."""
        left = len(self._coming) - self._next
        if left <= 0:
            return False
        del self._coming[self._next + self._random.randrange(left)]
        return True
