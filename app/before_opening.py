"""开门检查: everything that can be known to go wrong, said before the first part is started."""

import subprocess
from contextlib import suppress
from pathlib import Path

from app.instance import Instance
from app.ports import check_free
from app.work_clocks import policies_of
from asr.model_folder import check_model
from console.sms_texts import read_texts
from core.errors import HotlineError
from core.settings import Settings
from recordings.files import check_folder
from recordings.rule import FILE as KEEPING_RULE
from recordings.rule import NoKeepingRule, read_rule
from tickets.study_policy import read_study

MEGABYTE = 1024 * 1024
FULL_MB = 20
"""With less room nothing can be recorded; between this and ``free_mb`` we open, and warn."""


MODEL = Path("am/final.mdl")


class OutOfReach(HotlineError):
    """热线的进程够不着这个文件或文件夹:请把它和上级文件夹的权限放开给服务账号,或换一个位置。"""


def check_before_opening(instance: Instance) -> None:
    """Raise the first thing that would keep a part from serving; nothing is started, nothing is written."""
    _check_ports(instance.settings)
    check_model(instance.speech_model)
    policies_of(instance.profile)
    read_texts(instance.profile)
    read_study(instance.profile)
    with suppress(NoKeepingRule):
        # Without a rule nothing is deleted; a wrong one is to be noticed now, not at night.
        read_rule(instance.profile / KEEPING_RULE)
    room = min(FULL_MB, instance.settings.recordings.free_mb)
    check_folder(instance.recordings, room * MEGABYTE)
    for path in _read_by_parts(instance):
        _check_reach(instance, path, "-r")
    _check_reach(instance, instance.recordings, "-w")


def warning_of_room(instance: Instance) -> str:
    """Give a sentence when recordings have less room than ``free_mb``; empty when they have enough."""
    try:
        check_folder(instance.recordings, instance.settings.recordings.free_mb * MEGABYTE)
    except HotlineError as error:
        return str(error)
    return ""


def _check_ports(settings: Settings) -> None:
    check_free(settings.sip.port, what="sip.port", udp=True, host=str(settings.sip.bind))
    check_free(settings.doors.ami, what="doors.ami")
    check_free(settings.doors.agi, what="doors.agi")
    if settings.web.use:
        check_free(settings.web.port, what="web.port", host=str(settings.web.bind))
    if settings.broker.use == "own":
        check_free(settings.broker.port, what="broker.port")


def _read_by_parts(instance: Instance) -> list[Path]:
    places = instance.places
    asterisk = [places.asterisk.launcher, places.asterisk.modules] if places.asterisk else []
    return [places.python, places.code, *places.programs.values(), *asterisk, instance.speech_model / MODEL]


def _check_reach(instance: Instance, path: Path, way: str) -> None:
    """Ask the kernel, as the service user: only it knows every right on the way."""
    user = instance.places.service_user
    asked = subprocess.run(
        ["test", way, path],
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        check=False,
    )
    if asked.returncode != 0:
        raise OutOfReach(path=path)
