"""外部程序: run a program of the system, quietly, and put its failure into one sentence."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import HotlineError

# How much of what a failed program said is repeated to the person.
LAST_WORDS = 300


class ToolFailed(HotlineError):
    """准备过程中有一个程序没有成功,请按原因处理后重新运行,已完成的部分不会重做。"""

    @property
    def reason(self) -> str:
        """What the program said."""
        return str(self.facts["reason"])


class ToolMissing(HotlineError):
    """这台机器上缺少准备所需的系统程序,请先安装它。"""

    @property
    def reason(self) -> str:
        """What is missing."""
        return f"缺少 {self.facts['program']}"


def run(
    command: Sequence[str | Path], extra: Mapping[str, str] | None = None, inside: Path | None = None
) -> str:
    """Run `command` in the folder `inside`, with `extra` on top of our variables; return what it printed.

    Raises:
        ToolMissing: there is no such program.
        ToolFailed: it ended with a code other than 0; carries its last words.
    """
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **(extra or {})}
    try:
        done = subprocess.run(
            [str(part) for part in command],
            env=environment,
            cwd=inside,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as missing:
        raise ToolMissing(program=command[0]) from missing
    if done.returncode:
        raise ToolFailed(program=Path(command[0]).name, reason=last_words(done.stderr or done.stdout))
    return done.stdout


def last_words(said: str) -> str:
    """Return the first line that names a fault (apt's `E:`, pip's `ERROR:`), or else the last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    faults = [line for line in lines if line.startswith(("E:", "ERROR:"))]
    return "".join(faults[:1] or lines[-1:])[:LAST_WORDS] or "?"
