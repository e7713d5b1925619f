"""软件包: missing programs are installed into the system (root) or unpacked privately (others)."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.prepare.needs import Package
from app.prepare.private_packages import PrivatePackages
from app.prepare.progress import Progress
from app.prepare.state_folder import open_to_others
from app.prepare.system_packages import install
from app.prepare.tools import ToolFailed, ToolMissing
from core.errors import HotlineError

FOLDERS = ("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")
# The server's programs are kept off PATH, a folder per release.
POSTGRESQL_FOLDERS = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin")
BARESIP_MODULES = ("usr/lib/*/baresip/modules", "usr/lib*/baresip/modules", "usr/local/lib*/baresip/modules")


class PackagesNotInstalled(HotlineError):
    """缺少运行所需的软件包,自动安装没有成功:请按原因处理后重新运行,或先自行安装这些软件包。"""


class NoPackageManager(HotlineError):
    """缺少所需的程序,而这台机器上没有 apt-get 和 dpkg-deb:请先用系统自己的工具安装,再重新运行。"""


def system_program(name: str) -> Path | None:
    """Find a program of the system: on PATH, in the administrator's folders, among PostgreSQL's own."""
    for path in (shutil.which(name), shutil.which(name, path=":".join(FOLDERS))):
        if path and (os.geteuid() != 0 or open_to_others(Path(path).resolve().parent)):
            return Path(path).absolute()
    found = (path for folder in POSTGRESQL_FOLDERS for path in newest_first(Path("/"), f"{folder}/{name}"))
    return next(found, None)


def newest_first(root: Path, pattern: str) -> list[Path]:
    """Sort by the release in the path, as a number: 9 is older than 15."""
    return sorted(
        root.glob(pattern),
        key=lambda path: [int(part) for part in path.parts if part.isdigit()],
        reverse=True,
    )


class Packages:
    """What of the needed packages is there, and how the rest comes."""

    def __init__(self, private: PrivatePackages, progress: Progress, *, root: bool) -> None:
        """Install into the system as `root`, else into `private`."""
        self._private = private
        self._progress = progress
        self._root = root

    def missing(self, packages: Sequence[Package]) -> tuple[Package, ...]:
        """Return those of which at least one program is not there."""
        return tuple(package for package in packages if not all(map(self.program, package.programs)))

    def program(self, name: str) -> Path | None:
        """Return where a program lies, the system's own first; None when it is nowhere."""
        return system_program(name) or self._private.program(name)

    def programs(self, packages: Sequence[Package]) -> Mapping[str, Path]:
        """Return where all programs of `packages` lie."""
        found = ((name, self.program(name)) for package in packages for name in package.programs)
        return {name: path for name, path in found if path}

    def baresip_modules(self) -> Path | None:
        """Return the folder of baresip's modules, which its configuration has to name."""
        roots = (Path("/"), *self._private.roots())
        return next(
            (path for root in roots for pattern in BARESIP_MODULES for path in root.glob(pattern)), None
        )

    def install(self, packages: Sequence[Package]) -> None:
        """Make the programs of `packages` available.

        Raises:
            NoPackageManager: there is no apt here.
            PackagesNotInstalled: apt said no, or the packages do not hold the programs.
        """
        if not (system_program("apt-get") and system_program("dpkg-deb")):
            raise NoPackageManager(programs=_listed(packages))
        try:
            if self._root:
                install([package.name for package in packages], self._progress)
            else:
                self._private.install(packages, self._progress)
        except (ToolFailed, ToolMissing) as failed:
            raise PackagesNotInstalled(packages=_listed(packages), reason=failed.reason) from failed
        if still := self.missing(packages):
            raise PackagesNotInstalled(packages=_listed(still), reason="软件包里没有所需的程序")


def _listed(packages: Sequence[Package]) -> str:
    return " ".join(package.name for package in packages)
