"""机器座席: registers, logs in, answers citizens one after the other, greets, listens, says good-bye."""

import asyncio
from dataclasses import dataclass

from core.errors import HotlineError
from simulator.call import EndedBy
from simulator.incoming import IncomingCall
from simulator.phone import Phone
from simulator.tape import Tape
from simulator.turns import Talks

_ANNOUNCEMENT_SECONDS = 15.0


class CodeIgnored(HotlineError):
    """拨了座席功能码,系统没有回应,请检查拨号方案。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatScript:
    """What the seat does; sounds are A-law. With ``hangs_up`` off it leaves that to the citizen.

    ``ready_code`` is dialled after every talk, for a seat that needs no time to wrap up.
    """

    greeting: bytes
    closing: bytes
    answers_after_seconds: float = 1.0
    listens_seconds: float = 60.0
    hangs_up: bool = True
    ready_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTalk:
    """One talk as the seat had it: instants of the event loop's clock; ``answered_at`` None if missed."""

    caller: str
    rang_at: float
    answered_at: float | None
    ended_at: float
    ended_by: EndedBy
    heard: Tape


class SeatRobot:
    """One seat at one phone; ``talks_held`` grows with every call."""

    def __init__(self, phone: Phone, script: SeatScript, talks: Talks) -> None:
        """Know the phone, the script and the talks shared with the citizens."""
        self._phone = phone
        self._script = script
        self._talks = talks
        self.talks_held: list[SeatTalk] = []

    async def log_in(self, code: str = "*12") -> None:
        """Register and dial the log-in code; raises RegistrationRefused, CallRefused, CodeIgnored."""
        await self._phone.register()
        await self.dial_code(code)

    async def dial_code(self, code: str) -> None:
        """Dial a feature code (签入, 签出, 示忙 …) and wait until its announcement is over."""
        call = self._phone.dial(code)
        try:
            await call.until_answered(_ANNOUNCEMENT_SECONDS)
            await call.until_over(_ANNOUNCEMENT_SECONDS)
        except TimeoutError as silent:
            raise CodeIgnored(code=code) from silent
        finally:
            await call.hang_up()

    async def serve(self, calls: int | None = None) -> None:
        """Take that many calls, or calls until cancelled; a caller who gives up counts as well."""
        while calls is None or len(self.talks_held) < calls:
            call = await self._phone.next_call()
            await self._talk(call)
            self.talks_held.append(self._told(call))
            if self._script.ready_code:
                await self.dial_code(self._script.ready_code)

    async def _talk(self, call: IncomingCall) -> None:
        script, turns = self._script, self._talks.of(call.caller)
        if await call.lasts(script.answers_after_seconds):
            await call.answer()
            await call.say(script.greeting)
        if call.talking:
            turns.seat_has_greeted.set()
            await call.lasts_until(turns.citizen_has_spoken, script.listens_seconds)
            await call.say(script.closing)
        if script.hangs_up:
            await call.hang_up()
        await call.until_over()

    def _told(self, call: IncomingCall) -> SeatTalk:
        times = call.times
        return SeatTalk(
            caller=call.caller,
            rang_at=times.invited_at,
            answered_at=times.answered_at,
            ended_at=times.ended_at or asyncio.get_running_loop().time(),
            ended_by=call.ended_by or EndedBy.US,
            heard=call.audio.heard,
        )
