"""启动: prepare what the asked command lacks, then become the hotline's own Python running that command."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from app.prepare.needs import USAGE, asks_for_usage, needs_of
from app.prepare.places import HANDED_OVER, Places
from app.prepare.preparation import Preparation
from app.prepare.report import report
from app.prepare.state_folder import keep_in_use
from core.errors import HotlineError

PROJECT = Path(__file__).resolve().parents[2]


class PreparationFailed(HotlineError):
    """准备过程中读写文件失败,请检查磁盘空间和权限后重新运行,已完成的部分不会重做。"""


def start(arguments: Sequence[str]) -> int:
    """Run the command line; return an exit code where the process does not become another program."""
    if asks_for_usage(arguments):
        print(USAGE, end="")
        return 0
    needs = needs_of(arguments)
    try:
        preparation = Preparation.of(PROJECT)
        places = preparation.run(needs)
    except HotlineError as error:
        return _fail(f"错误:{error}", 1)
    except OSError as error:
        return _fail(f"错误:{PreparationFailed(file=error.filename, reason=error.strerror)}", 1)
    except KeyboardInterrupt:
        return _fail("已中断。再次运行会从断开的地方继续。", 130)
    if arguments[0] == "prepare":
        print(report(places), end="")
    else:
        become(places, preparation.file(needs), arguments)
    return 0


def become(places: Places, file: Path, arguments: Sequence[str]) -> NoReturn:
    """Replace this process by the app, in its own Python; `file` tells it where everything lies."""
    for folder in places.prepared():
        keep_in_use(folder)
    environment = {**os.environ, HANDED_OVER: str(file), "PYTHONPATH": str(places.project)}
    # -P: the folder in which the person stands is none of the program's.
    command = [str(places.python), "-P", "-m", "app", *arguments]
    os.execve(places.python, command, environment)  # noqa: S606 - no shell is meant


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
