"""功能码: how stories dial and press codes, and listen to what is answered."""

import asyncio
from collections.abc import Iterable

from ivr.prompt_book import Prompt
from simulator.alaw import RATE, from_alaw
from simulator.call import Call
from simulator.outgoing import OutgoingCall
from tests.stories.hotline import Hotline
from tests.stories.people import SeatAtPhone, SeatTalking
from tests.stories.sounds import share_heard
from tests.stories.waiting import PATIENCE_SECONDS, until_true

CLEARLY = 0.8
"""Share of an announcement that must be heard; some of them share two thirds of their words."""
TO_LOOK_UP_SECONDS = 0.5
"""From the end of an announcement until the talk goes on and keys are taken again, at the most."""


async def answer_to(seat: SeatAtPhone, code: str) -> OutgoingCall:
    """Dial a code and listen until the hotline hangs up."""
    call = seat.phone.dial(code)
    await call.until_answered(PATIENCE_SECONDS)
    await call.until_over(PATIENCE_SECONDS)
    return call


async def presses(hotline: Hotline, talk: SeatTalking, keys: str, answer: Prompt) -> None:
    """Press a code in the talk and hear its whole answer: Asterisk takes no keys while it speaks."""
    before = len(talk.call.audio.heard.packets)
    await talk.call.press(keys)
    sound = hotline.prompt(answer)
    packets = len(sound) // 160
    await until_true(
        lambda: len(talk.call.audio.heard.packets) >= before + packets, f"as much sound as {answer} has"
    )
    for _ in range(40):
        heard = b"".join(packet.sound for packet in talk.call.audio.heard.packets[before:])
        if await share_heard(sound, from_alaw(heard)) >= CLEARLY:
            await asyncio.sleep((1 - CLEARLY) * len(sound) / RATE + TO_LOOK_UP_SECONDS)
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{keys} in the talk was not answered by {answer}")


async def assert_answered(hotline: Hotline, seat: SeatAtPhone, said: Iterable[tuple[str, Prompt]]) -> None:
    """Dial one code after the other and hear the whole answer to each."""
    for code, prompt in said:
        await assert_heard(hotline, await answer_to(seat, code), prompt, f"{code} was not answered by")


async def assert_heard(hotline: Hotline, call: Call, prompt: Prompt, what: str) -> None:
    heard = from_alaw(call.audio.heard.sound())
    share = await share_heard(hotline.prompt(prompt), heard)
    if share < CLEARLY:
        shares = {other: await share_heard(hotline.prompt(other), heard) for other in Prompt}
        likeliest = max(shares, key=shares.__getitem__)
        raise AssertionError(f"{what} {prompt} ({share:.0%}) but by {likeliest} ({shares[likeliest]:.0%})")
