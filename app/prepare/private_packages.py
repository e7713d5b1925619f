"""私有软件包: without root, packages are unpacked below the state folder and run from there."""

import hashlib
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from app.prepare.deb_packages import PrivateApt, unpack
from app.prepare.needs import Package
from app.prepare.progress import Progress
from app.prepare.state_folder import is_complete, making

RECIPE = 1  # raise it when the same packages shall be unpacked differently
# Only install scripts, which are not run here, need these; they would be half of what is fetched.
NOT_NEEDED = re.compile(
    r"perl|libperl|adduser|debconf|ucf|ssl-cert|locales|libc-l10n|postgresql-common|init-system-helpers"
)
PROGRAM_FOLDERS = ("usr/bin", "usr/sbin", "usr/lib/postgresql/*/bin")

WRAPPER = """\
#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
export LD_LIBRARY_PATH="{libraries}"
{variables}exec "$home/{program}" "$@"
"""


class PrivatePackages:
    """A folder per package, whole with all that the system lacks for it."""

    def __init__(self, state: Path, work: Path, release: str) -> None:
        """Unpack below `state`, download below `work`; `release` is that of the system we lean on."""
        self._state = state
        self._work = work
        self._identity = hashlib.sha256(f"{RECIPE} {release} {platform.machine()}".encode()).hexdigest()[:12]

    def roots(self) -> tuple[Path, ...]:
        """Return the folders of all packages that are completely unpacked."""
        return tuple(path for path in self._state.glob(f"unpacked-*-{self._identity}") if is_complete(path))

    def program(self, name: str) -> Path | None:
        """Return what starts an unpacked program, None when none of that name is unpacked."""
        starters = (root / "bin" / name for root in self.roots())
        return next((starter for starter in starters if starter.exists()), None)

    def install(self, packages: Sequence[Package], progress: Progress) -> None:
        """Unpack packages.

        Raises:
            ToolFailed: the system's sources do not have them, or a download broke off.
        """
        apt = PrivateApt(self._work / "apt-host")
        with progress.step("更新软件包列表"):
            apt.update()
        for package in packages:
            with progress.step(f"解开软件包 {package.name}"):
                self._unpack(package, apt)

    def folder_of(self, package: Package) -> Path:
        """Return where a package lies or will lie."""
        return self._state / f"unpacked-{package.name}-{self._identity}"

    def _unpack(self, package: Package, apt: PrivateApt) -> None:
        folder = self.folder_of(package)
        debs = [deb for deb in apt.closure_of([package.name]) if not NOT_NEEDED.match(deb.name)]
        apt.download(debs, self._work / "debs")
        with making(folder):
            unpack(debs, self._work / "debs", folder)
            (folder / "bin").mkdir()
            for name in package.programs:
                write_starter(folder, name)


def write_starter(folder: Path, name: str) -> None:
    """Write bin/NAME, which starts the unpacked program with the unpacked libraries and data."""
    found = next((path for part in PROGRAM_FOLDERS for path in folder.glob(f"{part}/{name}")), None)
    if found is None:
        return
    data = next(folder.glob("usr/lib/*/espeak-ng-data"), None) or next(
        folder.glob("usr/share/espeak-ng-data"), None
    )
    variables = f'export ESPEAK_DATA_PATH="{_below_home(data.parent, folder)}"\n' if data else ""
    libraries = sorted(
        {path.parent for path in folder.rglob("lib*.so*")}, key=lambda path: (len(path.parts), path)
    )
    starter = folder / "bin" / name
    starter.write_text(
        WRAPPER.format(
            libraries=":".join(_below_home(path, folder) for path in libraries),
            variables=variables,
            program=found.relative_to(folder),
        ),
        encoding="utf-8",
    )
    starter.chmod(0o755)


def _below_home(path: Path, folder: Path) -> str:
    return f"$home/{path.relative_to(folder)}"
