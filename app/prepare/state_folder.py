"""状态目录: the one folder that holds all that was prepared and all that the hotline writes."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.prepare.progress import Progress
from core.errors import HotlineError

SYSTEM_FOLDER = Path("/var/lib/hotline")
COMPLETE = "complete"
IN_USE = "in-use"
KEPT_SECONDS = 7 * 24 * 3600


class StateFolderUnusable(HotlineError):
    """状态目录不能使用,请检查磁盘和权限,或用环境变量 HOTLINE_STATE_DIR 指定另一个目录。"""


class StateFolderHidden(HotlineError):
    """以 root 运行时服务账号进不去状态目录,请用 HOTLINE_STATE_DIR 指定一个不在个人主目录下的目录。"""


def state_folder_of(environment: Mapping[str, str], *, root: bool) -> Path:
    """Choose the folder: the override, else the system's (root), else the user's own."""
    chosen = environment.get("HOTLINE_STATE_DIR")
    if chosen:
        return Path(chosen).absolute()
    if root:
        return SYSTEM_FOLDER
    state_home = environment.get("XDG_STATE_HOME") or Path(
        environment.get("HOME") or Path.home(), ".local/state"
    )
    return Path(state_home) / "hotline"


def opened(folder: Path, *, root: bool) -> Path:
    """Create the folder where it is missing; return it.

    Raises:
        StateFolderUnusable: it cannot be created or written.
        StateFolderHidden: root runs this, and a service user could not reach it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if root:
            folder.chmod(0o755)
    except OSError as failed:
        raise StateFolderUnusable(folder=folder, reason=failed.strerror) from failed
    if not os.access(folder, os.W_OK):
        raise StateFolderUnusable(folder=folder, reason="不可写")
    if root and not open_to_others(folder):
        raise StateFolderHidden(folder=folder)
    return folder


def open_to_others(folder: Path) -> bool:
    """Tell whether every user may walk down to `folder`."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


@contextmanager
def one_at_a_time(state: Path, progress: Progress) -> Iterator[None]:
    """Let only one preparation work in the state folder; the second waits for the first."""
    with (state / "prepare.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.remark("另一个准备过程正在进行,等它结束……")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_complete(folder: Path) -> bool:
    """Tell whether `folder` was made to its end."""
    return (folder / COMPLETE).exists()


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """Make `folder` anew: what breaks off is taken away again, only a whole one gets its mark.

    The folder is made in its final place, because a Python environment writes its own path into its scripts.
    """
    discard(folder)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    try:
        yield
    except BaseException:
        discard(folder)
        raise
    os.sync()
    (folder / COMPLETE).touch()


def discard(folder: Path) -> None:
    """Remove `folder`, its mark first, so that a removal that breaks off leaves nothing that looks whole."""
    (folder / COMPLETE).unlink(missing_ok=True)
    if folder.exists():
        shutil.rmtree(folder)


def keep_in_use(folder: Path) -> None:
    """Hold `folder` for as long as this process lives, also after it has become another program."""
    held = os.open(folder / IN_USE, os.O_CREAT | os.O_RDWR, 0o644)
    fcntl.flock(held, fcntl.LOCK_SH)
    os.utime(held)
    os.set_inheritable(held, True)


def sweep(keep: Path, now: float) -> None:
    """Remove other versions of `keep` (a folder KIND-VERSION), unless used lately (`now` as time.time())."""
    kind = _kind_of(keep)
    for old in keep.parent.glob(f"{kind}-*"):
        if _kind_of(old) == kind and old != keep and not is_in_use(old, now):
            discard(old)


def _kind_of(folder: Path) -> str:
    return folder.name.rpartition("-")[0]


def is_in_use(folder: Path, now: float) -> bool:
    """Tell whether a process runs from `folder`, or one began to within the last week.

    Two checkouts that share a state folder would otherwise take each other's away in turn.
    """
    mark = folder / IN_USE
    used = mark if mark.exists() else folder
    if now - used.stat().st_mtime < KEPT_SECONDS:
        return True
    return used == mark and _is_held(mark)


def _is_held(mark: Path) -> bool:
    with mark.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
