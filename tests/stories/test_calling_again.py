"""优先回原座席: whoever calls again rings the seat that knows the matter, and waits for it only a moment.

A colleague who has been idle for longer stays out of it while that seat is free. A seat that does not pick
up keeps the citizen for eight seconds, one that talks to somebody else not at all: a colleague is rung.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from core.events import EndReason
from queue_manager.model import SegmentEnd
from simulator.incoming import IncomingCall
from tests.stories.hotline import SEATS, Hotline, numbers
from tests.stories.people import CitizenCalling, SeatAtPhone, SeatTalking, they_talk
from tests.stories.records import has_ended

ONE_SEAT_ALONE_SECONDS = 8.0
"""So long the seat that knows the matter is tried alone."""
TO_RING_SECONDS = 2.5
"""From one queue to a telephone of the next, at the most: app_queue looks again every second."""
Stayed = tuple[str, str | None, SegmentEnd | None]
"""In which queue, with which seat, and how it ended."""
OWN_QUEUE = f"seat-{SEATS[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A citizen has talked to one seat; a colleague has logged in and is idle for longer."""

    number: str
    knows: SeatAtPhone
    colleague: SeatAtPhone


async def test_the_same_number_again_rings_the_same_seat(hotline: Hotline) -> None:
    async with a_citizen_was_helped(hotline) as scene, hotline.citizen(scene.number) as again:
        await again.skips_the_greeting()
        await they_talk(again, await scene.knows.answers(ONE_SEAT_ALONE_SECONDS))
    assert not scene.colleague.rung
    assert await stayed(hotline, again) == [(OWN_QUEUE, SEATS[1], SegmentEnd.TALK_OVER)]


async def test_the_seat_does_not_pick_up_and_the_call_goes_on(hotline: Hotline) -> None:
    async with a_citizen_was_helped(hotline) as scene, hotline.citizen(scene.number) as again:
        await again.skips_the_greeting()
        in_vain = await scene.knows.rings()
        elsewhere = await scene.colleague.rings()
        await assert_in_time(in_vain, elsewhere)
        await they_talk(again, await picked_up(hotline, elsewhere))
    assert await stayed(hotline, again) == [
        (OWN_QUEUE, None, SegmentEnd.OVERFLOW_TIMEOUT),
        ("intake", SEATS[0], SegmentEnd.TALK_OVER),
    ]


async def test_the_seat_talks_to_somebody_else_and_the_call_goes_on(hotline: Hotline) -> None:
    async with a_citizen_was_helped(hotline) as scene, hotline.citizen(scene.number) as first:
        await first.skips_the_greeting()
        busy = await scene.knows.answers()
        async with hotline.citizen(scene.number) as again:
            await again.skips_the_greeting()
            await they_talk(again, await scene.colleague.answers())
        await they_talk(first, busy)
    row = await hotline.records.call_from(scene.number, has_ended)
    assert (row.seat, row.end_reason) == (SEATS[0], EndReason.ANSWERED)
    assert row.waited_seconds < TO_RING_SECONDS


async def assert_in_time(in_vain: IncomingCall, elsewhere: IncomingCall) -> None:
    """One telephone at a time, and the first no longer than its moment."""
    began, ended, next_rang = in_vain.times.ringing_at, in_vain.times.ended_at, elsewhere.times.ringing_at
    assert began is not None
    assert ended is not None
    assert next_rang is not None
    assert ended <= next_rang
    assert ended - began <= ONE_SEAT_ALONE_SECONDS
    assert next_rang - began <= ONE_SEAT_ALONE_SECONDS + TO_RING_SECONDS


async def picked_up(hotline: Hotline, ringing: IncomingCall) -> SeatTalking:
    await ringing.answer()
    return SeatTalking(call=ringing, sounds=hotline.sounds)


async def stayed(hotline: Hotline, citizen: CitizenCalling) -> list[Stayed]:
    """Give the stays of the last call from this number, which was answered."""
    row = await hotline.records.call_from(citizen.number, has_ended)
    assert row.end_reason is EndReason.ANSWERED
    return [(stay.queue, stay.seat, stay.end) for stay in await hotline.records.stays_of(row.call_id)]


@asynccontextmanager
async def a_citizen_was_helped(hotline: Hotline) -> AsyncIterator[Scene]:
    """By the second seat, which is ready again; the first has logged in since and had no call today."""
    number = next(numbers)
    async with hotline.seat(SEATS[1]) as knows:
        async with hotline.citizen(number) as citizen:
            await citizen.skips_the_greeting()
            await they_talk(citizen, await knows.answers())
        await hotline.records.call_from(number, has_ended)
        async with hotline.seat(SEATS[0]) as colleague:
            await knows.dials("*15")
            yield Scene(number=number, knows=knows, colleague=colleague)
