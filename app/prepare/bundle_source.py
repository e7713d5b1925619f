"""套件来源: which Debian mirror and suite has an Asterisk that is new enough, and what packages it takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.prepare.deb_packages import Deb, PrivateApt
from app.prepare.tools import ToolFailed, ToolMissing
from core.errors import HotlineError

SUITES = ("forky", "sid")
KEYRINGS = ("debian-archive-keyring.pgp", "debian-archive-keyring.gpg")
# Of the closure only what Asterisk can link against is fetched; not perl, dpkg, systemd and their like.
WANTED = re.compile(r"asterisk|lib|zlib1g|gcc-.*-base")
UNWANTED = re.compile(
    r"lib(pam|perl|snmp|gtk|gdk|python|magic|semanage|c-bin|debconf|locale|mail|proc|algo|term)"
)
SOURCES = """\
Types: deb
URIs: {mirror}
Suites: {suite}
Components: main
Signed-By: {keyring}
"""


class NoAsterisk(HotlineError):
    """没有可用的 Asterisk 22.10 或更新版本:请检查网络后重试,或自行安装,或用 HOTLINE_ASTERISK 指定一个。"""


class NoDebianMirror(HotlineError):
    """没有 Asterisk,也取不到 Debian 软件源:请检查网络,或设置 HOTLINE_ASTERISK 或 HOTLINE_DEBIAN_MIRROR。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAsterisk:
    """The packages that the bundle is made of, and the apt that can fetch them."""

    apt: PrivateApt
    suite: str
    debs: tuple[Deb, ...]

    @property
    def megabytes(self) -> int:
        """How much is to be fetched."""
        return round(sum(deb.size for deb in self.debs) / 1e6)


def find_asterisk(work: Path, mirror: str | None) -> FoundAsterisk:
    """Return the first suite of `mirror`, or else of this machine's own Debian mirrors, that has an Asterisk.

    Raises:
        NoDebianMirror: this machine gets nothing from Debian.
        NoAsterisk: no suite could be had, or none has an Asterisk.
    """
    try:
        mirrors = (mirror,) if mirror else debian_mirrors(PrivateApt(work / "apt-host"))
    except (ToolMissing, ToolFailed) as failed:
        raise NoDebianMirror(reason=failed.reason) from failed
    keyring = next((path for name in KEYRINGS if (path := Path("/usr/share/keyrings", name)).exists()), None)
    if not mirrors or keyring is None:
        raise NoDebianMirror(missing="debian-archive-keyring" if mirrors else "deb")
    refused = []
    for uri, suite in ((uri, suite) for uri in mirrors for suite in SUITES):
        sources = SOURCES.format(mirror=uri, suite=suite, keyring=keyring)
        apt = PrivateApt(work / f"apt-{suite}", sources, from_nothing=True)
        try:
            apt.update()
            return FoundAsterisk(apt=apt, suite=suite, debs=needed(apt.closure_of(["asterisk"])))
        except ToolFailed as failed:
            refused.append(failed.reason)
    raise NoAsterisk(reason="; ".join(refused))


def needed(closure: Sequence[Deb]) -> tuple[Deb, ...]:
    """Leave out what only install scripts need."""
    return tuple(deb for deb in closure if WANTED.match(deb.name) and not UNWANTED.match(deb.name))


def debian_mirrors(apt: PrivateApt) -> tuple[str, ...]:
    """Return the Debian mirrors that this machine's administrator chose, not those of security updates."""
    apt.update()
    return mirrors_in(apt.origins())


def mirrors_in(origins: str) -> tuple[str, ...]:
    """Read lines `origin|mirror`."""
    lines = (line.split("|", 1) for line in origins.splitlines())
    return tuple(dict.fromkeys(uri for origin, uri in lines if origin == "Debian" and "security" not in uri))
