"""同时来电: citizens who call at the same time are not mixed up, and are served as they came.

Two citizens dial in the same instant and talk with two seats, each about something else. Three citizens
wait for one seat, which serves one at a time, in the order in which they came.
"""

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise

from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import HARDLY, MOST, CitizenCalling, SeatAtPhone, they_talk
from tests.stories.records import Record, assert_told_once, has_ended, is_queued
from tests.stories.sounds import share_heard, sides_of

GAS_WORDS = "我家楼道里闻到煤气味"
CARD_WORDS = "社保卡丢了怎么补办"


async def test_two_citizens_call_in_the_same_instant(hotline: Hotline) -> None:
    await hotline.sounds.prepare(GAS_WORDS, CARD_WORDS)
    async with AsyncExitStack() as stack, hotline.seat(SEATS[0]) as one, hotline.seat(SEATS[1]) as other:
        gas, card = await asyncio.gather(
            stack.enter_async_context(hotline.citizen()), stack.enter_async_context(hotline.citizen())
        )
        await asyncio.gather(gas.skips_the_greeting(), card.skips_the_greeting())
        topics = {gas.number: (gas, GAS_WORDS), card.number: (card, CARD_WORDS)}
        await asyncio.gather(talk_about(one, topics), talk_about(other, topics))
    records = [await hotline.records.complete_from(citizen.number) for citizen in (gas, card)]
    assert {record.row.seat for record in records} == {SEATS[0], SEATS[1]}
    await assert_only_this_was_said(hotline, records[0], GAS_WORDS, "煤气", but_not=CARD_WORDS)
    await assert_only_this_was_said(hotline, records[1], CARD_WORDS, "社保卡", but_not=GAS_WORDS)


async def test_three_citizens_wait_for_one_seat_and_are_served_as_they_came(hotline: Hotline) -> None:
    async with AsyncExitStack() as stack:
        citizens = []
        for _ in range(3):
            citizen = await stack.enter_async_context(hotline.citizen())
            await citizen.skips_the_greeting()
            await hotline.records.call_from(citizen.number, is_queued)
            citizens.append(citizen)
        seat = await stack.enter_async_context(hotline.seat())
        for citizen in citizens:
            talk = await seat.answers()
            assert talk.call.caller == citizen.number
            await they_talk(citizen, talk)
    for before, ringing in pairwise(seat.rung):
        assert before.times.ended_at is not None
        assert before.times.ended_at <= ringing.times.invited_at
    rows = [await hotline.records.call_from(citizen.number, has_ended) for citizen in citizens]
    assert [row.position for row in rows] == [1, 2, 3]
    waits = [row.waited_seconds for row in rows]
    assert waits == sorted(waits)


async def talk_about(seat: SeatAtPhone, topics: dict[str, tuple[CitizenCalling, str]]) -> None:
    """Whoever rings at this seat says what he called for."""
    talk = await seat.answers()
    citizen, words = topics[talk.call.caller]
    await they_talk(citizen, talk, words)
    assert await talk.has_heard(words)


async def assert_only_this_was_said(
    hotline: Hotline, record: Record, words: str, heard: str, *, but_not: str
) -> None:
    """Recording and transcript of this call hold its own citizen's words and nobody else's."""
    assert_told_once(record)
    assert heard in record.said
    left, right = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(words), left) >= MOST
    assert await share_heard(await hotline.sounds.of(but_not), left) <= HARDLY
    assert await share_heard(await hotline.sounds.of(but_not), right) <= HARDLY
    assert record.ticket is not None
    assert heard in record.ticket.content
