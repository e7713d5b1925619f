"""Python 环境: our own Python packages, exactly those of a lock file, in a folder named after the lock."""

import hashlib
import os
import sys
from pathlib import Path

from app.prepare.progress import Progress
from app.prepare.state_folder import is_complete, making, open_to_others
from app.prepare.tools import ToolFailed, run
from core.errors import HotlineError

# What jieba and its like are built with; they come as source only.
BUILD_LOCK = "requirements-build.lock"
SYSTEM_PYTHON = Path("/usr/bin/python3")
WHEEL_FOLDERS = ("usr/share/python-wheels", "usr/share/python3-wheels")
# A person's pip configuration (mirror, certificates) counts, but not what would install elsewhere.
PIP_SETTINGS = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


class PythonPackagesNotInstalled(HotlineError):
    """Python 软件包没有装上:请检查网络和 pip 的镜像设置(pip config list)后重新运行。"""


class PythonHidden(HotlineError):
    """以 root 运行时服务账号进不去当前 Python 的目录,请安装系统自带的 Python 3.11 或更新版本。"""


def env_folder(state: Path, project: Path, lock: str) -> Path:
    """Return where the environment of a lock file lies: another lock or another Python is another folder."""
    content = [(project / name).read_bytes() for name in (BUILD_LOCK, lock)]
    version = str(sys.version_info[:2]).encode()
    digest = hashlib.sha256(b"\0".join([version, *content])).hexdigest()[:12]
    kind = Path(lock).stem.removeprefix("requirements").lstrip("-") or "run"
    return state / f"python-{kind}-{digest}"


def python_of(folder: Path) -> Path | None:
    """Return the Python of a complete environment, None when there is none (yet, or its base has gone)."""
    python = folder / "bin" / "python"
    return python if is_complete(folder) and python.exists() else None


def pip_wheel(roots: tuple[Path, ...] = (Path("/"),)) -> Path | None:
    """Find the pip that Python or the distribution brings as a wheel; it runs without being installed."""
    folders = [root / name for root in roots for name in WHEEL_FOLDERS]
    standard_library = Path(os.__file__).parent
    folders.append(standard_library / "ensurepip" / "_bundled")
    return next((wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))), None)


def build_env(folder: Path, project: Path, lock: str, pip: Path, progress: Progress) -> Path:
    """Install exactly the packages of `lock` into a new environment; return its Python.

    Raises:
        PythonPackagesNotInstalled: one could not be fetched or is not the one that was locked.
    """
    with progress.step("安装 Python 软件包"), making(folder):
        python = folder / "bin" / "python"
        run((_base_python(), "-m", "venv", "--without-pip", folder))
        for name in (BUILD_LOCK, lock):
            _install(python, pip, project / name)
        run((python, "-m", "compileall", "-q", "-j", "0", folder / "lib"))
    return python


def _install(python: Path, pip: Path, lock: Path) -> None:
    options = ["--quiet", "--require-hashes", "--no-build-isolation", "--use-pep517", "--no-compile"]
    try:
        run([str(python), str(pip / "pip"), "install", *options, "-r", str(lock)], PIP_SETTINGS)
    except ToolFailed as failed:
        raise PythonPackagesNotInstalled(**failed.facts) from failed


def _base_python() -> Path:
    """Return the Python to build on: this one, unless a service user could not reach it."""
    ours = Path(sys.executable).resolve()
    if os.geteuid() != 0 or open_to_others(ours.parent):
        return ours
    asked = (SYSTEM_PYTHON, "-c", "import sys; print(sys.version_info[:2])")
    if SYSTEM_PYTHON.exists() and run(asked).strip() == str(sys.version_info[:2]):
        return SYSTEM_PYTHON
    raise PythonHidden(python=ours)
