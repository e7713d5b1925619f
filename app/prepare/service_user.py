"""服务账号: the system user that all services run as when root starts the hotline."""

import os
import pwd
from pathlib import Path

from app.prepare.places import ServiceUser
from app.prepare.progress import Progress
from app.prepare.tools import ToolFailed, ToolMissing, run
from core.errors import HotlineError

NAME = "hotline"


class NoServiceUser(HotlineError):
    """服务账号 hotline 创建不了,请先自行创建一个同名的系统账号(不允许登录),再重新运行。"""


def service_user(state: Path, progress: Progress) -> ServiceUser:
    """Return the service user; created where it is missing.

    Raises:
        NoServiceUser: it cannot be created.
    """
    try:
        return _existing()
    except KeyError:
        pass
    options = [
        "--system",
        "--user-group",
        "--home-dir",
        str(state),
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
    ]
    try:
        with progress.step("创建服务账号 hotline"):
            run(["useradd", *options, NAME])
        return _existing()
    except (ToolFailed, ToolMissing) as failed:
        raise NoServiceUser(reason=failed.reason) from failed


def _existing() -> ServiceUser:
    entry = pwd.getpwnam(NAME)
    return ServiceUser(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def hand_over(folder: Path, user: ServiceUser | None) -> Path:
    """Create the folder that services write to, closed to others: it holds what citizens said; return it."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o750)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
    return folder
