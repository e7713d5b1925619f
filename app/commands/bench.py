"""性能测试: full counts, with what each figure means; results go into benchmarks/RESULTS.md."""

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from random import SystemRandom

from app.commands import simulate
from app.demo import CITIZENS_ADDRESS, demo_instance
from app.house import House, Workshop
from app.instance import Instance
from app.rehearsal import Outcome
from app.stopping import run_until_stopped
from benchmarks.call_report import as_json, entry, table, verdict
from benchmarks.calls import CallBench, Plan, Step
from benchmarks.fill import table as table_of_fill
from benchmarks.fill_bench import fill_bench
from benchmarks.fuzz import fuzz, summary
from benchmarks.kills import KillDay, told
from benchmarks.results import CHAOS_RESULTS, RESULTS, add_entry, as_table
from benchmarks.system import Variant
from core.clock import SystemClock
from core.logs import set_up_logs
from core.settings import Broker
from ivr.prompt_book import Prompt
from ivr.voice import Speaker, Voice
from simulator.day.day_file import read_day
from simulator.day.town import Plan as DayPlan
from tests.stories.hotline import running

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
VARIANTS = (
    Variant(name="纯拨号方案", number="9001"),
    Variant(name="我们的流程", number="9002"),
    Variant(name="我们的流程+录音", number="9003"),
)
SHORT_GREETING = "您好"
"""With the real greeting the sound itself would cost most, and hide what the flow costs."""
BENCHES = (
    "calls:呼叫速率、接通时延、每通电话的处理器时间;"
    "chaos:高峰日演练,随机捣乱一百次(不超过五分钟),再捣乱一千次;"
    "fill:一百万来电、三十万工单写进 PostgreSQL,再量列表、搜索、指标、通报;"
    "fuzz:一百万条乱码,看会不会出错、卡住、占内存;kills:五十次 kill -9 引擎,看会不会丢一通来电"
)
QUICKLY = "少量几轮,约一分钟;chaos 只省去捣乱一千次,仍是一整天,要几分钟;不写入 RESULTS.md"
FEW_BLOWS, MANY_BLOWS = 100, 1000
LONGEST_DAY_TAKES = 300
"""Seconds: so long a peak day under few blows may take on two cores."""
KILLS, KILLS_QUICKLY = 50, 10
SPOILED, SPOILED_QUICKLY = 1_000_000, 20_000
QUICK = Plan(rates=(20, 50), seconds=4.0, rounds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The hotline under test, as the benchmark sees it."""

    house: House

    @property
    def sip(self) -> tuple[str, int]:
        """Where Asterisk listens."""
        return ("127.0.0.1", self.house.instance.settings.sip.port)

    @property
    def caller_ip(self) -> str:
        """The trunk's address."""
        return CITIZENS_ADDRESS

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The plain dialplan first."""
        return VARIANTS

    @property
    def processes(self) -> Mapping[str, int]:
        """Whose time and memory count."""
        return {name: self.house.supervisor.pid_of(name) for name in ("asterisk", "engine")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline bench``."""
    parser.add_argument("name", choices=["calls", "chaos", "fill", "fuzz", "kills"], help=BENCHES)
    parser.add_argument("--quick", action="store_true", help=QUICKLY)
    parser.add_argument("--json", action="store_true", help="标准输出只有 JSON")


def run(args: argparse.Namespace) -> int:
    """Measure a hotline of its own, with nothing else running on it."""
    if args.name == "chaos":
        return _chaos(args)
    set_up_logs("bench")
    if args.name == "fuzz":
        return _fuzz(args)
    if args.name == "fill":
        return run_until_stopped(_fill(args))
    if args.name == "kills":
        return run_until_stopped(_kills(args))
    instance = demo_instance("bench")
    with instance.claimed(afresh=True):
        return run_until_stopped(_measure(_tuned(instance), args))


def _chaos(args: argparse.Namespace) -> int:
    """Rehearse a peak day under few blows and under many; 1 when anything was lost, doubled or late."""
    day = read_day("peak")
    plan = DayPlan(day=day, calls=day.calls, seed=1)
    outcomes: dict[int, Outcome] = {}
    for blows in (FEW_BLOWS,) if args.quick else (FEW_BLOWS, MANY_BLOWS):
        outcomes[blows] = outcome = simulate.rehearse(plan, blows)
        if not args.json:
            simulate.show_table(outcome, plan)
        _keep(args, as_table(simulate.told(outcome)), f" ({blows} 次)", CHAOS_RESULTS)
    if args.json:
        told = {blows: simulate.plain(outcome, plan) for blows, outcome in outcomes.items()}
        print(json.dumps(told, ensure_ascii=False))
    held = all(outcome.verdict.holds for outcome in outcomes.values())
    # a quick run is only looked at: it may share the machine
    late = not args.quick and _is_late(outcomes[FEW_BLOWS])
    return 0 if held and not late else 1


def _is_late(outcome: Outcome) -> bool:
    if outcome.wall_seconds <= LONGEST_DAY_TAKES:
        return False
    _print_step(f"用时 {outcome.wall_seconds:.0f} 秒,超过 {LONGEST_DAY_TAKES} 秒")
    return True


async def _fill(args: argparse.Namespace) -> int:
    """Fill a PostgreSQL of its own and look at it; 1 when anything took longer than it may."""
    lines = await fill_bench(quick=args.quick)
    table_of_all = table_of_fill(lines)
    print(json.dumps([asdict(line) for line in lines], ensure_ascii=False) if args.json else table_of_all)
    _keep(args, table_of_all)
    return 0 if args.quick or all(line.holds for line in lines) else 1


def _fuzz(args: argparse.Namespace) -> int:
    """Read spoiled input; 1 when anything was harmed by it."""
    inputs = SPOILED_QUICKLY if args.quick else SPOILED
    found = fuzz(inputs, SystemRandom().randrange(10**6), lambda done: _print_step(f"{done} / {inputs}"))
    print(json.dumps(asdict(found), ensure_ascii=False) if args.json else summary(found))
    _keep(args, summary(found))
    return 1 if found.harmed else 0


async def _kills(args: argparse.Namespace) -> int:
    """Kill the engine on a day of real calls; 1 when that has cost a call, a figure or a ticket."""
    kills = KILLS_QUICKLY if args.quick else KILLS
    async with running(demo_instance("bench-kills")) as hotline:
        day = KillDay(hotline, SystemRandom())
        killed = await day.live(kills, lambda done: _print_step(f"第 {done} / {kills} 次 kill -9"))
    print(json.dumps(asdict(killed), ensure_ascii=False) if args.json else told(killed))
    _keep(args, told(killed))
    return 1 if killed.harmed else 0


def _tuned(instance: Instance) -> Instance:
    """Give the instance a short recorded greeting, and no broker."""
    instance.make_folders()
    recorded = instance.folder / "recorded"
    recorded.mkdir()
    places = instance.places
    speaker = Speaker(places.program("espeak-ng"), places.program("sox"))
    speaker.speak(SHORT_GREETING, recorded / f"{Prompt.GREETING}.wav", Voice())
    settings = instance.settings.model_copy(update={"prompts": recorded, "broker": Broker(use="none")})
    return Instance(name=instance.name, folder=instance.folder, settings=settings, places=places)


async def _measure(instance: Instance, args: argparse.Namespace) -> int:
    house = House(instance, (), _print_step, Workshop(dialplan=BENCHMARKS / "extensions.conf"))
    await house.open()
    try:
        bench = CallBench(Measured(house=house), QUICK if args.quick else Plan(), SystemRandom())
        report = await bench.run(_print_progress)
    finally:
        await house.close()
    print(as_json(report) if args.json else f"{table(report)}\n\n{verdict(report)}")
    _keep(args, entry(report))
    return 0


def _keep(args: argparse.Namespace, body: str, which: str = "", results: Path = RESULTS) -> None:
    """Write down what a whole run measured; a quick one is only looked at."""
    if not args.quick:
        add_entry(body, f"./hotline bench {args.name}{which}", SystemClock().now(), results)


def _print_progress(step: Step) -> None:
    held = "保持住" if step.held else "没保持住"
    _print_step(f"第 {step.round} 轮 {step.variant} {step.rate} 呼叫/秒:{held}")


def _print_step(text: str) -> None:
    print(f"▶ {text}", file=sys.stderr, flush=True)
