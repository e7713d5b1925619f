"""Telling a whole bundle from a spoilt one, and what it is made of."""

import json
import sys
from pathlib import Path

import pytest

from app.prepare.bundle import is_whole
from app.prepare.bundle_closure import Libraries, loader_of, needed_by, write_manifest
from app.prepare.bundle_source import mirrors_in, needed
from app.prepare.deb_packages import Deb
from app.prepare.state_folder import making


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    packages = tmp_path / "packages.json"
    packages.write_text('{"suite": "forky", "packages": []}', encoding="utf-8")
    folder = tmp_path / "asterisk-1"
    with making(folder):
        (folder / "modules").mkdir()
        (folder / "modules" / "app_queue.so").write_bytes(b"content")
        write_manifest(folder, packages)
    return folder


def test_a_finished_bundle_is_whole_and_has_its_checksums(bundle: Path) -> None:
    assert is_whole(bundle)
    told = json.loads((bundle / "MANIFEST.json").read_text(encoding="utf-8"))
    assert told["suite"] == "forky"
    assert told["files"]["modules/app_queue.so"]["size"] == 7
    assert len(told["files"]["modules/app_queue.so"]["sha256"]) == 64


def test_a_bundle_with_a_shortened_or_missing_file_is_not_whole(bundle: Path) -> None:
    module = bundle / "modules" / "app_queue.so"
    module.write_bytes(b"con")
    assert not is_whole(bundle)
    module.unlink()
    assert not is_whole(bundle)


def test_a_bundle_that_was_never_finished_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "asterisk-1").mkdir()
    assert not is_whole(tmp_path / "asterisk-1")


def test_what_only_install_scripts_need_is_not_fetched() -> None:
    names = ("asterisk-modules", "libssl3t64", "zlib1g", "perl-base", "libperl5.40", "dpkg", "gcc-14-base")
    debs = [Deb(file=f"{name}_1_amd64.deb", size=1, sha256="") for name in names]
    assert [deb.name for deb in needed(debs)] == ["asterisk-modules", "libssl3t64", "zlib1g", "gcc-14-base"]


def test_only_debian_mirrors_count_and_each_once() -> None:
    origins = (
        "Debian|http://mirror.example/debian/\nDebian|http://mirror.example/debian/\n"
        "Debian|http://mirror.example/debian-security/\nDocker|http://other.example/\n"
    )
    assert mirrors_in(origins) == ("http://mirror.example/debian/",)
    assert mirrors_in("") == ()


def test_libraries_and_loader_are_read_from_the_program_itself() -> None:
    python = Path(sys.executable).resolve()
    assert "libc.so.6" in needed_by(python)
    assert loader_of(python).startswith("ld-linux")


def test_libraries_that_no_package_brought_are_missing(tmp_path: Path) -> None:
    found, missing = Libraries(tmp_path).closure_of([Path(sys.executable).resolve()])
    assert not found
    assert "libc.so.6" in missing
