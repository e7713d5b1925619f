"""乱码测试: spoiled input on every wire from Asterisk; the programs that read it must not notice much.

The real readers, servers and panoramisk, on wires in memory and on a virtual clock. Each input is one
spoiled trace. Wanted: no mistake that nobody expected, nothing that takes long, no memory kept.
"""

import gc
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from benchmarks.fuzz_agi import serve_calls
from benchmarks.fuzz_ami import listen_to_manager
from benchmarks.fuzz_logs import read_cel, read_queue_log

Portion = Callable[[Random, int], None]
"""Reads so many spoiled inputs; raises what the programs under test do not catch."""
PORTIONS: dict[str, tuple[Portion, int]] = {
    "AGI 对话": (serve_calls, 30),
    "AMI 事件与应答": (listen_to_manager, 90),
    "队列日志": (read_queue_log, 40),
    "话路事件": (read_cel, 40),
}
"""How each kind of input is read, and how many in a row."""
PORTION_SECONDS = 30
PAGE_BYTES = 4096
WARM_SHARE = 0.25
"""Of the inputs; what is kept after them is kept once and for all."""
MOST_MISTAKES = 5
MOST_GROWN_BYTES = 24 * 1024 * 1024
SLOWEST_SECONDS = 10.0
"""Processor time of a portion of some dozens of inputs; usually a tenth of a second."""
EVERY = 20
SHOWN = 300


class TakesTooLong(BaseException):
    """A portion that would not end; no ``except`` of a program under test may catch this."""


@dataclass(slots=True, kw_only=True)
class Fuzzed:
    """What came of it."""

    seed: int
    inputs: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PORTIONS, 0))
    mistakes: list[str] = field(default_factory=list)
    """Where, and what was raised."""
    slowest_seconds: float = 0.0
    """Processor time of the slowest portion."""
    grown_bytes: int = 0
    """Memory of this process at the end, beyond what it had after the first quarter."""
    wall_seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many inputs there were."""
        return sum(self.inputs.values())

    @property
    def harmed(self) -> bool:
        """Whether something broke, was slow, or was kept."""
        slow, kept = self.slowest_seconds > SLOWEST_SECONDS, self.grown_bytes > MOST_GROWN_BYTES
        return bool(self.mistakes) or slow or kept


def fuzz(inputs: int, seed: int, progress: Callable[[int], None] = lambda _done: None) -> Fuzzed:
    """Read at least so many spoiled inputs; the same seed spoils in the same way."""
    found, began, warm_bytes, number = Fuzzed(seed=seed), time.perf_counter(), 0, 0
    while found.total < inputs and len(found.mistakes) < MOST_MISTAKES:
        for kind in PORTIONS:
            _read(found, kind, number)
        number += 1
        if number % EVERY == 0:
            progress(found.total)
        if not warm_bytes and found.total >= inputs * WARM_SHARE:
            warm_bytes = _memory()
    found.grown_bytes = max(0, _memory() - warm_bytes)
    found.wall_seconds = time.perf_counter() - began
    return found


def summary(found: Fuzzed) -> str:
    """Say it in Chinese."""
    kinds = "、".join(f"{kind} {count}" for kind, count in found.inputs.items())
    lines = [
        f"乱码 {found.total} 条({kinds}), 种子 {found.seed}, 用时 {found.wall_seconds:.0f} 秒",
        (
            f"出错 {len(found.mistakes)} 处, 最慢一批占处理器 {found.slowest_seconds:.2f} 秒, "
            f"内存增长 {found.grown_bytes / 1024:.0f} KiB"
        ),
    ]
    return "\n".join(lines + found.mistakes)


def _read(found: Fuzzed, kind: str, number: int) -> None:
    portion, count = PORTIONS[kind]
    where = f"{found.seed}/{kind}/{number}"
    began = time.process_time()
    try:
        with _at_most(PORTION_SECONDS):
            portion(Random(where), count)  # noqa: S311 - to be repeated, not to be secret
    except (Exception, TakesTooLong) as error:  # noqa: BLE001 - finding what is raised is the purpose
        found.mistakes.append(f"{where}: {_told(error)}"[:SHOWN])
    found.inputs[kind] += count
    found.slowest_seconds = max(found.slowest_seconds, time.process_time() - began)


def _told(error: BaseException) -> str:
    """Name the error, and the last of our lines that it came through."""
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        place, trace = f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}", trace.tb_next
    return f"{type(error).__name__}: {error} ({place})"


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise TakesTooLong

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _memory() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES
