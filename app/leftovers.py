"""遗留进程: ends what an earlier start, killed in its tracks, left running."""

import contextlib
import os
import signal
import time
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.05


def end_leftover(run: Path, name: str) -> None:
    """Stop what an earlier start left running under the same name; a foreign process is not touched."""
    pid_file = run / f"{name}.pid"
    try:
        pid = int(pid_file.read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        command = ""
    if str(run.parent) in command:
        log.warning("停掉上次留下的进程", part=name, pid=pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(LOOK_SECONDS)
    pid_file.unlink(missing_ok=True)
