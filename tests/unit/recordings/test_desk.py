"""Recordings from the end of a call until they are complete and told."""

import asyncio
import shutil
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core.events import EndReason
from core.ids import CallId
from recordings.model import Condition, GapReason, RecordingState, Span
from recordings.sweep import Sweep
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL
from tests.fakes.recordings import SECOND, ended, lay
from tests.unit.recordings.given import Given


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
