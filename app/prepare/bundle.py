"""Asterisk 套件: a relocatable Asterisk out of Debian packages; the host's own packages are not touched.

The host's distribution has none that is new enough, and pinning a newer suite would replace its C library. So the
packages are unpacked and everything that Asterisk links against is copied beside it, the C library included.
"""

import json
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from core.errors import HotlineError

from app.prepare.deb_packages import Deb, PrivateApt, unpack
from app.prepare.progress import Progress
from app.prepare.state_folder import is_complete, making
from app.prepare.tools import ToolFailed, ToolMissing, run

RECIPE = 1  # raise it when the same packages shall be built into something else
SUITES = ("forky", "sid")
MANIFEST = "MANIFEST.json"
KEYRINGS = ("debian-archive-keyring.pgp", "debian-archive-keyring.gpg")
# Of the closure only what Asterisk can link against is fetched; not perl, dpkg, systemd and their like.
WANTED = re.compile(r"asterisk|lib|zlib1g|gcc-.*-base")
UNWANTED = re.compile(
    r"lib(pam|perl|snmp|gtk|gdk|python|magic|semanage|c-bin|debconf|locale|mail|proc|algo|term)|asterisk-(doc|dev|tests)"
)
SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
Signed-By: {keyring}
"""


class NoAsterisk(HotlineError):
    """没有可用的 Asterisk 22.10 或更新版本,本机的软件源也提供不了:请自行安装,或用 HOTLINE_ASTERISK 指定一个已有的。"""


def bundle_folder(state: Path) -> Path:
    """Return where the bundle lies or will lie."""
    return state / f"asterisk-{RECIPE}-{platform.machine()}"


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


def build_bundle(folder: Path, python: Path, work: Path, progress: Progress) -> None:
    """Build the bundle in `folder`, with our own Python (it reads ELF files) and downloads below `work`.

    Raises:
        NoAsterisk: no source of packages here has one, or this is not a Debian.
        ToolFailed: a step of the work went wrong, such as a download.
    """
    try:
        with progress.step("查找 Asterisk 22 软件包"):
            apt, suite, debs = _found(work)
    except ToolMissing as missing:
        raise NoAsterisk(reason=missing) from missing
    megabytes = sum(deb.size for deb in debs) / 1e6
    with progress.step(f"下载 Asterisk 22({len(debs)} 个软件包,{megabytes:.0f} MB)"):
        apt.download(debs, work / "debs")
    with progress.step("组装 Asterisk 22"), making(folder):
        root = folder / "unpacked"
        unpack(debs, work / "debs", root)
        (work / "packages.json").write_text(_packages_told(suite, debs), encoding="utf-8")
        project = Path(__file__).resolve().parents[2]
        closing = [python, "-P", "-m", "app.prepare.bundle_closure", root, folder, work / "packages.json"]
        run(closing, {"PYTHONPATH": str(project)})


def _packages_told(suite: str, debs: Sequence[Deb]) -> str:
    packages = [{"name": deb.name, "version": deb.version, "sha256": deb.sha256} for deb in debs]
    return json.dumps({"suite": suite, "packages": packages})


def _found(work: Path) -> tuple[PrivateApt, str, tuple[Deb, ...]]:
    """Return the first suite of this machine's Debian mirrors that has an Asterisk, and its packages."""
    keyring = next((path for name in KEYRINGS if (path := Path("/usr/share/keyrings", name)).exists()), None)
    if keyring is None:
        raise NoAsterisk(missing="debian-archive-keyring")
    refused: list[ToolFailed] = []
    for mirror in _mirrors(work / "apt-host"):
        for suite in SUITES:
            sources = SOURCES.format(mirror=mirror, suite=suite, keyring=keyring)
            apt = PrivateApt(work / f"apt-{suite}", sources, from_nothing=True)
            try:
                apt.update()
                return apt, suite, _needed(apt.closure_of(["asterisk"]))
            except ToolFailed as failed:
                refused.append(failed)
    raise NoAsterisk(
        reason="; ".join(str(failed.facts.get("reason")) for failed in refused) or "没有 Debian 软件源"
    )


def _needed(closure: Sequence[Deb]) -> tuple[Deb, ...]:
    return tuple(deb for deb in closure if WANTED.match(deb.name) and not UNWANTED.match(deb.name))


def _mirrors(work: Path) -> tuple[str, ...]:
    """Return the Debian mirrors that this machine's administrator chose, without those of security updates."""
    apt = PrivateApt(work)
    apt.update()
    lines = (line.split("|", 1) for line in apt.origins().splitlines())
    mirrors = [uri for origin, uri in lines if origin == "Debian" and "security" not in uri]
    return tuple(dict.fromkeys(mirrors))
