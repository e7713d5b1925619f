"""进度: one line per step with its seconds, on standard error: standard output belongs to the command."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Tells the person in front of the screen what takes so long."""

    def __init__(self, out: TextIO, seconds: Callable[[], float] = time.monotonic) -> None:
        """Write to `out`; `seconds` is a monotonic clock."""
        self._out = out
        self._seconds = seconds
        self._greeted = False

    @contextmanager
    def step(self, said: str) -> Iterator[None]:
        """Say what begins, and when it is over how many seconds it took."""
        if not self._greeted:
            self._write("正在准备运行环境,首次约需一至三分钟,以后启动不再重复。\n")
            self._greeted = True
        began = self._seconds()
        self._write(f"  {said} …… ")
        try:
            yield
        except BaseException:
            self._write("未完成\n")
            raise
        self._write(f"{self._seconds() - began:.1f} 秒\n")

    def remark(self, said: str) -> None:
        """Say something on a line of its own, between two steps."""
        self._write(f"  {said}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
