"""签入签出: a seat gets calls while it is logged in, and nobody who waits is lost meanwhile."""

import pytest

from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once, is_queued

A_FEW_TRIES_SECONDS = 4.0
"""The queue looks for a seat once a second."""


async def test_a_citizen_waits_for_the_first_seat_that_logs_in(hotline: Hotline) -> None:
    async with hotline.telephone_of(SEATS[0]) as gone_home, hotline.telephone_of(SEATS[1]) as early_bird:
        await gone_home.dials("*12")
        await gone_home.dials("*13")
        async with hotline.citizen() as citizen:
            await citizen.skips_the_greeting()
            await hotline.records.call_from(citizen.number, is_queued)
            with pytest.raises(TimeoutError):
                await gone_home.rings(within=A_FEW_TRIES_SECONDS)
            await early_bird.dials("*12")
            talk = await early_bird.answers()
            await they_talk(citizen, talk)
        await early_bird.dials("*13")
        assert gone_home.rung == []
    await assert_they_heard_each_other(citizen, talk)
    record = await hotline.records.complete_from(citizen.number)
    assert record.row.seat == SEATS[1]
    assert record.row.waited_seconds >= A_FEW_TRIES_SECONDS
    assert_told_once(record)
