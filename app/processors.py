"""处理器时间: how much of what this machine needed its host gave to others (steal).

A virtual machine that does not run for a second drops the sound of every talk in that second: recordings then
lack seconds, and nothing that we do helps. The kernel counts it (``/proc/stat``); where it does not, in
containers for instance, nothing counts as taken.
"""

from dataclasses import dataclass
from pathlib import Path

STAT = Path("/proc/stat")
TOO_MUCH = 0.1
"""A tenth on average is whole seconds without any processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processors:
    """What all processors have done since the machine started; ticks of the kernel."""

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
