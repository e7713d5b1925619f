"""Asterisk 崩溃: Asterisk is killed in the middle of a talk, and the hotline is back in seconds.

The talk that was cut has a row that says it was answered, a recording of what was said until then, its words
and exactly one work order; whoever waited has a row that says that we ended it, and none. Whoever was logged
in still is: the next citizen reaches the same seat, which did nothing.
"""

import signal

from app.parts import ask_asterisk
from core.clock import SystemClock
from core.events import EndReason, Party, TicketDrafted
from queue_manager.model import Blind
from queue_manager.store import gaps_between
from tests.stories.hotline import Hotline
from tests.stories.people import CITIZEN_WORDS, assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once, has_ended, is_answered, is_queued
from tests.stories.sounds import share_heard, sides_of
from tests.stories.waiting import until_true

SEAT_WITHIN_SECONDS = 15.0
"""GB/T 33358: a person answers within 15 seconds, also the first citizen after a crash."""


async def test_asterisk_is_killed_in_the_middle_of_a_talk(hotline: Hotline) -> None:
    async with hotline.seat() as seat:
        async with hotline.citizen() as cut_off, hotline.citizen() as waiting:
            await cut_off.skips_the_greeting()
            talk = await seat.answers()
            await waiting.skips_the_greeting()
            await cut_off.says()
            await talk.says()
            await hotline.records.call_from(cut_off.number, is_answered)
            await hotline.records.call_from(waiting.number, is_queued)
            hotline.send("asterisk", signal.SIGKILL)
            for call in (cut_off.call, waiting.call, talk.call):
                call.give_up()
        await until_true(lambda: serves_again(hotline), "Asterisk to come back")
        async with hotline.citizen() as citizen:
            await citizen.skips_the_greeting()
            next_talk = await seat.answers(within=SEAT_WITHIN_SECONDS)
            await they_talk(citizen, next_talk)
    await assert_they_heard_each_other(citizen, next_talk)
    assert_told_once(await hotline.records.complete_from(citizen.number))
    await assert_what_was_said_is_kept(hotline, cut_off.number)
    await assert_ended_by_us(hotline, waiting.number)
    await assert_the_gap_is_declared(hotline, cut_off.number)


def serves_again(hotline: Hotline) -> bool:
    return "fully booted" in ask_asterisk(hotline.instance, "core waitfullybooted")


async def assert_what_was_said_is_kept(hotline: Hotline, number: str) -> None:
    """The cut call: a row with its end, a recording, its words, a work order."""
    record = await hotline.records.complete_from(number)
    assert len(hotline.records.calls_from(number)) == 1
    assert record.row.end_reason is EndReason.ANSWERED
    assert record.row.ended_by is Party.SYSTEM
    assert record.ticket is not None
    assert record.the(TicketDrafted).ticket_no == record.ticket.ticket_no
    assert "社保卡" in record.said
    assert record.transcript.outcome == "done"
    left, _ = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) > 0


async def assert_ended_by_us(hotline: Hotline, number: str) -> None:
    """Who waited when Asterisk died: one row, no work order."""
    row = await hotline.records.call_from(number, has_ended)
    assert len(hotline.records.calls_from(number)) == 1
    assert row.end_reason is EndReason.SYSTEM_FAILURE
    assert not [fact for fact in hotline.records.facts_of(row.call_id) if isinstance(fact, TicketDrafted)]


async def assert_the_gap_is_declared(hotline: Hotline, number: str) -> None:
    """The time in which nobody heard Asterisk is on record, once, and called by its name."""
    cut_off = await hotline.records.call_from(number, has_ended)
    assert cut_off.answered_at is not None
    since, until = cut_off.answered_at, SystemClock().now()
    gaps = await hotline.records.look(
        lambda connection: gaps_between(connection, since, until) or None, "the gap of the crash"
    )
    assert [(gap.why, gap.closed) for gap in gaps] == [(Blind.ASTERISK_RESTARTED, 2)]
