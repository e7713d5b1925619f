"""占用: what processes cost, read from /proc: processor time and resident memory."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """By process name: processor seconds used since it began, resident memory in MiB now."""

    cpu_seconds: Mapping[str, float]
    resident_mib: Mapping[str, float]


def footprint_of(processes: Mapping[str, int]) -> Footprint:
    """Look at every process, all its threads; raises FileNotFoundError when one is gone."""
    return Footprint(
        cpu_seconds={name: _cpu_seconds(pid) for name, pid in processes.items()},
        resident_mib={name: _resident_mib(pid) for name, pid in processes.items()},
    )


def machine() -> str:
    """Describe this machine in one line: processor, cores, memory, kernel."""
    models = (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if "model name" in line)
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    kernel = os.uname().release
    return f"{next(models, os.uname().machine)}, {os.cpu_count()} cores, {memory >> 20} GiB, Linux {kernel}"


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / _TICKS_PER_SECOND


def _resident_mib(pid: int) -> float:
    resident = next(line for line in _lines(f"/proc/{pid}/status") if line.startswith("VmRSS"))
    return int(resident.split()[1]) / 1024


def _lines(file: str) -> list[str]:
    return Path(file).read_text().splitlines()
