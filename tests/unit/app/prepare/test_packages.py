"""Finding programs, the system's own and those unpacked privately."""

import io
import subprocess
from pathlib import Path

import pytest

from app.prepare.needs import Package
from app.prepare.packages import NoPackageManager, Packages, newest_first
from app.prepare.private_packages import PrivatePackages, write_starter
from app.prepare.progress import Progress
from app.prepare.state_folder import making

RINGER = Package(name="ringer", programs=("ring-the-bell",))
SHELL = Package(name="dash", programs=("sh",))
PROGRAM = '#!/bin/sh\necho "$LD_LIBRARY_PATH|$ESPEAK_DATA_PATH|$*"\n'


def an_executable(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(PROGRAM, encoding="utf-8")
    file.chmod(0o755)


def private(state: Path) -> PrivatePackages:
    return PrivatePackages(state, state / "downloads", "debian 12")


def packages(state: Path) -> Packages:
    return Packages(private(state), Progress(io.StringIO()), root=False)


def unpacked(state: Path) -> Path:
    folder = private(state).folder_of(RINGER)
    with making(folder):
        an_executable(folder / "usr" / "sbin" / "ring-the-bell")
        (folder / "usr" / "lib" / "triplet" / "pulse").mkdir(parents=True)
        (folder / "usr" / "lib" / "triplet" / "libbell.so.1").touch()
        (folder / "usr" / "lib" / "triplet" / "pulse" / "libpulse.so").touch()
        (folder / "usr" / "lib" / "triplet" / "espeak-ng-data").mkdir()
        (folder / "bin").mkdir()
        write_starter(folder, "ring-the-bell")
    return folder


def test_only_what_is_nowhere_is_missing(tmp_path: Path) -> None:
    assert packages(tmp_path).missing((SHELL, RINGER)) == (RINGER,)


def test_what_was_unpacked_privately_is_there(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    found = packages(tmp_path)
    assert not found.missing((RINGER,))
    assert found.programs((RINGER,)) == {"ring-the-bell": folder / "bin" / "ring-the-bell"}


def test_what_was_unpacked_for_another_release_is_not(tmp_path: Path) -> None:
    unpacked(tmp_path)
    assert PrivatePackages(tmp_path, tmp_path, "debian 13").program("ring-the-bell") is None


def test_an_unpacked_program_runs_with_its_own_libraries_and_data(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    said = subprocess.run(
        [folder / "bin" / "ring-the-bell", "two words", "x"], check=True, capture_output=True, text=True
    ).stdout
    libraries, data, arguments = said.strip().split("|")
    assert libraries == f"{folder}/usr/lib/triplet:{folder}/usr/lib/triplet/pulse"
    assert data == f"{folder}/usr/lib/triplet"
    assert arguments == "two words x"


def test_the_newest_database_server_comes_first(tmp_path: Path) -> None:
    for release in ("9", "17", "15"):
        an_executable(tmp_path / "usr/lib/postgresql" / release / "bin/postgres")
    found = newest_first(tmp_path, "usr/lib/postgresql/*/bin/postgres")
    assert [path.parts[-3] for path in found] == ["17", "15", "9"]


def test_without_apt_the_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.prepare.packages.system_program", lambda _name: None)
    with pytest.raises(NoPackageManager, match="ringer"):
        packages(tmp_path).install((RINGER,))
