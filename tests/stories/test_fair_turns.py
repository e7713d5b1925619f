"""公平: whose turn it is, and which of several idle seats is rung, when two groups share their seats.

Asterisk decides it, by the very rules that it is told for the groups. The two groups here are the shipped one
twice, under other names; the engine, which knows neither, is away meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

import pytest

from app.parts import ask_asterisk, engine_part
from core.ids import SeatNo
from simulator.incoming import IncomingCall
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import SeatAtPhone
from tests.stories.told_otherwise import section, told, told_otherwise
from tests.stories.waiting import LOOK_SECONDS, PATIENCE_SECONDS

GROUPS = {"95001": "first-group", "95002": "second-group"}
FIRST, SECOND = GROUPS
WRAP_UP_SECONDS = 3.2
"""Longer than Asterisk spares a seat after a call, so that its rules choose among seats that are all idle."""
APART_SECONDS = 1.2
"""Asterisk knows since when somebody waits to the second."""
LATER = 5


@pytest.fixture(autouse=True)
def two_groups(hotline: Hotline) -> Iterator[None]:
    """Let two more numbers lead to two more groups."""
    rules = section(told(hotline, "queues"), "intake")
    queues = told(hotline, "queues") + "".join(f"\n[{group}]\n{rules}" for group in GROUPS.values())
    ways = "".join(
        f"exten => {number},1,Answer()\n same => n,Queue({group},ic)\n same => n,Hangup()\n"
        for number, group in GROUPS.items()
    )
    dialplan = told(hotline, "extensions").replace("[from-trunk]\n", f"[from-trunk]\n{ways}", 1)
    with told_otherwise(hotline, queues=queues, extensions=dialplan):
        yield


async def test_the_seat_that_is_idle_for_longest_is_rung_whatever_group_calls(hotline: Hotline) -> None:
    async with seats_at_their_phones(hotline) as seats:
        with serving(hotline, dict.fromkeys(seats, 0)):
            rung = [await who_is_rung(hotline, dialled, seats) for dialled in (FIRST, SECOND) * 2]
    assert rung[:2] in ([SEATS[0], SEATS[1]], [SEATS[1], SEATS[0]])
    assert rung[2:] == rung[:2]


async def test_a_seat_for_which_a_group_comes_second_is_rung_when_the_others_are_busy(
    hotline: Hotline,
) -> None:
    async with seats_at_their_phones(hotline) as seats:
        with serving(hotline, {SEATS[0]: 0, SEATS[1]: LATER}):
            rung = [await who_is_rung(hotline, FIRST, seats) for _ in range(2)]
            async with hotline.citizen(dialled=FIRST):
                await seats[SEATS[0]].answers()
                rung.append(await who_is_rung(hotline, SECOND, seats))
    assert rung == [SEATS[0], SEATS[0], SEATS[1]]


async def test_whoever_waits_for_longest_is_next_whatever_group_he_waits_for(hotline: Hotline) -> None:
    async with seats_at_their_phones(hotline) as seats, AsyncExitStack() as waiting:
        came = []
        # the seat begins to serve the first group first, a moment earlier: there the longest waits
        for dialled in (FIRST, SECOND, SECOND, FIRST, SECOND):
            came.append((await waiting.enter_async_context(hotline.citizen(dialled=dialled))).number)
            await asyncio.sleep(APART_SECONDS)
        with serving(hotline, {SEATS[0]: 0}):
            served = [(await talks_briefly(await seats[SEATS[0]].rings())).caller for _ in came]
    assert served == came


async def who_is_rung(hotline: Hotline, dialled: str, seats: dict[SeatNo, SeatAtPhone]) -> SeatNo:
    """Call a group, talk to whoever picks up, and let everybody be idle again."""
    async with hotline.citizen(dialled=dialled):
        seat, call = await first_to_ring(seats)
        await talks_briefly(call)
    await asyncio.sleep(WRAP_UP_SECONDS)
    return seat


async def first_to_ring(seats: dict[SeatNo, SeatAtPhone]) -> tuple[SeatNo, IncomingCall]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for number, seat in seats.items():
                try:
                    return number, await seat.rings(LOOK_SECONDS)
                except TimeoutError:
                    continue


async def talks_briefly(call: IncomingCall) -> IncomingCall:
    await call.answer()
    await asyncio.sleep(APART_SECONDS)
    await call.hang_up()
    return call


@asynccontextmanager
async def seats_at_their_phones(hotline: Hotline) -> AsyncIterator[dict[SeatNo, SeatAtPhone]]:
    """Two telephones, and no engine that would put right who serves what."""
    async with (
        hotline.without(engine_part(hotline.instance)),
        hotline.telephone_of(SEATS[0]) as one,
        hotline.telephone_of(SEATS[1]) as other,
    ):
        yield {SEATS[0]: one, SEATS[1]: other}


@contextmanager
def serving(hotline: Hotline, penalties: dict[SeatNo, int]) -> Iterator[None]:
    """Let seats serve both groups; a group comes the later for a seat the higher its penalty is."""
    for group in GROUPS.values():
        for seat, penalty in penalties.items():
            ask_asterisk(
                hotline.instance, f"queue add member PJSIP/{seat} to {group} penalty {penalty} as {seat}"
            )
    try:
        yield
    finally:
        for group in GROUPS.values():
            for seat in penalties:
                ask_asterisk(hotline.instance, f"queue remove member PJSIP/{seat} from {group}")
