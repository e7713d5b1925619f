"""自己的进程: what the engine and the recogniser have in common as processes."""

import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from app.instance import Instance
from app.stopping import run_until_stopped
from core.errors import HotlineError
from core.logs import set_up_logs

Serve = Callable[[Instance], Coroutine[Any, Any, int]]


def run_process(name: str, serve: Serve) -> int:
    """Run as ``python -m app.NAME INSTANCE_FOLDER``; logs into its folder, says errors in one sentence."""
    instance = Instance.load(Path(sys.argv[1]))
    set_up_logs(name, folder=instance.logs)
    try:
        return run_until_stopped(serve(instance))
    except HotlineError as error:
        print(error, file=sys.stderr)
        return 1
