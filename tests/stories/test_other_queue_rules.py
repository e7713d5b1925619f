"""别的排队规矩: what is written down where a queue may refuse citizens, send them away, let them go by a key.

The shipped queues do nothing of the kind, and the shipped dialplan takes whoever comes back into a queue.
Here Asterisk follows other rules for a while, so that the words for it are its own; the citizens hang up
before they are back in a queue, and their calls end in what the queue did to them.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from core.events import EndReason
from queue_manager import queue_log
from queue_manager.model import CallRow, SegmentEnd
from queue_manager.sightings import Seen
from tests.stories.ami_trace import Trace, acted, traced
from tests.stories.hotline import Hotline
from tests.stories.people import CitizenCalling
from tests.stories.records import has_ended, is_queued
from tests.stories.told_otherwise import told, told_otherwise, with_lines

KEY = "5"
KEYS = f"""
[keys-in-the-queue]
exten => {KEY},1,UserEvent(QueueLeft,CallID: ${{CALL_ID}},Queue: ${{FLOW_NEXT}},Status: KEY)
 same => n,Hangup()
"""
"""Asterisk has no QUEUESTATUS for one who left by a key; where the key leads, the dialplan says it."""
A_MOMENT = 2
WITHOUT_LIMIT, WITH_LIMIT = "Queue(${FLOW_NEXT},ic)", f"Queue(${{FLOW_NEXT}},ic,,,{A_MOMENT})"
BEFORE = timedelta(minutes=1)


async def test_a_full_queue_refuses_a_citizen(hotline: Hotline) -> None:
    with told_otherwise(hotline, queues=with_lines(told(hotline, "queues"), "intake", maxlen="1")):
        async with hotline.citizen() as before:
            await before.skips_the_greeting()
            await hotline.records.call_from(before.number, is_queued)
            status, row = await left_by(hotline)
    assert status == "FULL"
    await assert_ended(hotline, row, EndReason.QUEUE_FULL, in_the_log=[])
    assert row.queued_at is None


async def test_a_queue_without_seats_refuses_a_citizen(hotline: Hotline) -> None:
    with told_otherwise(hotline, queues=with_lines(told(hotline, "queues"), "intake", joinempty="no")):
        status, row = await left_by(hotline)
    assert status == "JOINEMPTY"
    await assert_ended(hotline, row, EndReason.NO_SEAT, in_the_log=[])
    assert row.queued_at is None


async def test_a_queue_without_seats_sends_a_citizen_away(hotline: Hotline) -> None:
    with told_otherwise(hotline, queues=with_lines(told(hotline, "queues"), "intake", leavewhenempty="yes")):
        status, row = await left_by(hotline)
    assert status == "LEAVEEMPTY"
    await assert_ended(hotline, row, EndReason.NO_SEAT, in_the_log=["LEAVEEMPTY"])


async def test_a_citizen_leaves_the_queue_by_a_key(hotline: Hotline) -> None:
    async def presses(citizen: CitizenCalling, _told: Trace) -> None:
        await citizen.call.press(KEY)

    queues = with_lines(told(hotline, "queues"), "intake", context="keys-in-the-queue")
    with told_otherwise(hotline, queues=queues, extensions=told(hotline, "extensions") + KEYS):
        status, row = await left_by(hotline, presses)
    assert status == "KEY"
    await assert_ended(hotline, row, EndReason.LEFT_BY_KEY, in_the_log=["KEY"])


async def test_a_citizen_has_waited_for_as_long_as_one_may(hotline: Hotline) -> None:
    dialplan = told(hotline, "extensions")
    assert WITHOUT_LIMIT in dialplan
    with told_otherwise(hotline, extensions=dialplan.replace(WITHOUT_LIMIT, WITH_LIMIT)):
        status, row = await left_by(hotline)
    assert status == "TIMEOUT"
    await assert_ended(hotline, row, EndReason.OVERFLOW_TIMEOUT, in_the_log=["TIMEOUT"])
    assert row.waited_seconds >= A_MOMENT - 1


async def test_another_program_takes_a_citizen_out_of_the_queue(hotline: Hotline) -> None:
    async def takes_out(_citizen: CitizenCalling, told: Trace) -> None:
        await takes_out_of_the_queue(hotline, told)

    status, row = await left_by(hotline, takes_out)
    assert status == "WITHDRAW"
    await assert_ended(hotline, row, EndReason.WITHDRAWN, in_the_log=["WITHDRAW"])


async def test_whoever_is_taken_out_of_a_shipped_queue_is_in_it_again_soon(hotline: Hotline) -> None:
    async with traced(hotline.instance, "withdrawn") as told, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        await takes_out_of_the_queue(hotline, told)
        await told.until("QueueCallerJoin", times=2)
        await citizen.hangs_up()
    row = await hotline.records.call_from(citizen.number, has_ended)
    assert row.end_reason is EndReason.HUNG_UP_WAITING
    kept = await hotline.records.stays_of(row.call_id)
    assert [stay.end for stay in kept] == [SegmentEnd.WITHDRAWN, SegmentEnd.HUNG_UP_WAITING]


async def takes_out_of_the_queue(hotline: Hotline, told: Trace) -> None:
    joined = await told.until("QueueCallerJoin")
    await acted(hotline.instance, "QueueWithdrawCaller", Queue="intake", Caller=joined["channel"])


async def left_by(
    hotline: Hotline, does: Callable[[CitizenCalling, Trace], Awaitable[None]] | None = None
) -> tuple[str, CallRow]:
    """Call, do something in the queue, hang up as soon as one is out of it; gives Asterisk's word for it."""
    async with traced(hotline.instance, "other_queue_rules") as told, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        if does is not None:
            await hotline.records.call_from(citizen.number, is_queued)
            await does(citizen, told)
        left = await told.until("QueueLeft")
        await citizen.hangs_up()
    return left["status"], await hotline.records.call_from(citizen.number, has_ended)


async def assert_ended(hotline: Hotline, row: CallRow, reason: EndReason, in_the_log: list[str]) -> None:
    """The call and its only stay ended for this reason; what Asterisk wrote down for later says so too."""
    assert row.end_reason is reason
    assert row.answered_at is None
    assert [stay.end for stay in await hotline.records.stays_of(row.call_id)] == [SegmentEnd(reason.value)]
    assert row.arrived_at is not None
    logged = queue_log.read(hotline.instance.asterisk / "log", row.arrived_at - BEFORE)
    read_back = [seen for seen in logged if seen.call_id == row.call_id]
    assert [seen.detail for seen in read_back if seen.kind is Seen.LEFT_QUEUE] == in_the_log
