"""呼叫负荷: SIPp makes calls at a steady rate; the only file that knows SIPp."""

import asyncio
import csv
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import HotlineError

_SCENARIO = Path(__file__).parent / "sipp" / "caller.xml"
_LAST_CALLS_SECONDS = 45


class SippMissing(HotlineError):
    """没有找到 SIPp,请安装 sip-tester 后再做呼叫压测。"""


class SippFailed(HotlineError):
    """SIPp 没有跑起来,请看括号里它说的话。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What to do: from where, to where, which number, how fast, for how long."""

    caller_ip: str
    sip: tuple[str, int]
    number: str
    calls_per_second: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What came of it; answers are the times from INVITE to 200 in milliseconds, whole ones.

    ``last_answer_seconds`` counts from the start: far beyond the load's time, SIPp could not keep the pace.
    """

    made: int
    succeeded: int
    repeated_messages: int
    answers_ms: tuple[float, ...]
    last_answer_seconds: float


async def make_calls(load: Load) -> LoadResult:
    """Run SIPp to the end of its last call; raises SippMissing, SippFailed."""
    sipp = shutil.which("sipp")
    if not sipp:
        raise SippMissing
    with tempfile.TemporaryDirectory() as folder:
        running = await asyncio.create_subprocess_exec(
            sipp,
            *_options(load),
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, said = await running.communicate()
        finally:
            if running.returncode is None:
                running.kill()
                await running.wait()
        return _result(Path(folder), said.decode("utf-8", "replace"))


def _options(load: Load) -> list[str]:
    calls = max(1, round(load.calls_per_second * load.seconds))
    host, port = load.sip
    return [
        *("-sf", str(_SCENARIO), "-s", load.number, "-i", load.caller_ip, "-mi", load.caller_ip),
        *("-r", f"{load.calls_per_second:g}", "-m", str(calls), "-l", "20000", "-nostdin"),
        *("-trace_stat", "-stf", "figures.csv", "-fd", "1", "-trace_rtt", "-rtt_freq", "1"),
        *("-timeout", f"{round(load.seconds) + _LAST_CALLS_SECONDS}s"),
        f"{host}:{port}",
    ]


def _result(folder: Path, said: str) -> LoadResult:
    figures = folder / "figures.csv"
    lines = figures.read_text().splitlines() if figures.exists() else []
    if len(lines) < 2:
        raise SippFailed(said=said.strip()[-200:])
    last = dict(zip(lines[0].split(";"), lines[-1].split(";"), strict=False))
    answers: list[dict[str, str]] = []
    for file in folder.glob("*_rtt.csv"):
        with file.open() as opened:
            answers += csv.DictReader(opened, delimiter=";")
    return LoadResult(
        made=int(last["TotalCallCreated"]),
        succeeded=int(last["SuccessfulCall(C)"]),
        repeated_messages=int(last["Retransmissions(C)"]),
        answers_ms=tuple(float(answer["response_time_ms"]) for answer in answers),
        last_answer_seconds=max((float(answer["Date_ms"]) for answer in answers), default=0.0) / 1000,
    )
