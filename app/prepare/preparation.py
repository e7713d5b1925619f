"""准备: bring everything that a command needs into being, in the order in which one thing needs the other."""

import os
import platform
import shutil
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from app.prepare.asterisk import asterisk_in, named_asterisk, system_asterisk
from app.prepare.bundle import build_bundle, bundle_folder, is_whole
from app.prepare.code_copy import readable_code
from app.prepare.needs import Needs, Package
from app.prepare.packages import Packages
from app.prepare.places import AsteriskPlaces, Places
from app.prepare.private_packages import PrivatePackages
from app.prepare.progress import Progress
from app.prepare.python_env import build_env, env_folder, pip_wheel, python_of
from app.prepare.service_user import hand_over, service_user
from app.prepare.state_folder import one_at_a_time, opened, state_folder_of, sweep
from core.errors import HotlineError

# The wheel from which our environment gets its packages, where the distribution has taken it out of Python.
PIP = Package(name="python3-pip-whl", programs=())


class PipMissing(HotlineError):
    """这台机器的 Python 没有自带 pip:请安装 python3-venv(或带 ensurepip 的 Python)后重新运行。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """One run of the preparation for the project in `project`, in the folder `state`."""

    project: Path
    state: Path
    root: bool
    environment: Mapping[str, str]
    progress: Progress

    @classmethod
    def of(cls, project: Path) -> Self:
        """Prepare for whoever started us, on this machine.

        Raises:
            StateFolderUnusable, StateFolderHidden: there is no place to prepare anything in.
        """
        root = os.geteuid() == 0
        state = opened(state_folder_of(os.environ, root=root), root=root)
        progress = Progress(sys.stderr)
        return cls(project=project, state=state, root=root, environment=os.environ, progress=progress)

    def run(self, needs: Needs) -> Places:
        """Prepare what is missing; say where everything is.

        Raises:
            HotlineError: something is missing and cannot be had; the sentence says what to do.
        """
        with one_at_a_time(self.state, self.progress):
            packages = self._packages(needs)
            python = self._python(needs)
            asterisk = self._asterisk(python) if needs.asterisk else None
            user = service_user(self.state, self.progress) if self.root else None
            places = Places(
                project=self.project,
                code=readable_code(self.project, self.state, self.progress) if self.root else self.project,
                state_dir=self.state,
                data_dir=hand_over(self.state / "data", user),
                python=python,
                asterisk=asterisk,
                programs=packages.programs(needs.packages),
                baresip_modules=packages.baresip_modules(),
                service_user=user,
            )
            places.write(self.file(needs))
            self._tidy_up(places)
            return places

    def file(self, needs: Needs) -> Path:
        """Return the file that says where everything lies."""
        return self.state / f"places-{needs.name}.json"

    def _tidy_up(self, places: Places) -> None:
        for folder in {*places.prepared(), *self._private().roots()}:
            sweep(folder, time.time())
        shutil.rmtree(self._work, ignore_errors=True)

    @property
    def _work(self) -> Path:
        """Downloads: kept when something breaks off, so that the next start goes on from there."""
        return self.state / "downloads"

    def _private(self) -> PrivatePackages:
        return PrivatePackages(self.state, self._work, _release())

    def _packages(self, needs: Needs) -> Packages:
        packages = Packages(self._private(), self.progress, root=self.root)
        wanted = list(packages.missing(needs.packages))
        if self._env_python(needs) is None and self._pip() is None:
            wanted.append(PIP)
        if wanted:
            packages.install(wanted)
        return packages

    def _env_python(self, needs: Needs) -> Path | None:
        return python_of(env_folder(self.state, self.project, needs.lock))

    def _pip(self) -> Path | None:
        return pip_wheel((Path("/"), *self._private().roots()))

    def _python(self, needs: Needs) -> Path:
        ready = self._env_python(needs)
        if ready:
            return ready
        pip = self._pip()
        if pip is None:
            raise PipMissing
        folder = env_folder(self.state, self.project, needs.lock)
        return build_env(folder, self.project, needs.lock, pip, self.progress)

    def _asterisk(self, python: Path) -> AsteriskPlaces:
        given = named_asterisk(self.environment) or system_asterisk()
        if given:
            return given
        folder = bundle_folder(self.state)
        if not is_whole(folder):
            mirror = self.environment.get("HOTLINE_DEBIAN_MIRROR")
            build_bundle(folder, python, self._work, mirror, self.progress)
        return asterisk_in(folder)


def _release() -> str:
    """Return which release of which distribution this is."""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return platform.platform()
    return f"{told['ID']} {told.get('VERSION_ID', '')}"
