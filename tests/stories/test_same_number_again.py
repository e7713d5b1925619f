"""重号: Asterisk gives a number again, and neither call loses its recording to the other.

A call is named after its second and a counter that begins anew with Asterisk. After a clock was set back,
both can come again. Here the recordings of the calls that would be next lie there already.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.ids import CallId
from tests.stories.hotline import Hotline
from tests.stories.people import assert_they_heard_each_other, they_talk
from tests.stories.records import assert_told_once

OLD = b"what a citizen said years ago"
SECONDS, CHANNELS = 60, 12
"""So far ahead the names of the next calls are foreseen."""


@pytest.mark.parametrize("suffix", [".raw", ".flac"])
async def test_a_number_comes_again(hotline: Hotline, suffix: str) -> None:
    async with hotline.seat() as seat:
        async with hotline.citizen() as before:
            await before.hangs_up()
        last = (await hotline.records.call_from(before.number)).call_id
        with recorded_before(hotline.instance.recordings, last, suffix) as files:
            async with hotline.citizen() as citizen:
                await citizen.skips_the_greeting()
                talk = await seat.answers()
                await they_talk(citizen, talk)
            await assert_they_heard_each_other(citizen, talk)
            record = await hotline.records.complete_from(citizen.number)
            assert {file.read_bytes() for file in files} == {OLD}
    assert record.recording.path == str(hotline.instance.recordings / f"{record.row.call_id}~2.raw")
    assert record.row.recording == record.recording.path
    assert_told_once(record)


@contextmanager
def recorded_before(folder: Path, last: CallId, suffix: str) -> Iterator[list[Path]]:
    """Let every call that may be next have a recording already."""
    node, counter = last.rpartition("-")[0], int(last.rpartition(".")[2])
    now = int(SystemClock().now().timestamp())
    seconds = range(now - 1, now + SECONDS)
    channels = range(counter + 1, counter + 1 + CHANNELS)
    names = itertools.product(seconds, channels)
    files = [folder / f"{node}-{second}.{channel}{suffix}" for second, channel in names]
    for file in files:
        file.write_bytes(OLD)
    try:
        yield files
    finally:
        for file in files:
            file.unlink()
