"""Files of work orders: kept whole under their checksum, refused in clear words, never executable."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickets.file_shelf import FileEmpty, FileGone, FileNotReadable, FileShelf, FileTooBig, file_name

MOST = 10_000_000


@pytest.fixture
def shelf(tmp_path: Path) -> FileShelf:
    return FileShelf(tmp_path / "attachments", MOST)


def left_over(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "attachments").rglob("*") if path.is_file()]


def test_a_file_lies_once_under_its_checksum(shelf: FileShelf, tmp_path: Path) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(b"water")
    kept = [shelf.keep_file(photo), shelf.keep("other name", [b"wa", b"ter"])]
    checksum = hashlib.sha256(b"water").hexdigest()
    assert [(one.name, one.size, one.sha256) for one in kept] == [
        ("照片.jpg", 5, checksum),
        ("other name", 5, checksum),
    ]
    assert left_over(tmp_path) == [shelf.path_of(checksum)]
    assert b"".join(shelf.read(checksum)) == b"water"


def test_nothing_that_is_kept_can_be_executed(shelf: FileShelf, tmp_path: Path) -> None:
    script = tmp_path / "a.sh"
    script.write_bytes(b"#!/bin/sh\nreboot\n")
    script.chmod(0o777)
    kept = shelf.path_of(shelf.keep_file(script).sha256)
    assert kept.stat().st_mode & 0o111 == 0
    assert not os.access(kept, os.X_OK)


def test_20_megabytes_are_refused_before_they_were_read_to_the_end(shelf: FileShelf, tmp_path: Path) -> None:
    read = []

    def chunks() -> Iterator[bytes]:
        for number in range(20):
            read.append(number)
            yield bytes(1_000_000)

    with pytest.raises(FileTooBig, match="most=10 MB"):
        shelf.keep("big.zip", chunks())
    assert len(read) == 11
    assert left_over(tmp_path) == []


def test_exactly_what_is_allowed_is_kept(shelf: FileShelf) -> None:
    assert shelf.keep("big.zip", [bytes(MOST)]).size == MOST


def test_what_is_empty_a_folder_or_not_there_is_refused(shelf: FileShelf, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    with pytest.raises(FileEmpty, match="file=empty"):
        shelf.keep_file(empty)
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(FileNotReadable):
            shelf.keep_file(path)
    assert left_over(tmp_path) == []


def test_a_file_that_was_changed_or_lost_is_not_handed_out(shelf: FileShelf) -> None:
    kept = shelf.keep("a", [b"water"])
    shelf.path_of(kept.sha256).write_bytes(b"wine!")
    with pytest.raises(FileGone):
        list(shelf.read(kept.sha256))
    shelf.path_of(kept.sha256).unlink()
    with pytest.raises(FileGone):
        list(shelf.read(kept.sha256))


@pytest.mark.parametrize("told", ["../../etc/passwd", "", "A" * 64, "0" * 63 + "/"])
def test_a_checksum_leads_nowhere_else(shelf: FileShelf, told: str) -> None:
    with pytest.raises(FileGone):
        shelf.path_of(told)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\照片.jpg", "照片.jpg"),
        ("a\nb\x00.txt", "ab.txt"),
        ("..", "未命名"),
        ("", "未命名"),
        ("<script>.html", "<script>.html"),
    ],
)
def test_a_name_is_only_a_name(told: str, name: str) -> None:
    assert file_name(told) == name
