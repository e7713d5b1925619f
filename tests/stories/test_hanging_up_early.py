"""提前挂机: citizens who do not wait for a seat.

One hangs up while he is being greeted, one while he waits in the queue, one while a seat's telephone
rings already. Each is on record, with his voice in the recording, for whoever gives up may have had a
reason. Each row says where he gave up. None of them leaves a work order, because nobody talked to him.
"""

from core.events import CallEnded, EndReason, RecordingReady
from tests.stories.hotline import Hotline
from tests.stories.people import CITIZEN_WORDS, MOST, CitizenCalling
from tests.stories.records import Record, is_offered, is_queued
from tests.stories.sounds import share_heard, sides_of


async def test_a_citizen_hangs_up_during_the_greeting(hotline: Hotline) -> None:
    async with hotline.citizen() as citizen:
        await citizen.hears_something()
        await citizen.says()
        await citizen.hangs_up()
    await assert_on_record_without_ticket(hotline, citizen, EndReason.HUNG_UP_IN_PROMPT)


async def test_a_citizen_hangs_up_in_the_queue(hotline: Hotline) -> None:
    async with hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        await hotline.records.call_from(citizen.number, is_queued)
        await citizen.says()
        await citizen.hangs_up()
    record = await assert_on_record_without_ticket(hotline, citizen, EndReason.HUNG_UP_WAITING)
    assert record.row.waited_seconds > 0


async def test_a_citizen_hangs_up_while_a_seat_rings(hotline: Hotline) -> None:
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        await citizen.skips_the_greeting()
        ringing = await seat.rings()
        await hotline.records.call_from(citizen.number, is_offered)
        await citizen.says()
        await citizen.hangs_up()
        await ringing.until_over(within=10)
        assert ringing.times.answered_at is None
    await assert_on_record_without_ticket(hotline, citizen, EndReason.HUNG_UP_RINGING)


async def assert_on_record_without_ticket(
    hotline: Hotline, citizen: CitizenCalling, reason: EndReason
) -> Record:
    """The row says where he gave up, his voice is in the recording, and there is no draft."""
    record = await hotline.records.complete_from(citizen.number)
    assert record.row.end_reason is reason
    assert record.the(CallEnded).end_reason is reason
    assert record.the(RecordingReady).gap == ""
    assert record.ticket is None
    left, _ = sides_of(record.file)
    assert await share_heard(await hotline.sounds.of(CITIZEN_WORDS), left) >= MOST
    return record
