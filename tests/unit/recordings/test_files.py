"""When a recording is complete, and what it measures."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from recordings.files import (
    RecordingFolderFull,
    RecordingFolderUnusable,
    check_folder,
    is_written,
    measure,
    room_beside,
    until_closed,
)


def test_a_file_is_written_until_its_writer_closes_it(tmp_path: Path) -> None:
    path = tmp_path / "call.raw"
    with path.open("wb") as file:
        file.write(b"sound")
        assert is_written(path)
    assert is_written(path) is False


def test_readers_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "call.raw"
    path.write_bytes(b"sound")
    with path.open("rb"):
        assert is_written(path) is False


def test_a_file_that_is_not_there_is_not_written(tmp_path: Path) -> None:
    assert is_written(tmp_path / "call.raw") is False
    assert measure(tmp_path / "call.raw") is None


async def test_closing_is_noticed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "call.raw"
    file = path.open("wb")
    waiting = asyncio.create_task(until_closed(path))
    await asyncio.sleep(0)
    assert not waiting.done()
    file.close()
    assert await asyncio.wait_for(waiting, 0.2)


async def test_waiting_for_a_writer_that_never_ends_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "call.raw"
    with path.open("wb"):
        assert not await until_closed(path, patience=0.1)


async def test_where_the_system_does_not_tell_a_size_at_rest_has_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "call.raw"
    path.write_bytes(b"sound")
    monkeypatch.setattr("recordings.files.is_written", lambda _path: None)
    assert not await until_closed(path, patience=0.2)
    assert await until_closed(path, patience=1.0)


def test_length_and_checksum_are_those_of_the_audio(tmp_path: Path) -> None:
    path = tmp_path / "call.raw"
    path.write_bytes(bytes(48000))
    measured = measure(path)
    assert measured is not None
    assert (measured.bytes, measured.duration_seconds) == (48000, 1.5)
    assert measured.sha256 == hashlib.sha256(bytes(48000)).hexdigest()


def test_a_folder_without_room_or_right_is_named(tmp_path: Path) -> None:
    check_folder(tmp_path, 0)
    with pytest.raises(RecordingFolderFull, match="磁盘空间不足"):
        check_folder(tmp_path, 2**62)
    with pytest.raises(RecordingFolderUnusable, match="不存在或不可写"):
        check_folder(tmp_path / "nowhere", 0)


def test_room_is_counted_where_the_file_lies(tmp_path: Path) -> None:
    assert room_beside(tmp_path / "call.raw") > 0
    assert room_beside(tmp_path / "nowhere" / "call.raw") == 0
