"""代码副本: the project's code where a service user can read it, also when the checkout is closed to him."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.prepare.progress import Progress
from app.prepare.state_folder import is_complete, making

DATA_FOLDERS = ("profiles",)
NOT_RUN = ("tests", "benchmarks")
CACHES = ("__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")


def readable_code(project: Path, state: Path, progress: Progress) -> Path:
    """Return a copy of the project's packages and data that has today's content; made where it is missing."""
    files = sorted(code_files(project))
    folder = state / f"code-{digest_of(files, project)}"
    if not is_complete(folder):
        with progress.step("复制程序代码到服务账号可读的目录"), making(folder):
            for file in files:
                _copy(file, folder / file.relative_to(project))
    return folder


def code_files(project: Path) -> Iterator[Path]:
    """Give all files of the packages and data folders; no tests, and no settings, which hold passwords."""
    for entry in project.iterdir():
        if entry.is_dir() and _holds_code(entry):
            yield from (file for file in entry.rglob("*") if file.is_file() and not _is_cache(file))


def _holds_code(folder: Path) -> bool:
    if folder.name in NOT_RUN:
        return False
    return folder.name in DATA_FOLDERS or (folder / "__init__.py").exists()


def _is_cache(file: Path) -> bool:
    return any(part in CACHES for part in file.parts)


def digest_of(files: list[Path], project: Path) -> str:
    """Return a short digest of names and content."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(project)}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)
    target.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
