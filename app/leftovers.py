"""遗留进程: ends what an earlier start, killed in its tracks, left running."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.05
PROCESSES = Path("/proc")
ENDED = "Z"


def end_leftover(run: Path, name: str) -> None:
    """Kill what an earlier start left running under this name, with its children; nobody else's process."""
    pid_file = run / f"{name}.pid"
    with contextlib.suppress(OSError, ValueError):
        pid = int(pid_file.read_text())
        if str(run.parent) in _command_of(pid):
            log.warning("停掉上次留下的进程", part=name, pid=pid)
            # All at once, children included: PostgreSQL's would hold its memory and keep the next one out.
            _kill([pid, *_below(pid)])
    pid_file.unlink(missing_ok=True)


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(is_running(pid) for pid in pids):
        time.sleep(LOOK_SECONDS)


def _below(pid: int) -> Iterator[int]:
    parents = {int(entry.name): _parent_of(int(entry.name)) for entry in PROCESSES.glob("[0-9]*")}
    known = {pid}
    while found := {child for child, parent in parents.items() if parent in known} - known:
        yield from found
        known |= found


def _command_of(pid: int) -> str:
    return (PROCESSES / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace")


def _status_of(pid: int) -> list[str]:
    """State, parent and what follows the name in brackets; empty when there is no such process."""
    try:
        return (PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent_of(pid: int) -> int:
    status = _status_of(pid)
    return int(status[1]) if status else 0


def is_running(pid: int) -> bool:
    """One whose last thread has ended holds nothing any more, even if its parent never asks for it."""
    status = _status_of(pid)
    if not status:
        return False
    try:
        threads = len(list((PROCESSES / str(pid) / "task").iterdir()))
    except OSError:
        return False
    return status[0] != ENDED or threads > 1
