"""探测电话: our own telephones call under the load and time what a citizen notices."""

import asyncio
from dataclasses import dataclass
from random import Random

from benchmarks.load import Load
from simulator.caller_id import CallerId
from simulator.outgoing import CallRefused, OutgoingCall
from simulator.phone import Phone
from simulator.signalling import Line

_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """Milliseconds from INVITE to 200 and to the greeting's first packet; ``lost`` calls heard nothing."""

    answers_ms: tuple[float, ...]
    greetings_ms: tuple[float, ...]
    lost: int


async def probe_calls(load: Load, random: Random) -> ProbeResult:
    """Make these calls ourselves, at an even pace, each to its end."""
    line = Line(number="probe", server=load.sip, ip=load.caller_ip)
    async with Phone(line, random) as phone:
        calls = [
            asyncio.create_task(_one_call(phone, load.number, order / load.calls_per_second))
            for order in range(max(1, round(load.seconds * load.calls_per_second)))
        ]
        results = await asyncio.gather(*calls)
    heard = [result for result in results if result is not None]
    return ProbeResult(
        answers_ms=tuple(answer for answer, _ in heard),
        greetings_ms=tuple(greeting for _, greeting in heard),
        lost=len(results) - len(heard),
    )


async def _one_call(phone: Phone, number: str, pause: float) -> tuple[float, float] | None:
    await asyncio.sleep(pause)
    call = phone.dial(number, CallerId(number="13800009999"))
    try:
        await call.until_answered(_PATIENCE_SECONDS)
        await call.until_over(_PATIENCE_SECONDS)
    except (CallRefused, TimeoutError):
        await call.hang_up()
    return _times(call)


def _times(call: OutgoingCall) -> tuple[float, float] | None:
    times, greeted_at = call.times, call.audio.heard.first_at
    if times.answered_at is None or greeted_at is None:
        return None
    return (times.answered_at - times.invited_at) * 1000, (greeted_at - times.invited_at) * 1000
