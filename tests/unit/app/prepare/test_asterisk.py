"""Which Asterisk the hotline accepts."""

from pathlib import Path

import pytest

from app.prepare.asterisk import MODULES, NamedAsteriskUnusable, named_asterisk, probe, release_of
from app.prepare.places import AsteriskPlaces


def an_asterisk(home: Path, version: str, without: str = "") -> AsteriskPlaces:
    modules = home / "modules"
    modules.mkdir(parents=True)
    for name in MODULES:
        if name != without:
            (modules / f"{name}.so").touch()
    return AsteriskPlaces(version=version, launcher=home / "asterisk", modules=modules, data=home)


def a_launcher(home: Path, version: str) -> Path:
    (home / "sbin").mkdir(parents=True)
    launcher = home / "sbin" / "asterisk"
    launcher.write_text(f"#!/bin/sh\necho Asterisk {version}\n", encoding="utf-8")
    launcher.chmod(0o755)
    return home


@pytest.mark.parametrize(
    ("version", "release"),
    [("Asterisk 22.10.1~dfsg+x-1", (22, 10)), ("Asterisk 16.28.0", (16, 28)), ("Asterisk GIT", (0, 0))],
)
def test_the_release_is_read_from_what_asterisk_says(version: str, release: tuple[int, int]) -> None:
    assert release_of(version) == release


@pytest.mark.parametrize(
    ("version", "accepted"), [("22.10.0", True), ("23.0.0", True), ("22.9.9", False), ("20.15.0", False)]
)
def test_only_a_release_with_sound_recordings_is_accepted(
    version: str, accepted: bool, tmp_path: Path
) -> None:
    assert probe(an_asterisk(tmp_path, f"Asterisk {version}")).accepted is accepted


def test_one_without_a_module_that_we_use_is_refused_and_the_module_named(tmp_path: Path) -> None:
    found = probe(an_asterisk(tmp_path, "Asterisk 22.10.1", without="app_queue"))
    assert not found.accepted
    assert found.missing == ("app_queue",)


def test_nothing_named_is_no_fault() -> None:
    assert named_asterisk({}) is None


def test_a_named_one_that_does_not_fit_is_refused_with_its_version(tmp_path: Path) -> None:
    home = a_launcher(tmp_path / "old", "16.28.0")
    an_asterisk(home, "")
    with pytest.raises(NamedAsteriskUnusable, match=r"16\.28\.0"):
        named_asterisk({"HOTLINE_ASTERISK": str(home)})


def test_a_named_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NamedAsteriskUnusable, match="缺少"):
        named_asterisk({"HOTLINE_ASTERISK": str(tmp_path)})


def test_a_named_one_that_fits_is_taken(tmp_path: Path) -> None:
    home = a_launcher(tmp_path / "new", "22.10.1")
    an_asterisk(home, "")
    taken = named_asterisk({"HOTLINE_ASTERISK": str(home)})
    assert taken is not None
    assert taken.launcher == home / "sbin" / "asterisk"
