"""Files of the call log: put away by size and by day, whole whatever breaks off, numbers going on."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.call_log_check import Rows, compared, sentence_of, verify, written_since
from app.call_log_files import CallLogFiles, CallLogWriter, Limits
from app.call_log_words import SUMMARY
from core.events import EndReason
from core.ids import CallId
from core.outbox import NotNow
from queue_manager.model import CallRow
from tests.fakes.call_log import a_keeper, a_writer, numbers_in, said_line
from tests.fakes.clock import NINE_O_CLOCK, StandingClock

DAY = 24 * 3600
SMALL = Limits(file_bytes=400, days=30)
"""Two lines."""


def _write(writer: CallLogWriter, *numbers: int) -> None:
    for number in numbers:
        writer.write(said_line(number))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_that_would_become_too_large_is_put_away(tmp_path: Path) -> None:
    _write(a_writer(tmp_path, limits=SMALL), *range(1, 6))
    assert _names(tmp_path) == [
        "calls-20260302-0000000001.jsonl",
        "calls-20260302-0000000003.jsonl",
        "calls.jsonl",
    ]
    assert all(path.stat().st_size <= SMALL.file_bytes for path in tmp_path.iterdir())
    assert numbers_in(tmp_path) == [1, 2, 3, 4, 5]


def test_every_day_has_files_of_its_own(tmp_path: Path) -> None:
    clock = StandingClock()
    writer = a_writer(tmp_path, clock)
    _write(writer, 1, 2)
    clock.forward(DAY)
    _write(writer, 3)
    clock.forward(DAY)
    _write(a_writer(tmp_path, clock), 4)
    assert _names(tmp_path) == [
        "calls-20260302-0000000001.jsonl",
        "calls-20260303-0000000003.jsonl",
        "calls.jsonl",
    ]
    assert verify(CallLogFiles(tmp_path)).is_whole


def test_a_clock_that_steps_back_over_midnight_puts_no_line_in_the_wrong_order(tmp_path: Path) -> None:
    clock = StandingClock(NINE_O_CLOCK.replace(hour=0, minute=10))
    writer = a_writer(tmp_path, clock)
    _write(writer, 1)
    clock.forward(-3600)
    _write(writer, 2)
    clock.forward(7200)
    _write(writer, 3)
    assert numbers_in(tmp_path) == [1, 2, 3]
    assert verify(CallLogFiles(tmp_path)).is_whole


@pytest.mark.parametrize("written", [1, 2, 3, 4, 5, 6, 7])
def test_the_numbers_go_on_whenever_the_life_ends(tmp_path: Path, written: int) -> None:
    _write(a_writer(tmp_path, limits=SMALL), *range(1, written + 1))
    _write(a_writer(tmp_path, limits=SMALL), *range(written + 1, written + 4))
    assert numbers_in(tmp_path) == list(range(1, written + 4))


def test_killed_between_putting_away_and_beginning_anew(tmp_path: Path) -> None:
    _write(a_writer(tmp_path), 1, 2)
    (tmp_path / "calls.jsonl").rename(tmp_path / "calls-20260302-0000000001.jsonl")
    _write(a_writer(tmp_path), 3)
    assert numbers_in(tmp_path) == [1, 2, 3]


@pytest.mark.parametrize("torn", ['{"seq": 3, "at', "\0" * 40, "{"])
def test_what_was_torn_is_cut_off_and_its_number_given_again(tmp_path: Path, torn: str) -> None:
    _write(a_writer(tmp_path), 1, 2)
    with (tmp_path / "calls.jsonl").open("a") as file:
        file.write(torn)
    _write(a_writer(tmp_path), 3)
    verdict = verify(CallLogFiles(tmp_path))
    assert (verdict.is_whole, verdict.lines, verdict.last) == (True, 3, 3)


def test_a_file_with_nothing_but_a_torn_line(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text('{"seq": 1')
    _write(a_writer(tmp_path), 1)
    assert numbers_in(tmp_path) == [1]


def test_a_file_that_somebody_took_away_while_we_write_is_a_gap_that_is_seen(tmp_path: Path) -> None:
    writer = a_writer(tmp_path)
    _write(writer, 1, 2)
    (tmp_path / "calls.jsonl").unlink()
    _write(writer, 3)
    assert numbers_in(tmp_path) == [3]


def _ended(number: int) -> CallRow:
    return CallRow(call_id=CallId(f"hotline-1772413200.{number}"), end_reason=EndReason.ANSWERED)


def _modes(folder: Path) -> set[int]:
    return {path.stat().st_mode & 0o777 for path in folder.iterdir()}


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """A disk that takes half a line and then no more; gives how to make room."""
    real = os.write

    def half(handle: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    return lambda: monkeypatch.setattr(os, "write", real)


def test_a_full_disk_leaves_the_line_to_the_outbox_and_nothing_of_it_in_the_file(
    tmp_path: Path, full_disk: Callable[[], None]
) -> None:
    writer = a_writer(tmp_path)
    for _ in range(3):
        with pytest.raises(NotNow):
            _write(writer, 1)
    assert (tmp_path / "calls.jsonl").stat().st_size == 0
    full_disk()
    _write(writer, 1, 2)
    assert numbers_in(tmp_path) == [1, 2]


def test_a_folder_that_is_missing_is_told_as_not_now(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    writer = a_writer(folder)
    shutil.rmtree(folder)
    with pytest.raises(NotNow):
        _write(writer, 1)


class TestKeeping:
    async def test_what_was_put_away_is_packed_and_reads_as_before(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path, limits=SMALL), *range(1, 6))
        await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        assert _names(tmp_path) == [
            "calls-20260302-0000000001.jsonl.gz",
            "calls-20260302-0000000003.jsonl.gz",
            "calls.jsonl",
        ]
        assert numbers_in(tmp_path) == [1, 2, 3, 4, 5]
        assert _modes(tmp_path) == {0o640}

    async def test_the_numbers_go_on_when_all_is_packed(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path), 1, 2)
        (tmp_path / "calls.jsonl").rename(tmp_path / "calls-20260302-0000000001.jsonl")
        await a_keeper(tmp_path, StandingClock()).tidy()
        _write(a_writer(tmp_path), 3)
        assert numbers_in(tmp_path) == [1, 2, 3]

    async def test_killed_while_packing(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path, limits=SMALL), *range(1, 4))
        left = tmp_path / "calls-20260302-0000000001.jsonl.gz.new"
        left.write_bytes(b"half a packed file")
        assert numbers_in(tmp_path) == [1, 2, 3]
        await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        assert not left.exists()
        assert numbers_in(tmp_path) == [1, 2, 3]

    async def test_killed_between_packing_and_removing_the_plain_one(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path, limits=SMALL), *range(1, 4))
        plain = tmp_path / "calls-20260302-0000000001.jsonl"
        before = plain.read_bytes()
        await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        plain.write_bytes(before)
        assert numbers_in(tmp_path) == [1, 2, 3]
        await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        assert not plain.exists()
        assert numbers_in(tmp_path) == [1, 2, 3]

    async def test_what_is_too_old_goes_and_the_last_one_stays(self, tmp_path: Path) -> None:
        clock = StandingClock()
        writer = a_writer(tmp_path, clock)
        for number in range(1, 5):
            _write(writer, number)
            clock.forward(DAY)
        (tmp_path / "calls.jsonl").rename(tmp_path / "calls-20260305-0000000004.jsonl")
        await a_keeper(tmp_path, clock, Limits(file_bytes=400, days=3)).tidy()
        assert numbers_in(tmp_path) == [2, 3, 4]
        clock.at += timedelta(days=400)
        await a_keeper(tmp_path, clock, Limits(file_bytes=400, days=3)).tidy()
        assert numbers_in(tmp_path) == [4]
        _write(a_writer(tmp_path, clock), 5)
        assert numbers_in(tmp_path) == [4, 5]

    async def test_files_of_others_are_left_alone(self, tmp_path: Path) -> None:
        others = ["engine.jsonl", "calls-notes.jsonl", "calls-20200101-0000000001.jsonl.bak", "audit.jsonl"]
        for name in others:
            (tmp_path / name).write_text("mine\n")
        _write(a_writer(tmp_path), 1)
        await a_keeper(tmp_path, StandingClock()).tidy()
        assert _names(tmp_path) == sorted([*others, "calls.jsonl"])


class TestVerify:
    def test_of_an_empty_folder(self, tmp_path: Path) -> None:
        verdict = verify(CallLogFiles(tmp_path))
        assert (verdict.is_whole, verdict.lines) == (True, 0)

    def test_names_the_lines_that_are_missing(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path, limits=SMALL), *range(1, 10))
        (tmp_path / "calls-20260302-0000000003.jsonl").unlink()
        current = tmp_path / "calls-20260302-0000000007.jsonl"
        current.write_text(current.read_text().split("\n", 1)[1])
        verdict = verify(CallLogFiles(tmp_path))
        assert not verdict.is_whole
        assert [(gap.first, gap.last) for gap in verdict.gaps] == [(3, 4), (7, 7)]

    def test_names_what_stands_there_twice(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path), 1, 2, 3)
        file = tmp_path / "calls.jsonl"
        file.write_text(file.read_text() + file.read_text().split("\n")[1] + "\n")
        verdict = verify(CallLogFiles(tmp_path))
        assert (verdict.is_whole, verdict.out_of_order, verdict.gaps) == (False, [2], [])

    def test_names_a_line_that_cannot_be_read(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path), 1, 2, 3)
        file = tmp_path / "calls.jsonl"
        file.write_text(file.read_text().replace('{"seq": 2', "{seq: 2"))
        verdict = verify(CallLogFiles(tmp_path))
        assert sum(verdict.unreadable.values()) == 1
        assert [(gap.first, gap.last) for gap in verdict.gaps] == [(2, 2)]

    async def test_names_what_a_spoilt_packed_file_lacks(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path, limits=SMALL), *range(1, 6))
        await a_keeper(tmp_path, StandingClock(), SMALL).tidy()
        packed = tmp_path / "calls-20260302-0000000003.jsonl.gz"
        packed.write_bytes(packed.read_bytes()[:60])
        verdict = verify(CallLogFiles(tmp_path))
        assert not verdict.is_whole
        assert verdict.gaps[-1].last == 4

    def test_a_call_of_the_database_without_its_line_is_named(self, tmp_path: Path) -> None:
        writer = a_writer(tmp_path)
        for number in (1, 2):
            writer.write(said_line(number) | {"what": SUMMARY})
        verdict = verify(CallLogFiles(tmp_path))
        calls = tuple(_ended(number) for number in (1, 2, 3))
        whole = compared(verdict, Rows(calls=calls[:2], waiting=0))
        assert (whole.is_whole, sentence_of(whole)) == (
            True,
            "数据库里这段时间结束的 2 通来电,每通都有“通话”行。",
        )
        lost = compared(verdict, Rows(calls=calls, waiting=0))
        assert not lost.is_whole
        assert "hotline-1772413200.3" in sentence_of(lost)
        late = compared(verdict, Rows(calls=calls, waiting=4))
        assert late.is_whole
        assert "稍后再核对" in sentence_of(late)

    def test_a_call_that_goes_on_needs_no_line(self, tmp_path: Path) -> None:
        _write(a_writer(tmp_path), 1)
        living = CallRow(call_id=CallId("hotline-1772413200.1"))
        assert compared(verify(CallLogFiles(tmp_path)), Rows(calls=(living,), waiting=0)).ended == 0

    def test_the_first_line_says_since_when(self, tmp_path: Path) -> None:
        assert written_since(CallLogFiles(tmp_path)) is None
        _write(a_writer(tmp_path, StandingClock(NINE_O_CLOCK + timedelta(seconds=59))), 1)
        assert written_since(CallLogFiles(tmp_path)) == NINE_O_CLOCK

    def test_a_first_line_that_was_caught_up_says_nothing_of_the_time_before_it(self, tmp_path: Path) -> None:
        written = NINE_O_CLOCK + timedelta(seconds=61)
        _write(a_writer(tmp_path, StandingClock(written)), 1)
        assert written_since(CallLogFiles(tmp_path)) == written
