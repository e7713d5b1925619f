"""Asterisk 套件: a relocatable Asterisk out of Debian packages; the host keeps its own.

The host's distribution has none that is new enough, and pinning a newer suite would replace its C library.
So packages are unpacked, and all that Asterisk links against is copied beside it, the C library included.
"""

import json
import platform
from pathlib import Path

from app.prepare.bundle_source import FoundAsterisk, find_asterisk
from app.prepare.deb_packages import unpack
from app.prepare.progress import Progress
from app.prepare.state_folder import is_complete, making
from app.prepare.tools import run

RECIPE = 1  # raise it when the same packages shall be built into something else
MANIFEST = "MANIFEST.json"
PROJECT = Path(__file__).resolve().parents[2]


def bundle_folder(state: Path) -> Path:
    """Return where the bundle lies or will lie."""
    return state / f"asterisk-{RECIPE}.{platform.machine()}"


def is_whole(folder: Path) -> bool:
    """Tell whether the bundle was made to its end and every file still has the size that was written down."""
    if not is_complete(folder):
        return False
    files: dict[str, dict[str, object]] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return all(_size_of(folder / name) == told["size"] for name, told in files.items())


def _size_of(file: Path) -> int | None:
    try:
        return file.stat().st_size
    except OSError:
        return None


def build_bundle(folder: Path, python: Path, work: Path, mirror: str | None, progress: Progress) -> None:
    """Build the bundle in `folder`, with our own Python (it reads ELF files) and downloads below `work`.

    Raises:
        NoAsterisk: no source of packages here has one, or this is not a Debian.
        ToolFailed: a step of the work went wrong, such as a download.
    """
    with progress.step("查找 Asterisk 22 软件包"):
        found = find_asterisk(work, mirror)
    with progress.step(f"下载 Asterisk 22({len(found.debs)} 个软件包,{found.megabytes} MB)"):
        found.apt.download(found.debs, work / "debs")
    with progress.step("组装 Asterisk 22"), making(folder):
        packages = work / "packages.json"
        packages.write_text(_packages_told(found), encoding="utf-8")
        root = folder / "unpacked"
        unpack(found.debs, work / "debs", root)
        command = (python, "-P", "-m", "app.prepare.bundle_closure", root, folder, packages)
        run(command, {"PYTHONPATH": str(PROJECT)})


def _packages_told(found: FoundAsterisk) -> str:
    packages = [{"name": deb.name, "version": deb.version, "sha256": deb.sha256} for deb in found.debs]
    return json.dumps({"suite": found.suite, "packages": packages})
