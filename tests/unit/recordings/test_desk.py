"""Recordings from the end of a call until they are complete and told."""

import asyncio
import contextlib
import shutil
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.database import Database
from core.events import EndReason, RecordingCompressed, RecordingReady
from core.ids import CallId
from recordings import store
from recordings.desk import RecordingDesk
from recordings.model import Condition, GapReason, Recording, RecordingState, Span
from recordings.sweep import Sweep
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.recordings import SECOND, FakeCallBook, archive, ended, lay


class Given:
    """A recording desk on a fresh database, and a journal that knows one call."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.path = folder / f"{CALL}.raw"
        self.clock = StandingClock()
        self.ear = Ear(RecordingReady, RecordingCompressed)
        self.outbox = self.ear.connect(database)
        self.database = database
        self.book = FakeCallBook()
        self.book.add(CALL, self.path)
        self.archive = archive(database, folder, self.clock, self.book)
        self.rule = folder.parent / "recordings.toml"
        self.desk = RecordingDesk(self.archive, self.outbox, self.rule)

    async def call(self, seconds: float, reason: EndReason = EndReason.ANSWERED) -> None:
        await self.desk.call_ended(ended(self.clock.forward(seconds), reason))

    async def told(self) -> list[RecordingReady]:
        await self.outbox.deliver_once()
        return [fact for fact in self.ear.heard if isinstance(fact, RecordingReady)]

    def heard(self, *, failed: bool = False) -> None:
        self.database.now(lambda c: store.mark_heard(c, CALL, failed=failed))

    def unheard(self) -> list[Recording]:
        return self.database.now(lambda c: store.unheard(c, "hotline"))

    def row(self, call_id: CallId = CALL) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Given(database, folder)


async def test_a_complete_recording_is_told_with_its_length_and_checksum(given: Given) -> None:
    given.path.write_bytes(bytes(10 * SECOND))
    await given.call(10.5)
    (fact,) = await given.told()
    assert (fact.path, fact.duration_seconds, fact.gap) == (str(given.path), 10.0, "")
    assert (given.row().state, given.row().sha256) == (RecordingState.READY, fact.sha256)
    assert given.row().bytes == 10 * SECOND


async def test_its_one_piece_says_from_when_to_when_it_is(given: Given) -> None:
    given.path.write_bytes(bytes(10 * SECOND))
    await given.call(10.5)
    (piece,) = given.row().pieces
    assert (piece.from_at, piece.to_at) == (NINE_O_CLOCK, NINE_O_CLOCK + timedelta(seconds=10))
    assert piece.condition is Condition.WHOLE


async def test_told_twice_is_told_once(given: Given) -> None:
    given.path.write_bytes(bytes(10 * SECOND))
    await given.call(10)
    await given.call(5)
    assert len(await given.told()) == 1
    assert given.row().duration_seconds == 10.0


async def test_two_at_the_same_time_are_one(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    end = ended(given.clock.forward(1))
    await asyncio.gather(given.desk.call_ended(end), given.desk.call_ended(end))
    assert len(await given.told()) == 1


async def test_a_call_that_was_never_seen_has_no_recording(given: Given) -> None:
    await given.desk.call_ended(ended(given.clock.now(), call_id=CallId("hotline-1772413200.9")))
    assert await given.told() == []


async def test_a_file_of_a_call_that_was_never_seen_is_a_recording(given: Given) -> None:
    stranger = CallId("hotline-1772413200.9")
    (given.folder / f"{stranger}.raw").write_bytes(bytes(SECOND))
    await given.desk.call_ended(ended(given.clock.now(), EndReason.UNKNOWN_END, call_id=stranger))
    assert given.row(stranger).gap == ""
    assert given.row(stranger).at == NINE_O_CLOCK


async def test_a_recording_in_another_folder_is_found_where_the_journal_says(given: Given) -> None:
    earlier = given.folder.parent / "earlier"
    earlier.mkdir()
    (earlier / given.path.name).write_bytes(bytes(10 * SECOND))
    given.book.add(CALL, earlier / given.path.name)
    await given.call(10)
    (fact,) = await given.told()
    assert (fact.path, fact.gap) == (str(earlier / given.path.name), "")


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
    (declared,) = given.row().gaps
    assert declared.reason is GapReason.MISSING
    assert declared.from_at == NINE_O_CLOCK + timedelta(seconds=seconds or 0)
    assert declared.to_at == NINE_O_CLOCK + timedelta(seconds=60)


async def test_what_a_restart_of_asterisk_cut_off_is_put_down_to_it(given: Given) -> None:
    given.path.write_bytes(bytes(30 * SECOND))
    await given.call(60, EndReason.SYSTEM_FAILURE)
    assert [gap.reason for gap in given.row().gaps] == [GapReason.ASTERISK_RESTART]
    assert "Asterisk" in given.row().gap


async def test_what_a_full_disk_swallowed_is_put_down_to_it_also_when_there_is_room_again(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.path.write_bytes(bytes(30 * SECOND))
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    given.clock.forward(30)
    with capture_logs() as logs:
        await given.desk.room.look()
    assert [line["event"] for line in logs] == ["录音磁盘已满"]
    monkeypatch.undo()
    await given.desk.room.look()
    await given.call(30)
    (gap,) = given.row().gaps
    assert (gap.reason, gap.about) == (
        GapReason.DISK_FULL,
        "录音缺少约 30 秒,录音目录所在磁盘已满,请清理磁盘",
    )


async def test_a_pause_by_the_seat_is_declared_and_no_cause_for_alarm(given: Given) -> None:
    begun = NINE_O_CLOCK + timedelta(seconds=20)
    given.book.add(CALL, given.path, Span(from_at=begun, to_at=begun + timedelta(seconds=15)))
    given.path.write_bytes(bytes(60 * SECOND))
    with capture_logs() as logs:
        await given.call(60)
    (gap,) = given.row().gaps
    assert (gap.reason, gap.from_at, gap.about) == (GapReason.PAUSED_BY_SEAT, begun, "座席暂停录音 15 秒")
    assert logs == []


async def test_only_what_was_heard_may_be_compressed(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.call(1)
    given.heard(failed=True)
    assert given.row().state is RecordingState.READY
    given.heard()
    assert given.row().state is RecordingState.HEARD


async def test_what_was_not_heard_is_asked_for_again(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    assert given.unheard() == []
    await given.call(1)
    assert given.unheard() == [given.row()]
    given.heard(failed=True)
    assert given.unheard() == [given.row()]
    given.heard()
    assert given.unheard() == []


async def test_nothing_recorded_is_not_asked_for_again(given: Given) -> None:
    await given.call(60)
    given.heard(failed=True)
    assert given.unheard() == []


async def test_a_recording_that_cannot_be_compressed_stays_and_is_logged_once(given: Given) -> None:
    given.path.write_bytes(bytes(SECOND))
    await given.call(1)
    given.heard()
    given.clock.forward(timedelta(hours=2).total_seconds())
    with capture_logs() as logs:
        assert await given.desk.compressor.compress_heard() == 0
        assert await given.desk.compressor.compress_heard() == 0
    assert [line["event"] for line in logs] == ["录音压缩失败"]
    assert given.path.exists()
    assert given.row().state is RecordingState.HEARD


async def test_what_a_sweep_took_up_is_told_by_the_engine_once(given: Given) -> None:
    given.clock.forward(7200)
    lay(given.folder / "hotline-1772413200.9.raw", bytes(SECOND), given.clock)
    assert len([found async for found in Sweep(given.archive).run()]) == 1
    assert await given.told() == []
    await given.desk.announce()
    await given.desk.announce()
    assert [fact.call_id for fact in await given.told()] == ["hotline-1772413200.9"]
    assert given.unheard() == [given.row(CallId("hotline-1772413200.9"))]


class TestTrouble:
    """Nothing that befalls the shelf or the catalogue ends the engine."""

    async def _said(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        monkeypatch.setattr("recordings.desk.LOOK_SECONDS", 0.01)
        monkeypatch.setattr("recordings.desk.ROUND_SECONDS", 0.0)
        with capture_logs() as logs, contextlib.suppress(TimeoutError):
            await asyncio.wait_for(given.desk.run(), 0.3)
        return {line["event"] for line in logs}

    async def test_the_database_is_away(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
        given.database.now(lambda c: c.exec_driver_sql("ALTER TABLE recordings RENAME TO hidden"))
        assert await self._said(given, monkeypatch) == {"录音目录暂时登记不了, 稍后再做"}

    async def test_the_disk_fails(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(_folder: object) -> None:
            raise OSError(5, "Input/output error", str(given.folder))

        given.clock.at = given.clock.at.replace(hour=4)
        monkeypatch.setattr("os.scandir", fails)
        assert "录音目录读写出错, 稍后再做" in await self._said(given, monkeypatch)
        monkeypatch.setattr(shutil, "disk_usage", fails)
        assert "录音目录有问题" in await self._said(given, monkeypatch)


class TestNights:
    """Once a night, and only at night."""

    async def _runs_until(self, given: Given, hour: int) -> list[str]:
        given.clock.at = given.clock.at.replace(hour=hour, minute=0)
        with capture_logs() as logs:
            await given.desk.look_after_the_shelf(compress=True)
        return [line["event"] for line in logs]

    async def test_the_shelf_is_tidied_up_once_a_night(self, given: Given) -> None:
        lay(given.folder / "somebodys.txt", b"", given.clock, timedelta(days=9))
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = true\n")
        assert await self._runs_until(given, 3) == []
        assert await self._runs_until(given, 4) == ["来历不明的文件", "录音留存"]
        assert await self._runs_until(given, 5) == []
        given.clock.forward(timedelta(days=1).total_seconds())
        assert await self._runs_until(given, 4) == ["录音留存"]

    async def test_during_the_day_nothing_is_tidied_up(self, given: Given) -> None:
        lay(given.folder / "somebodys.txt", b"", given.clock, timedelta(days=9))
        assert given.clock.now().time() == time(9)
        await given.desk.look_after_the_shelf(compress=True)
        assert (given.folder / "somebodys.txt").exists()
        assert await self._runs_until(given, 9) == []

    async def test_without_a_rule_nothing_is_deleted_and_that_is_said(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=4000).total_seconds())
        assert await self._runs_until(given, 4) == ["没有可用的录音留存规则, 今夜不删除"]
        assert given.path.exists()

    async def test_a_rule_that_waits_to_be_asked_deletes_nothing_at_night(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=4000).total_seconds())
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = false\n")
        assert await self._runs_until(given, 4) == []
        assert given.path.exists()

    async def test_what_the_rule_lets_go_is_deleted_at_night(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=2).total_seconds())
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = true\n")
        assert await self._runs_until(given, 4) == ["录音留存"]
        assert not given.path.exists()
        assert replace(given.row(), gaps=()).state is RecordingState.DELETED
