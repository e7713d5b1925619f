"""A disk that is full is told once, and remembered for the calls that lost something by it."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from recordings.model import Span
from recordings.room import Room
from recordings.shelf import Shelf
from tests.fakes.clock import NINE_O_CLOCK, StandingClock

ROOMY = shutil.disk_usage("/")


class Given:
    """A folder on a disk whose room the test decides."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = StandingClock()
        self.shelf = Shelf(node="hotline", folder=folder, free_bytes=100 * 2**20, flac=Path("flac"))
        self.room = Room(self.shelf, self.clock)
        self.free = 2**30
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: ROOMY._replace(free=self.free))

    async def look(self, free: int) -> list[str]:
        """What the log says when the disk is looked at."""
        self.free = free
        with capture_logs() as logs:
            await self.room.look()
        return [line["event"] for line in logs]


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    return Given(tmp_path, monkeypatch)


def minutes(begin: float, end: float) -> Span:
    return Span(from_at=NINE_O_CLOCK + timedelta(minutes=begin), to_at=NINE_O_CLOCK + timedelta(minutes=end))


async def test_little_room_is_told_once_and_its_end_too(given: Given) -> None:
    assert await given.look(2**30) == []
    assert await given.look(50 * 2**20) == ["录音目录有问题"]
    assert await given.look(50 * 2**20) == []
    assert "磁盘空间不足" in given.room.complaint
    assert await given.look(2**30) == ["录音目录恢复正常"]
    assert given.room.complaint == ""


async def test_a_disk_that_fills_up_during_calls_is_named_in_words(given: Given) -> None:
    assert await given.look(2**30) == []
    assert await given.look(1000) == ["录音目录有问题", "录音磁盘已满"]
    assert await given.look(0) == []
    assert await given.look(2**30) == ["录音目录恢复正常", "录音磁盘又有空间"]


async def test_a_call_that_lost_something_by_it_is_known_after_there_is_room_again(given: Given) -> None:
    given.clock.forward(600)
    await given.look(0)
    given.clock.forward(300)
    await given.look(2**30)
    assert given.room.was_full(minutes(5, 12))
    assert given.room.was_full(minutes(11, 12))
    assert given.room.was_full(minutes(14, 30))
    assert not given.room.was_full(minutes(0, 9))
    assert not given.room.was_full(minutes(16, 30))


async def test_while_it_is_full_every_call_that_ends_has_met_it(given: Given) -> None:
    given.free = 0
    assert given.room.was_full(minutes(0, 9))


async def test_a_folder_that_is_gone_is_named(given: Given) -> None:
    gone = Room(replace(given.shelf, folder=given.shelf.folder / "gone"), given.clock)
    assert "不存在或不可写" in await gone.look()
