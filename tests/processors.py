"""处理器时间: how much of what this machine needed its host gave to others (steal), while a test ran.

A virtual machine that does not run for seconds drops the sound of telephones that talk in real time. What a
story shows then is the host, not the hotline. The kernel counts it (``/proc/stat``); where it does not, in
containers for instance, nothing counts as taken.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")
TOO_MUCH = 0.1
"""From this share on a red story is lived again: a tenth on average is seconds without any processor."""


class ProcessorsTaken(Exception):
    """宿主机抢占了处理器:实时的声音因此中断,这一次不能作数。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processors:
    """What all processors have done since the machine started; ticks."""

    used: int
    taken: int

    @classmethod
    def now(cls, stat: Path = STAT) -> "Processors":
        """Read them; all 0 where the kernel does not say."""
        if not stat.exists():
            return cls(used=0, taken=0)
        user, nice, system, _idle, _wait, irq, softirq, steal = map(int, stat.read_text().split()[1:9])
        return cls(used=user + nice + system + irq + softirq, taken=steal)

    def taken_since(self, before: "Processors") -> float:
        """Give the share of the time that was needed, from 0 to 1, in which others had the processors."""
        taken = self.taken - before.taken
        needed = taken + self.used - before.used
        return taken / needed if needed else 0.0


@contextmanager
def naming_the_host(stat: Path = STAT) -> Iterator[None]:
    """Raise ProcessorsTaken from what failed within, if the host may have been the cause of it."""
    before = Processors.now(stat)
    try:
        yield
    except Exception as error:
        share = Processors.now(stat).taken_since(before)
        if share >= TOO_MUCH:
            raise ProcessorsTaken(f"宿主机占去了这段时间所需处理器的 {share:.0%}") from error
        raise
