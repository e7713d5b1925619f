"""呼叫压测: our flow against the plain dialplan, at rising rate, interleaved, in the same run.

A rate is held when at least 99 of 100 calls succeed, hardly a message had to be repeated and the
citizens among them who are our own telephones heard the greeting soon. A way of handling calls that
did not hold a rate is not asked for a higher one in that round.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from statistics import median

from benchmarks.figures import percentile
from benchmarks.footprint import Footprint, footprint_of
from benchmarks.load import Load, LoadResult, make_calls
from benchmarks.probe import ProbeResult, probe_calls
from benchmarks.system import System, Variant

HELD_SHARE = 0.99
REPEATED_SHARE = 0.01
SOON_MS = 500.0
_BREATH_SECONDS = 1.0
_WARM_UP_RATE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured; ``probes_per_second`` are part of the rate."""

    rates: tuple[int, ...] = (20, 50, 100, 150, 200, 250, 300)
    seconds: float = 10.0
    rounds: int = 3
    probes_per_second: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """一步: one variant at one rate in one round; CPU in milliseconds per call, memory in MiB."""

    round: int
    variant: str
    rate: int
    calls: int
    held: bool
    sipp_answers_ms: tuple[float, ...]
    answers_ms: tuple[float, ...]
    greetings_ms: tuple[float, ...]
    cpu_ms: Mapping[str, float]
    resident_mib: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All steps, and what they come to: the highest rate held, the median over the rounds."""

    baseline: str
    steps: tuple[Step, ...]
    ceilings: Mapping[str, float]


class CallBench:
    """Measures one system; nobody else should use it meanwhile."""

    def __init__(self, system: System, plan: Plan, random: Random) -> None:
        """Know what is measured and how much."""
        self._system = system
        self._plan = plan
        self._random = random

    async def run(self, tell: Callable[[Step], None]) -> Report:
        """Measure everything in turn; ``tell`` hears of every step when it is done.

        Raises SippMissing, SippFailed, and FileNotFoundError when a process of the system is gone.
        """
        for variant in self._system.variants:
            await self._step(0, variant, _WARM_UP_RATE)  # what only the first calls pay does not count
        steps: list[Step] = []
        for number in range(1, self._plan.rounds + 1):
            async for step in self._round(number):
                steps.append(step)
                tell(step)
        return Report(baseline=self._system.variants[0].name, steps=tuple(steps), ceilings=ceilings_of(steps))

    async def _round(self, number: int) -> AsyncIterator[Step]:
        tired: set[str] = set()
        for rate in self._plan.rates:
            for variant in self._system.variants:
                if variant.name in tired:
                    continue
                step = await self._step(number, variant, rate)
                if not step.held:
                    tired.add(variant.name)
                yield step

    async def _step(self, number: int, variant: Variant, rate: int) -> Step:
        system, plan = self._system, self._plan
        probes = min(plan.probes_per_second, rate / 2)
        load = Load(
            caller_ip=system.caller_ip,
            sip=system.sip,
            number=variant.number,
            calls_per_second=rate - probes,
            seconds=plan.seconds,
        )
        before = footprint_of(system.processes)
        probing = probe_calls(replace(load, calls_per_second=probes), self._random)
        loaded, probed = await asyncio.gather(make_calls(load), probing)
        await asyncio.sleep(_BREATH_SECONDS)
        after = footprint_of(system.processes)
        calls = loaded.made + len(probed.greetings_ms) + probed.lost
        return Step(
            round=number,
            variant=variant.name,
            rate=rate,
            calls=calls,
            held=held(loaded, probed, plan.seconds),
            sipp_answers_ms=loaded.answers_ms,
            answers_ms=probed.answers_ms,
            greetings_ms=probed.greetings_ms,
            cpu_ms=_cpu_ms(before, after, calls),
            resident_mib=after.resident_mib,
        )


def held(loaded: LoadResult, probed: ProbeResult, seconds: float) -> bool:
    """Tell whether a rate was held for that many seconds."""
    made = loaded.made + len(probed.greetings_ms) + probed.lost
    heard = loaded.succeeded + len(probed.greetings_ms)
    return (
        heard >= HELD_SHARE * made
        and loaded.repeated_messages <= REPEATED_SHARE * made
        and loaded.last_answer_seconds <= seconds + _BREATH_SECONDS
        and percentile(probed.greetings_ms, 0.95) <= SOON_MS
    )


def ceilings_of(steps: Sequence[Step]) -> dict[str, float]:
    """Give, by variant, the median over the rounds of the highest rate held; 0 where none was."""
    highest: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    for step in steps:
        of_round = highest[step.variant]
        of_round[step.round] = max(of_round[step.round], float(step.rate) if step.held else 0.0)
    return {variant: median(by_round.values()) for variant, by_round in highest.items()}


def _cpu_ms(before: Footprint, after: Footprint, calls: int) -> dict[str, float]:
    return {
        name: (seconds - before.cpu_seconds[name]) * 1000 / calls
        for name, seconds in after.cpu_seconds.items()
    }
