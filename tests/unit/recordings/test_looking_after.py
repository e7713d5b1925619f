"""The shelf is looked after: by day, at night, and when disk or database fail."""

import asyncio
import contextlib
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from recordings.model import RecordingState
from tests.fakes.recordings import SECOND, lay
from tests.unit.recordings.given import Given


class TestTrouble:
    """Nothing that befalls the shelf or the catalogue ends the engine."""

    async def _said(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> set[str]:
        monkeypatch.setattr("recordings.desk.LOOK_SECONDS", 0.01)
        with capture_logs() as logs, contextlib.suppress(TimeoutError):
            await asyncio.wait_for(given.desk.run(), 0.3)
        return {line["event"] for line in logs}

    async def test_the_database_is_away(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
        given.database.now(lambda c: c.exec_driver_sql("ALTER TABLE recordings RENAME TO hidden"))
        assert await self._said(given, monkeypatch) == {"暂时做不了, 稍后再做"}

    async def test_the_disk_fails(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_about: object) -> None:
            raise OSError(5, "Input/output error", str(given.folder))

        monkeypatch.setattr(given.desk.compressor, "compress_heard", fails)
        assert await self._said(given, monkeypatch) == {"读写出错, 稍后再做"}
        monkeypatch.setattr(shutil, "disk_usage", fails)
        assert "录音目录有问题" in await self._said(given, monkeypatch)


class TestTheShelf:
    """Each kind of work comes round by itself."""

    async def test_what_was_heard_is_compressed_without_being_asked(
        self, given: Given, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        async def note(what: str) -> None:
            asked.append(what)

        monkeypatch.setattr("recordings.desk.ANNOUNCE_SECONDS", 0.01)
        monkeypatch.setattr("recordings.desk.COMPRESS_SECONDS", 0.02)
        monkeypatch.setattr(given.desk, "announce", lambda: note("announce"))
        monkeypatch.setattr(given.desk.compressor, "compress_heard", lambda: note("compress"))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(given.desk.run(), 0.3)
        assert asked.count("announce") > asked.count("compress") > 1

    async def test_nothing_is_compressed_while_something_is_wrong_with_the_folder(
        self, given: Given, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []

        async def note() -> None:
            asked.append("compress")

        monkeypatch.setattr(given.desk.compressor, "compress_heard", note)
        await given.desk.compress()
        assert asked == ["compress"]
        shutil.rmtree(given.folder)
        await given.desk.room.look()
        await given.desk.compress()
        assert asked == ["compress"]


class TestNights:
    """What a night's order does; that it comes once a night, and only then, is the night's own matter."""

    async def _tidied_up(self, given: Given) -> list[str]:
        with capture_logs() as logs:
            await given.desk.tidy_up()
        return [line["event"] for line in logs]

    async def test_strange_files_are_named_and_the_rule_is_followed(self, given: Given) -> None:
        lay(given.folder / "somebodys.txt", b"", given.clock, timedelta(days=9))
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = true\n")
        assert await self._tidied_up(given) == ["来历不明的文件", "录音留存"]
        assert await self._tidied_up(given) == ["录音留存"]

    async def test_without_a_rule_nothing_is_deleted_and_that_is_said(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=4000).total_seconds())
        assert await self._tidied_up(given) == ["没有可用的录音留存规则, 今夜不删除"]
        assert given.path.exists()

    async def test_a_rule_that_waits_to_be_asked_deletes_nothing_at_night(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=4000).total_seconds())
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = false\n")
        assert await self._tidied_up(given) == []
        assert given.path.exists()

    async def test_what_the_rule_lets_go_is_deleted_at_night(self, given: Given) -> None:
        given.path.write_bytes(bytes(SECOND))
        await given.call(1)
        given.clock.forward(timedelta(days=2).total_seconds())
        given.rule.write_text("[keep]\ndays = 1\nopen_ticket_days = 0\nevery_night = true\n")
        assert await self._tidied_up(given) == ["录音留存"]
        assert not given.path.exists()
        assert replace(given.row(), gaps=()).state is RecordingState.DELETED
