"""Recordings from the beginning of a call until they are complete."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.events import RecordingReady, TranscriptReady
from recordings.desk import RecordingDesk, Shelf
from recordings.model import Recording, RecordingState
from recordings.store import recording_of, unheard
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.recordings import arrived, ended

SECOND = 32000


class Given:
    """A recording desk on a fresh database and one call that has begun."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.path = folder / "call.raw"
        self.clock = StandingClock()
        self.ear = Ear(RecordingReady)
        self.outbox = self.ear.connect(database)
        self.shelf = Shelf(node="hotline", folder=folder, free_bytes=0, flac=Path("/nowhere/flac"))
        self.database = database
        self.desk = RecordingDesk(database, self.outbox, self.clock, self.shelf)

    async def call(self, seconds: float) -> None:
        await self.desk.call_started(arrived(self.path))
        await self.desk.call_ended(ended(self.clock.forward(seconds)))

    async def told(self) -> list[RecordingReady]:
        await self.outbox.deliver_once()
        return [fact for fact in self.ear.heard if isinstance(fact, RecordingReady)]

    def unheard(self) -> list[Recording]:
        return self.database.now(lambda c: unheard(c, "hotline"))

    def row(self) -> Recording:
        found = self.database.now(lambda c: recording_of(c, CALL))
        assert found is not None
        return found


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


async def test_a_recording_is_known_from_the_beginning_of_its_call(given: Given) -> None:
    await given.desk.call_started(arrived(given.path))
    assert given.row() == Recording(call_id=CALL, path=str(given.path), node="hotline", at=NINE_O_CLOCK)


async def test_a_complete_recording_is_told_with_its_length_and_checksum(given: Given) -> None:
    given.path.write_bytes(bytes(10 * SECOND))
    await given.call(10.5)
    (fact,) = await given.told()
    assert (fact.path, fact.duration_seconds, fact.gap) == (str(given.path), 10.0, "")
    assert (given.row().state, given.row().sha256) == (RecordingState.READY, fact.sha256)
    assert given.row().bytes == 10 * SECOND


async def test_told_twice_is_told_once(given: Given) -> None:
    given.path.write_bytes(bytes(10 * SECOND))
    await given.call(10)
    await given.call(5)
    assert len(await given.told()) == 1
    assert given.row().duration_seconds == 10.0


async def test_two_at_the_same_time_are_one(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.desk.call_started(arrived(given.path))
    end = ended(given.clock.forward(1))
    await asyncio.gather(given.desk.call_ended(end), given.desk.call_ended(end))
    assert len(await given.told()) == 1


async def test_a_call_that_never_began_has_no_recording(given: Given) -> None:
    await given.desk.call_ended(ended(given.clock.now()))
    assert await given.told() == []


@pytest.mark.parametrize(
    ("seconds", "gap"), [(48, "录音缺少约 12 秒"), (0, "录音文件是空的"), (None, "没有录音文件")]
)
async def test_what_is_missing_is_declared_and_logged(given: Given, seconds: int | None, gap: str) -> None:
    if seconds is not None:
        given.path.write_bytes(bytes(seconds * SECOND))
    with capture_logs() as logs:
        await given.call(60)
    (fact,) = await given.told()
    assert fact.gap == given.row().gap == gap
    assert [(line["event"], line["gap"]) for line in logs] == [("录音不完整", gap)]


async def test_only_what_was_heard_may_be_compressed(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.call(1)
    heard = TranscriptReady(call_id=CALL, at=given.clock.now(), segments=(), model="fake")
    await given.desk.transcribed(replace(heard, outcome="failed"))
    assert given.row().state is RecordingState.READY
    await given.desk.transcribed(heard)
    assert given.row().state is RecordingState.HEARD


async def test_what_was_not_heard_is_asked_for_again(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.desk.call_started(arrived(given.path))
    assert given.unheard() == []
    await given.desk.call_ended(ended(given.clock.forward(1)))
    assert given.unheard() == [given.row()]
    failed = TranscriptReady(
        call_id=CALL, at=given.clock.now(), segments=(), model="fake", outcome="failed", reason="识别器坏了"
    )
    await given.desk.transcribed(failed)
    assert given.unheard() == [given.row()]
    await given.desk.transcribed(replace(failed, outcome="done"))
    assert given.unheard() == []


async def test_nothing_recorded_is_not_asked_for_again(given: Given) -> None:
    await given.call(60)
    await given.desk.transcribed(
        TranscriptReady(call_id=CALL, at=given.clock.now(), segments=(), model="fake", outcome="failed")
    )
    assert given.unheard() == []


async def test_a_recording_that_cannot_be_compressed_stays_and_is_logged_once(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.call(1)
    await given.desk.transcribed(
        TranscriptReady(call_id=CALL, at=given.clock.now(), segments=(), model="fake")
    )
    given.clock.forward(timedelta(hours=2).total_seconds())
    with capture_logs() as logs:
        assert await given.desk.compress_heard() == 0
        assert await given.desk.compress_heard() == 0
    assert [line["event"] for line in logs] == ["录音压缩失败"]
    assert given.path.exists()
    assert given.row().state is RecordingState.HEARD


async def test_a_full_disk_is_logged_once_and_its_end_too(given: Given) -> None:
    full = RecordingDesk(given.database, given.outbox, given.clock, replace(given.shelf, free_bytes=2**62))
    with capture_logs() as logs:
        assert "磁盘空间不足" in await full.check_room()
        assert "磁盘空间不足" in await full.check_room()
        assert await full.compress_heard() == 0
        assert await given.desk.check_room() == ""
    assert [line["log_level"] for line in logs] == ["error"]
