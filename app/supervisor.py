"""值守: starts the parts of the hotline in order, waits until each serves, restarts what dies, stops all.

A part that does not come up takes the parts before it down again: nothing half-started stays.
"""

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import structlog

from app.prepare.places import ServiceUser
from core.errors import HotlineError

log = structlog.get_logger(__name__)

STOP_SECONDS = 10.0
LOOK_SECONDS = 0.05
PRIVATE = 0o027
"""Recordings, logs and data are for the service user and its group."""
RESTART_PAUSES = (0.2, 1.0, 2.0, 5.0, 15.0)
"""Seconds before each further restart of a part that keeps dying."""
QUIET_SECONDS = 60.0
"""A part that lived so long starts over with the shortest pause."""
TAIL_BYTES = 4000
_TROUBLE = re.compile(r"[\u4e00-\u9fff]|FATAL|PANIC|ERROR")
"""Our own parts say it in Chinese; the others with these words."""

Ready = Callable[[int], Awaitable[bool]]
"""Says whether the process of that number serves by now."""


class PartFailed(HotlineError):
    """部件启动失败,请按它说的原因解决后重新启动。"""

    def sentence(self) -> str:
        """Say which part, what it said last, and where all that it said stands."""
        said = self.facts["said"] or "它没有说原因"
        return f"{self.facts['part']}启动失败:{said} (完整记录 {self.facts['log']})"


class PartSlow(HotlineError):
    """部件迟迟没有就绪,请看它的记录,解决后重新启动。"""

    def sentence(self) -> str:
        """Say which part, how long we waited, and where all that it said stands."""
        facts = self.facts
        return f"{facts['part']}过了 {facts['seconds']} 秒还没有就绪:请看记录 {facts['log']},解决后重新启动。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process of the hotline, called ``title`` before people; ``ready`` says whether it serves by now."""

    name: str
    title: str
    argv: tuple[str, ...]
    ready: Ready
    log: Path
    run: Path
    cwd: Path
    user: ServiceUser | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    patience_seconds: float = 30.0
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def pid_file(self) -> Path:
        """Where the number of its process is written, for status and for the next start."""
        return self.run / f"{self.name}.pid"


class Supervisor:
    """Holds the parts that it started, in the order of their start."""

    def __init__(self) -> None:
        """Begin with nothing running."""
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._parts: dict[str, Part] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}

    def pid_of(self, name: str) -> int:
        """Give the process number of a running part."""
        return self._running[name].pid

    async def start(self, part: Part) -> None:
        """Start a part and wait until it serves; raises PartFailed or PartSlow, with all parts stopped."""
        self._parts[part.name] = part
        try:
            await self._launch(part)
        except HotlineError:
            await self.stop()
            raise
        self._watches[part.name] = asyncio.create_task(self._keep_alive(part), name=f"keep {part.name}")

    async def stop(self) -> None:
        """Stop every part, the last one first."""
        for name in reversed(tuple(self._running)):
            await self.stop_part(name)

    async def stop_part(self, name: str) -> None:
        """Stop one part and do not start it again."""
        if (watch := self._watches.pop(name, None)) is not None:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        part = self._parts.pop(name)
        await _end(self._running.pop(name), part.stop_signal)
        part.pid_file.unlink(missing_ok=True)

    async def wait(self) -> None:
        """Wait for ever, while the watches do their work."""
        await asyncio.Event().wait()

    async def _launch(self, part: Part) -> None:
        with part.log.open("ab") as output:
            said_before = output.tell()
            process = await _begin(part, output)
        self._running[part.name] = process
        part.pid_file.write_text(str(process.pid))
        await _until_ready(part, process, said_before)

    async def _keep_alive(self, part: Part) -> None:
        misses = 0
        while True:
            began = asyncio.get_running_loop().time()
            code = await self._running[part.name].wait()
            misses = 1 if asyncio.get_running_loop().time() - began > QUIET_SECONDS else misses + 1
            pause = RESTART_PAUSES[min(misses, len(RESTART_PAUSES)) - 1]
            log.error("部件意外退出, 马上重启", part=part.name, code=code, pause_seconds=pause)
            await asyncio.sleep(pause)
            try:
                await self._launch(part)
                log.warning("部件已重启", part=part.name)
            except HotlineError as error:
                log.error("部件重启失败", part=part.name, reason=str(error))  # noqa: TRY400 - a sentence, no trace


async def _begin(part: Part, output: BinaryIO) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *part.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=part.cwd,
            env={**_clean_environment(), **part.env},
            # A process group of its own: Ctrl-C reaches us alone, and we stop in order.
            start_new_session=True,
            umask=PRIVATE,
            user=part.user.uid if part.user else None,
            group=part.user.gid if part.user else None,
            extra_groups=[] if part.user else None,
        )
    except OSError as error:
        raise PartFailed(part=part.title, said=f"{error.strerror} {error.filename}", log=part.log) from error


async def _until_ready(part: Part, process: asyncio.subprocess.Process, said_before: int) -> None:
    clock = asyncio.get_running_loop().time
    until = clock() + part.patience_seconds
    while not await part.ready(process.pid):
        if process.returncode is not None:
            raise PartFailed(part=part.title, said=_reason_in(part.log, said_before), log=part.log)
        if clock() > until:
            raise PartSlow(part=part.title, seconds=int(part.patience_seconds), log=part.log)
        await asyncio.sleep(LOOK_SECONDS)


async def _end(process: asyncio.subprocess.Process, how: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _clean_environment() -> dict[str, str]:
    kept = ("PATH", "LANG", "TZ", "TERM", "LD_LIBRARY_PATH", "ESPEAK_DATA_PATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUNBUFFERED": "1"}


def _reason_in(file: Path, since: int) -> str:
    """Give what a part wrote last about an error, or else its last line; empty when it wrote nothing."""
    said = file.read_bytes()[since:][-TAIL_BYTES:].decode("utf-8", "replace").strip()
    lines = said.split("\n")
    return next((line for line in reversed(lines) if _TROUBLE.search(line)), lines[-1]).strip()
