"""Debian 软件包: packages fetched through apt with a state of its own; the host's is never touched."""

import hashlib
import re
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.prepare.tools import ToolFailed, run

AT_ONCE = 6
DOCUMENTATION = ("doc", "man", "locale", "info", "lintian")
# 'http://mirror/pool/x.deb' x_1%3a2_amd64.deb 1234 SHA256:...
URI_LINE = re.compile(r"^'(?P<uri>[^']+)' (?P<file>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})$")


class DownloadFailed(ToolFailed):
    """下载没有完成:请检查网络后重新运行,已经下载的部分不会重下。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deb:
    """One package file: `file` is apt's name for it, `size` is in bytes."""

    file: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The package's name."""
        return self.file.split("_", 1)[0]

    @property
    def version(self) -> str:
        """The package's version; apt writes the colon of an epoch as %3a."""
        return self.file.split("_")[1].replace("%3a", ":")

    def lies_in(self, folder: Path) -> bool:
        """Tell whether the file is there, whole and unchanged."""
        there = folder / self.file
        if not there.exists() or there.stat().st_size != self.size:
            return False
        with there.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == self.sha256


class PrivateApt:
    """apt with lists, cache and status in a folder of ours: usable without root."""

    def __init__(self, folder: Path, sources: str | None = None, *, from_nothing: bool = False) -> None:
        """Use the text `sources` (deb822), or the host's; `from_nothing` counts no package as installed."""
        for part in ("lists/partial", "cache/archives/partial", "sources"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        self._options = [
            f"Dir::State::lists={folder / 'lists'}",
            f"Dir::Cache={folder / 'cache'}",
            "Dir::Cache::pkgcache=pkgcache.bin",
            "Dir::Cache::srcpkgcache=srcpkgcache.bin",
            "APT::Sandbox::User=",
            "APT::Update::Post-Invoke-Success::=",
            "Acquire::Languages=none",
            "Acquire::Retries=3",
            "Acquire::ForceHash=sha256",
            "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "Debug::NoLocking=1",
        ]
        if sources is not None:
            (folder / "sources" / "ours.sources").write_text(sources, encoding="utf-8")
            self._options += ["Dir::Etc::sourcelist=/dev/null", f"Dir::Etc::sourceparts={folder / 'sources'}"]
            self._options += ["Dir::Etc::preferences=/dev/null", "Dir::Etc::preferencesparts=/dev/null"]
        if from_nothing:
            (folder / "status").touch()
            self._options += [f"Dir::State::status={folder / 'status'}"]

    def update(self) -> None:
        """Fetch the lists of packages; a source that does not answer is let go while another does.

        Raises:
            ToolFailed: no list could be fetched, or no signature was good.
        """
        try:
            self._apt_get("update", "--error-on=any")
        except ToolFailed:
            if not self.origins():
                raise

    def closure_of(self, packages: Sequence[str]) -> tuple[Deb, ...]:
        """Return `packages` and all they depend on, without what is installed already."""
        return debs_in(self._apt_get("install", "--print-uris", "--no-install-recommends", *packages))

    def origins(self) -> str:
        """Return a line `origin|mirror` per list of packages that was fetched."""
        return self._apt_get("indextargets", "--format", "$(ORIGIN)|$(REPO_URI)", "Created-By: Packages")

    def download(self, debs: Sequence[Deb], folder: Path) -> None:
        """Bring `debs` into `folder`, several at once; those that lie there whole are kept.

        Raises:
            DownloadFailed: a file could not be fetched or is not the one that the lists promise.
        """
        folder.mkdir(parents=True, exist_ok=True)
        missing = [deb for deb in debs if not deb.lies_in(folder)]
        parts = [missing[start::AT_ONCE] for start in range(AT_ONCE) if missing[start::AT_ONCE]]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda part: self._download_part(part, folder), parts))
        broken = [deb.file for deb in missing if not deb.lies_in(folder)]
        if broken:
            raise DownloadFailed(reason=" ".join(broken))

    def _download_part(self, debs: Sequence[Deb], folder: Path) -> None:
        for deb in debs:
            (folder / deb.file).unlink(missing_ok=True)
        wanted = [f"{deb.name}={deb.version}" for deb in debs]
        try:
            self._apt_get("download", *wanted, inside=folder)
        except ToolFailed as failed:
            raise DownloadFailed(reason=failed.reason) from failed

    def _apt_get(self, *arguments: str, inside: Path | None = None) -> str:
        options = [part for option in self._options for part in ("-o", option)]
        return run(["apt-get", *options, "-qq", *arguments], inside=inside)


def debs_in(told: str) -> tuple[Deb, ...]:
    """Read what `apt-get --print-uris` prints."""
    found = (URI_LINE.match(line) for line in told.splitlines())
    return tuple(Deb(file=hit["file"], size=int(hit["size"]), sha256=hit["sha256"]) for hit in found if hit)


def unpack(debs: Sequence[Deb], downloads: Path, folder: Path) -> None:
    """Unpack the files of `debs` below `folder`, without documentation; no script of theirs is run."""
    folder.mkdir(parents=True, exist_ok=True)
    for deb in debs:
        run(["dpkg-deb", "-x", downloads / deb.file, folder])
    for part in DOCUMENTATION:
        shutil.rmtree(folder / "usr/share" / part, ignore_errors=True)
