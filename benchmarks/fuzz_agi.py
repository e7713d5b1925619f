"""乱码来电: broken Asterisks call the real FastAGI server, and are asked by the real flows."""

import asyncio
import contextlib
from pathlib import Path
from random import Random

from agi_scripts.fastagi import AgiDoor, AgiServer, Flows
from benchmarks.fuzz_logs import look_at
from benchmarks.fuzz_stage import Unexpected, live
from benchmarks.mutations import pieces, spoiled
from core.events import CallArrived, Fact
from ivr.call import Call, Next, SeatCall
from ivr.flows.citizen_call import citizen_call
from ivr.flows.seat_desk import seat_desk
from queue_manager.sightings import Mouth, sighting_of
from tests.fakes.asterisk_channel import opening_of
from tests.fakes.call import StrangersOnly
from tests.fakes.clock import StandingClock
from tests.fakes.seat_desk import FakeSeatDesk

HOST, PORT = "127.0.0.1", 4573
OPENINGS = tuple(
    opening.encode()
    for opening in (
        opening_of(),
        opening_of(arguments=("8001", "*12", "no")),
        opening_of(arguments=("8001", "*14", "no")),
        opening_of(arguments=("8001", "*208002", "yes")),
    )
)
ANSWERS = (
    b"200 result=0\n",
    b"200 result=0 endpos=42400\n",
    b"200 result=49 endpos=800\n",
    b"200 result=-1 endpos=0\nHANGUP\n",
    b"200 result=3 (timeout)\n",
    b"100 result=0 Trying...\n200 result=1\n",
    b"510 Invalid or unknown command\n",
    b"511 Command Not Permitted on a dead channel or intercept routine\n",
    b"520-Invalid command syntax.  Proper usage follows:\nUsage: SET VARIABLE\n520 End of proper usage.\n",
    b"HANGUP\n",
)
DONE = ANSWERS[0]
MOST_COMMANDS = 40
WHOLE_SHARE = 0.5
"""Of what is said that is left as it is, so that what comes after it is reached too."""
LONGEST_CALL_SECONDS = 300.0
"""Virtual; what the longest prompts and all patience together may cost."""


def serve_calls(chance: Random, count: int) -> None:
    """Let so many broken Asterisks call; afterwards a healthy one must be served."""
    live(_serve_calls(chance, count))


async def _serve_calls(chance: Random, count: int) -> None:
    told: list[Fact] = []
    desk = FakeSeatDesk()

    async def citizen(call: Call) -> Next:
        return await citizen_call(call, StrangersOnly())

    async def seat(call: SeatCall) -> Next:
        return await seat_desk(call, desk)

    door = AgiDoor(port=PORT, node="hotline", prompts=Path("/prompts"))
    server = AgiServer(door, Flows(citizen=citizen, seat=seat), told.append, StandingClock())
    await server.start()
    for _ in range(count):
        await _one_call(chance)
    look_at(sighting_of(fact, Mouth.FLOW) for fact in told if isinstance(fact, CallArrived))
    told.clear()
    await _one_call(None)
    if len(told) != 2:
        raise Unexpected(f"a healthy call is served so: {told}")
    await server.stop()


async def _one_call(chance: Random | None) -> None:
    """Say something, answer every command somehow, until the server hangs up; whole without ``chance``."""
    reader, writer = await asyncio.open_connection(HOST, PORT)
    # the server may hang up in the middle of what we say
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(LONGEST_CALL_SECONDS):
            await _converse(reader, writer, chance)
    writer.close()


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, chance: Random | None
) -> None:
    await _say(writer, chance, chance.choice(OPENINGS) if chance else OPENINGS[0])
    for _ in range(MOST_COMMANDS):
        if not await reader.readline():
            return
        await _say(writer, chance, chance.choice(ANSWERS) if chance else DONE)


async def _say(writer: asyncio.StreamWriter, chance: Random | None, whole: bytes) -> None:
    if chance is None or chance.random() < WHOLE_SHARE:
        writer.write(whole)
        return
    for piece in pieces(chance, spoiled(chance, whole)):
        writer.write(piece)
        await asyncio.sleep(0)
