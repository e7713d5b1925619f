"""Asterisk's logs, read from an instant on, whatever was put away and whatever the clock did."""

from datetime import datetime
from pathlib import Path

import pytest

from core.clock import from_epoch
from queue_manager.log_files import CHUNK, lines_since

START = 1772413200


def when(line: str) -> datetime | None:
    second = line.partition("|")[0]
    return from_epoch(int(second)) if second.isdigit() else None


def read(folder: Path, since: int) -> list[str]:
    return [line.partition("|")[2] for line in lines_since(folder, "log", from_epoch(START + since), when)]


def write(file: Path, *lines: tuple[int, str]) -> None:
    file.write_text("".join(f"{START + second}|{text}\n" for second, text in lines))


def test_what_is_older_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "log", (0, "a"), (10, "b"), (20, "c"))
    assert read(tmp_path, 5) == ["b", "c"]
    assert read(tmp_path, 10) == ["b", "c"]
    assert read(tmp_path, 30) == []


def test_files_that_were_put_away_are_read_first(tmp_path: Path) -> None:
    write(tmp_path / "log.1", (10, "b"))
    write(tmp_path / "log.0", (0, "a"))
    write(tmp_path / "log", (20, "c"))
    write(tmp_path / "logger", (15, "of somebody else"))
    assert read(tmp_path, 0) == ["a", "b", "c"]


@pytest.mark.parametrize("folder", ["there", "not-there"])
def test_no_log_is_nothing(tmp_path: Path, folder: str) -> None:
    (tmp_path / "there").mkdir()
    assert read(tmp_path / folder, 0) == []


def test_when_the_clock_was_set_back_what_follows_is_still_newer(tmp_path: Path) -> None:
    write(tmp_path / "log", (0, "a"), (3600, "b"), (10, "c"), (20, "d"))
    assert read(tmp_path, 3500) == ["b", "c", "d"]


def test_of_a_long_log_only_the_end_is_read(tmp_path: Path) -> None:
    lines = [(second, "x" * 100) for second in range(0, 40_000, 4)]
    write(tmp_path / "log", *lines, (40_000, "the last"))
    assert (tmp_path / "log").stat().st_size > 3 * CHUNK
    assert read(tmp_path, 39_997) == ["the last"]
    assert len(read(tmp_path, 0)) == len(lines) + 1


def test_a_line_that_is_being_written_waits_for_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"{START}|a\n{START + 1}|hal")
    assert read(tmp_path, 0) == ["a"]


def test_garbage_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xff\xfe\x00\n|||\n" + f"{START}|a\n".encode() + b"\x80garbage\n")
    assert read(tmp_path, 0)[0] == "a"
