"""人: a citizen and a seat at their telephones, for stories that act them step by step."""

import asyncio
from dataclasses import dataclass, field

from simulator.alaw import from_alaw
from simulator.incoming import IncomingCall
from simulator.outgoing import OutgoingCall
from simulator.phone import Phone
from tests.stories.sounds import Sounds, share_heard
from tests.stories.waiting import LOOK_SECONDS, PATIENCE_SECONDS, until_true

CITIZEN_WORDS = "社保卡丢了怎么补办"
SEAT_WORDS = "您好"
SEAT_BYE = "再见"
AUDIBLE = 1000
"""Level of a sample that is speech or a tone, not the noise of a line."""
MOST = 0.6
"""Share of a sound that must be heard of it: a busy machine loses packets."""
HARDLY = 0.2
"""Share of a strange sound that may be heard: one voice says a syllable always in the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCalling:
    """来电人 in a call that Asterisk has answered."""

    number: str
    phone: Phone
    call: OutgoingCall
    sounds: Sounds

    async def hears_something(self) -> None:
        """Wait until the hotline speaks."""
        await until_true(
            lambda: self.call.audio.heard.first_loud_at(AUDIBLE) is not None, "a sound from the hotline"
        )

    async def skips_the_greeting(self) -> None:
        """Press a key as soon as it begins."""
        await self.hears_something()
        await self.call.press("1")

    async def says(self, text: str = CITIZEN_WORDS) -> None:
        """Speak to the end of the sentence."""
        await self.call.say(await self.sounds.of(text))

    async def hangs_up(self) -> None:
        """End the call."""
        await self.call.hang_up()

    async def hears(self, text: str) -> None:
        """Wait until these words of a seat were heard."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await self.has_heard(text):  # noqa: ASYNC110 - what is looked at is a growing tape
                await asyncio.sleep(LOOK_SECONDS)

    async def has_heard(self, text: str) -> bool:
        """Tell whether these words of a seat reached this telephone."""
        return await _has_heard(self.call, await self.sounds.of(text))

    async def has_heard_sound(self, sound: bytes) -> bool:
        """Tell whether this A-law sound reached this telephone."""
        return await _has_heard(self.call, sound)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTalking:
    """座席 in a talk."""

    call: IncomingCall
    sounds: Sounds

    async def says(self, text: str = SEAT_WORDS) -> None:
        """Speak to the end of the sentence."""
        await self.call.say(await self.sounds.of(text))

    async def hangs_up(self) -> None:
        """End the talk."""
        await self.call.hang_up()

    async def has_heard(self, text: str) -> bool:
        """Tell whether these words of a citizen reached this telephone."""
        return await _has_heard(self.call, await self.sounds.of(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAtPhone:
    """座席 with a registered telephone."""

    phone: Phone
    sounds: Sounds
    rung: list[IncomingCall] = field(default_factory=list)

    async def dials(self, code: str) -> None:
        """Dial 签入 *12 or 签出 *13; done as soon as its announcement begins."""
        call = self.phone.dial(code)
        try:
            await call.until_answered(PATIENCE_SECONDS)
            heard = call.audio.heard
            await until_true(lambda: heard.first_loud_at(AUDIBLE) is not None, f"the announcement of {code}")
        finally:
            await call.hang_up()

    async def rings(self, within: float = PATIENCE_SECONDS) -> IncomingCall:
        """Wait until the telephone rings."""
        call = await self.phone.next_call(within)
        self.rung.append(call)
        return call

    async def answers(self, within: float = PATIENCE_SECONDS) -> SeatTalking:
        """Wait until the telephone rings, and pick up."""
        call = await self.rings(within)
        await call.answer()
        return SeatTalking(call=call, sounds=self.sounds)


async def they_talk(citizen: CitizenCalling, seat: SeatTalking, words: str = CITIZEN_WORDS) -> None:
    """A whole conversation; the seat has the last word and hangs up."""
    await seat.says(SEAT_WORDS)
    await citizen.says(words)
    await seat.says(SEAT_BYE)
    await seat.hangs_up()
    await citizen.call.until_over(PATIENCE_SECONDS)


async def assert_they_heard_each_other(
    citizen: CitizenCalling, seat: SeatTalking, words: str = CITIZEN_WORDS
) -> None:
    """Nothing of the conversation was lost on its way between the two telephones."""
    assert await citizen.has_heard(SEAT_WORDS)
    assert await citizen.has_heard(SEAT_BYE)
    assert await seat.has_heard(words)


async def _has_heard(call: OutgoingCall | IncomingCall, sound: bytes) -> bool:
    return await share_heard(sound, from_alaw(call.audio.heard.sound())) >= MOST
