"""机器市民: dials the hotline, waits until a seat talks to it, says its lines, listens, hangs up."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from core.errors import HotlineError
from simulator.call import EndedBy
from simulator.caller_id import CallerId
from simulator.outgoing import OutgoingCall
from simulator.phone import Phone
from simulator.turns import Talks, Turns

_BREATH_SECONDS = 0.4


class NobodyTalked(HotlineError):
    """市民等到最后也没有座席说话,请检查座席是否签入、技能组是否有人。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenPlan:
    """What the citizen will do; ``lines`` are A-law sounds, ``caller`` is shown instead of the bare number.

    ``number`` must be what the seat will see, for by it the two find each other.
    """

    number: str
    lines: tuple[bytes, ...]
    dialled: str = "12345"
    caller: CallerId | None = None
    patience_seconds: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenReport:
    """How it went: instants of the event loop's clock; ``heard`` is the WAV of all that the citizen heard."""

    number: str
    invited_at: float
    answered_at: float
    first_sound_at: float | None
    seat_spoke_at: float
    ended_at: float
    ended_by: EndedBy
    heard: Path


class Citizen:
    """One citizen at one phone."""

    def __init__(self, phone: Phone, plan: CitizenPlan, talks: Talks, folder: Path) -> None:
        """Know the phone, the plan, the talks shared with the seats, and where to keep what is heard."""
        self._phone = phone
        self._plan = plan
        self._talks = talks
        self._heard = folder / f"heard-by-{plan.number}.wav"

    async def call(self) -> CitizenReport:
        """Make the call to its end; raises CallRefused, NobodyTalked, TimeoutError (not even answered)."""
        plan = self._plan
        shown = plan.caller or CallerId(number=plan.number)
        call = self._phone.dial(plan.dialled, shown)
        try:
            await call.until_answered(plan.patience_seconds)
            return await self._talk(call, self._talks.of(plan.number))
        finally:
            self._talks.forget(plan.number)
            await call.hang_up()
            call.audio.heard.save(self._heard)

    async def _talk(self, call: OutgoingCall, turns: Turns) -> CitizenReport:
        loop = asyncio.get_running_loop()
        if not await call.lasts_until(turns.seat_has_greeted, self._plan.patience_seconds):
            raise NobodyTalked(number=self._plan.number)
        seat_spoke_at = loop.time()
        for line in self._plan.lines:
            await call.say(line)
            await asyncio.sleep(_BREATH_SECONDS)
        turns.citizen_has_spoken.set()
        if await call.lasts(self._plan.patience_seconds):
            await call.hang_up()
        return self._report(call, seat_spoke_at)

    def _report(self, call: OutgoingCall, seat_spoke_at: float) -> CitizenReport:
        times = call.times
        return CitizenReport(
            number=self._plan.number,
            invited_at=times.invited_at,
            answered_at=times.answered_at or times.invited_at,
            first_sound_at=call.audio.heard.first_at,
            seat_spoke_at=seat_spoke_at,
            ended_at=times.ended_at or seat_spoke_at,
            ended_by=call.ended_by or EndedBy.US,
            heard=self._heard,
        )
