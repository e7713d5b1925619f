"""话务员: logs in by code from a plain telephone, answers, takes breaks, goes home."""

import asyncio
from collections.abc import Callable
from random import Random

from simulator.day.day_file import Seats
from simulator.day.dialplan import Exchanged, Person, Run
from simulator.day.members import DeviceState
from simulator.day.telephone import Rang, Ringing, Telephone

AGAIN_SECONDS = 10.0
PATIENCE_SECONDS = 600.0
REFUSES_AFTER = 1.5
EXTENDS_AFTER = 4.0
LOG_IN, LOG_OFF, BREAK, READY, MORE_TIME = "*12", "*13", "*141", "*15", "*16"


class Operator:
    """One person at one telephone for one shift."""

    def __init__(self, on: Exchanged, telephone: Telephone, habits: Seats, random: Random) -> None:
        """``random`` is this person's own."""
        self._on = on
        self._telephone = telephone
        self._habits = habits
        self._random = random
        self._busy = False
        self._on_break = False
        self._idle = asyncio.Event()
        self._talked = False
        telephone.ring = self._ring
        telephone.idle = self._put_down

    async def work(self, begins: float, ends: float) -> None:
        """Work from one instant of the loop to the other; finish the last call."""
        await _until(begins)
        self._telephone.plug_in()
        self._idle.set()
        await self._dial_until(LOG_IN, self._is_member, ends)
        while (pause := self._now() + self._habits.break_every.draw(self._random)) < ends:
            await _until(pause)
            await self._take_a_break()
        await _until(ends)
        await self._dial_until(LOG_OFF, lambda: not self._is_member(), ends + PATIENCE_SECONDS)
        await self._idle.wait()
        self._telephone.unplug()

    async def _take_a_break(self) -> None:
        self._on_break = True
        await self._dial(BREAK)
        await asyncio.sleep(self._habits.break_length.draw(self._random))
        await self._dial(READY)
        self._on_break = False

    async def _dial_until(self, code: str, done: Callable[[], bool], until: float) -> None:
        """Dial, and again when the telephone said that it did not work; give up when it is too late."""
        while not done() and self._now() < until:
            await self._idle.wait()
            self._on.truth.dials(self._telephone.interface, self._on.room.exchange.now())
            await self._dial(code)
            if not done():
                await asyncio.sleep(AGAIN_SECONDS)

    async def _dial(self, code: str) -> None:
        await self._idle.wait()
        self._begin()
        self._telephone.show(DeviceState.BUSY)
        channel = self._on.room.exchange.make_channel(
            self._telephone.number, caller=self._telephone.number, context="from-seat"
        )
        run = Run(on=self._on, channel=channel, person=Person(), context="from-seat", extension=code)
        await run.run()
        self._telephone.show(DeviceState.NOT_IN_USE)

    def _ring(self, ringing: Ringing) -> None:
        self._begin()
        fate = self._random.random()
        if fate < self._habits.miss_share:
            return
        refuses = fate < self._habits.miss_share + self._habits.reject_share
        seconds = REFUSES_AFTER if refuses else self._habits.answer.draw(self._random)
        asyncio.get_running_loop().call_later(
            seconds, ringing.end, Rang.REJECTED if refuses else Rang.ANSWERED
        )
        ringing.outcome.add_done_callback(self._rang)

    def _rang(self, outcome: asyncio.Future[Rang]) -> None:
        self._talked = outcome.result() is Rang.ANSWERED

    def _put_down(self) -> None:
        self._busy = False
        self._idle.set()
        if self._talked and not self._on_break:
            # some press a code after the talk: ready at once, or more time
            self._talked = False
            fate = self._random.random()
            if fate < self._habits.extend_share:
                self._press_later(EXTENDS_AFTER, MORE_TIME)
            elif fate < self._habits.extend_share + self._habits.ready_early_share:
                self._press_later(self._habits.wrap_up.draw(self._random), READY)

    def _press_later(self, seconds: float, code: str) -> None:
        asyncio.get_running_loop().call_later(seconds, self._press, code)

    def _press(self, code: str) -> None:
        """Too late when it rings or talks again already, or the person went away."""
        if not self._busy and not self._on_break and self._telephone.is_plugged_in:
            self._pressing = asyncio.create_task(self._dial(code))

    def _begin(self) -> None:
        self._busy = True
        self._idle.clear()

    def _is_member(self) -> bool:
        return any(self._on.room.members_of(self._telephone.interface))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


async def _until(instant: float) -> None:
    await asyncio.sleep(max(0.0, instant - asyncio.get_running_loop().time()))
