"""磁盘满了: there is no room for recordings any more, and citizens are served all the same.

The disk with the recordings is full in the middle of a talk, and stays so. The talk goes on undisturbed, the
work order is there, and the recording says by itself what it lacks and why: nobody is led to believe that
he hears all of it.
"""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from app.demo import demo_instance
from core.events import EndReason, RecordingReady, TicketDrafted
from core.settings import Recordings
from tests.stories.hotline import Hotline, running
from tests.stories.people import assert_they_heard_each_other, they_talk

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="只有 root 能挂载一块小磁盘")

DISK_BYTES = 128 * 1024
"""Four seconds of a recording: the greeting fits, the talk does not."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def cramped() -> AsyncIterator[Hotline]:
    """A hotline of its own, with a tiny disk for recordings."""
    instance = demo_instance("story-disk")
    disk = instance.folder.with_name("story-disk-recordings")
    settings = instance.settings.model_copy(update={"recordings": Recordings(folder=disk, free_mb=0)})
    with tiny_disk(disk):
        async with running(replace(instance, settings=settings)) as hotline:
            yield hotline


async def test_the_disk_is_full_in_the_middle_of_a_talk(cramped: Hotline) -> None:
    ready = await gap_after_a_call(cramped)
    assert "录音缺少" in ready.gap
    assert "磁盘已满" in ready.gap
    assert "录音磁盘已满" in (cramped.instance.logs / "engine.jsonl").read_text(encoding="utf-8")


async def test_the_disk_is_full_before_the_call(cramped: Hotline) -> None:
    ready = await gap_after_a_call(cramped)
    assert "录音" in ready.gap
    assert "磁盘已满" in ready.gap


async def gap_after_a_call(hotline: Hotline) -> RecordingReady:
    """A whole conversation of which every word is heard, whatever becomes of the recording."""
    async with hotline.seat() as seat, hotline.citizen() as citizen:
        talk = await seat.answers()
        await they_talk(citizen, talk)
    await assert_they_heard_each_other(citizen, talk)
    record = await hotline.records.complete_from(citizen.number)
    assert record.row.end_reason is EndReason.ANSWERED
    assert record.ticket is not None
    assert record.the(TicketDrafted).ticket_no == record.ticket.ticket_no
    return record.the(RecordingReady)


@contextmanager
def tiny_disk(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()
