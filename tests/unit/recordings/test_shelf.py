"""What the names in the folder of recordings mean."""

from pathlib import Path

import pytest

from core.ids import CallId
from recordings.model import Codec
from recordings.shelf import Folder, begun_of, call_in, codec_of, twin_of
from tests.fakes.clock import NINE_O_CLOCK


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("hotline-1772413200.1.raw", "hotline-1772413200.1"),
        ("hotline-1772413200.1.flac", "hotline-1772413200.1"),
        ("hotline-1772413200.1+2.raw", "hotline-1772413200.1"),
        ("two-words_3-1772413200.123456.raw", "two-words_3-1772413200.123456"),
        ("hotline-1772413200.1.flac.new", None),
        ("hotline-1772413200.1.wav", None),
        ("hotline-1772413200.raw", None),
        ("1772413200.1.raw", None),
        ("hotline-1772413200.1 copy.raw", None),
        ("../hotline-1772413200.1.raw", None),
        ("录音.raw", None),
        ("", None),
    ],
)
def test_a_name_is_that_of_a_call_or_it_is_not(name: str, call: str | None) -> None:
    assert call_in(name) == call


def test_the_name_of_a_call_says_when_it_began() -> None:
    assert begun_of(CallId("hotline-1772413200.1")) == NINE_O_CLOCK
    assert begun_of(CallId("1772413200.1")) is None


def test_either_codec_has_a_twin() -> None:
    raw, flac = Path("/r/hotline-1772413200.1.raw"), Path("/r/hotline-1772413200.1.flac")
    assert (twin_of(raw), twin_of(flac)) == (flac, raw)
    assert (codec_of(raw), codec_of(flac)) == (Codec.RAW, Codec.FLAC)


def test_a_folder_is_read_to_its_end(tmp_path: Path) -> None:
    for number in range(1234):
        (tmp_path / f"{number}.raw").touch()
    (tmp_path / "lost+found").mkdir()
    folder, found = Folder(tmp_path), set()
    while batch := folder.next_batch():
        found |= {lying.path.name for lying in batch}
    assert found == {f"{number}.raw" for number in range(1234)}


def test_a_folder_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert Folder(tmp_path / "gone").next_batch() == []


def test_what_is_no_file_is_told_from_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    (tmp_path / "file").touch()
    assert {lying.path.name: lying.is_file for lying in Folder(tmp_path).next_batch()} == {
        "folder": False,
        "link": False,
        "file": True,
    }
