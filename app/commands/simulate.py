"""演练一天: drives the real engine through a day of calls on a virtual clock, in minutes."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.call_log_words import REASONS
from app.filling import fill
from app.prepare.places import Places
from app.rehearsal import Outcome, Rehearsal
from app.rehearsal_chaos import strikes_of
from core.events import EndReason
from core.logs import set_up_logs
from simulator.day.day_file import read_day
from simulator.day.town import Plan

DEFAULT_CHAOS = 100
SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline simulate``."""
    parser.add_argument("--day", default="peak", metavar="日程", help="peak、quiet,或一个日程文件的路径")
    parser.add_argument("--calls", type=_number, metavar="通数", help="全天来电数,缺省按日程文件")
    parser.add_argument(
        "--seed", type=_number, default=1, metavar="种子", help="相同的种子得到相同的一天,缺省 1"
    )
    parser.add_argument(
        "--chaos",
        type=_number,
        nargs="?",
        const=DEFAULT_CHAOS,
        default=0,
        metavar="次数",
        help=f"随机杀掉引擎,或拿走消息代理、数据库、AMI、识别进程,缺省 {DEFAULT_CHAOS} 次",
    )
    parser.add_argument(
        "--fill",
        action="store_true",
        help="不演练,把一年的来电和工单批量写进 up 的空数据库,--calls 缺省一百万,工单是它的三成",
    )
    parser.add_argument("--json", action="store_true", help="标准输出的最后一行是 JSON")


def run(args: argparse.Namespace) -> int:
    """Rehearse; 0 when nothing was lost, doubled or wrong."""
    if args.fill:
        return fill(args)
    day = read_day(args.day)
    plan = Plan(day=day, calls=args.calls or day.calls, seed=args.seed)
    outcome = rehearse(plan, args.chaos)
    if args.json:
        print(json.dumps(plain(outcome, plan), ensure_ascii=False))
    else:
        show_table(outcome, plan)
    return 0 if outcome.verdict.holds else 1


def rehearse(plan: Plan, chaos: int) -> Outcome:
    """Live through a day in a folder that is removed afterwards; progress on the error output."""
    with tempfile.TemporaryDirectory(prefix="hotline-rehearsal-") as name:
        folder = Path(name)
        set_up_logs("simulate", folder=folder / "log")
        with _progress(plan) as arrived:
            return Rehearsal(folder / "hotline", Places.load(), plan, strikes_of(chaos, plan)).run(arrived)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"应当是 0 或正整数,不是 {text!r}")
    return int(text)


@contextmanager
def _progress(plan: Plan) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr), refresh_per_second=2) as progress:
        task = progress.add_task(f"演练{plan.day.title}", total=plan.calls)
        yield lambda number: progress.update(task, completed=number)


def plain(outcome: Outcome, plan: Plan) -> dict[str, object]:
    """Give what a program wants to know."""
    verdict = outcome.verdict
    return {
        "arrivals": verdict.arrivals,
        "rows": verdict.rows,
        "lost": verdict.lost,
        "duplicate_tickets": verdict.duplicate_tickets,
        "double_offers": verdict.double_offers,
        "kills": outcome.kills,
        "wall_seconds": outcome.wall_seconds,
        "processor_seconds": outcome.processor_seconds,
        "blows": outcome.blows,
        "tickets": verdict.tickets,
        "reasons": dict(sorted(verdict.reasons.items())),
        "unknown_ends": verdict.unknown,
        "gaps": verdict.gaps,
        "calls_in_gaps": verdict.hidden,
        "came_back": verdict.came_back,
        "went_on": verdict.went_on,
        "figures_compared": verdict.figures,
        "wrong": verdict.wrong,
        "seed": plan.seed,
    }


def told(outcome: Outcome) -> dict[str, object]:
    """Give what a person wants to know, in Chinese; a blow may be named like something that it leads to."""
    verdict = outcome.verdict
    rows: dict[str, object] = {
        "来电": verdict.arrivals,
        "话单": verdict.rows,
        "丢失": verdict.lost,
        "重复工单": verdict.duplicate_tickets,
        "重复派席": verdict.double_offers,
        "先振原座席": verdict.came_back,
        "原座席未接转技能组": verdict.went_on,
        "核对的指标": verdict.figures,
        "与实情不符": len(verdict.wrong),
        "声明的缺口": verdict.gaps,
        "碰上缺口的来电": verdict.hidden,
        "引擎被杀": outcome.kills,
        "用时(秒)": outcome.wall_seconds,
        "其中处理器(秒)": outcome.processor_seconds,
    }
    rows |= {f"捣乱:{name}": number for name, number in outcome.blows.items()}
    return rows | {REASONS[EndReason(reason)]: number for reason, number in sorted(verdict.reasons.items())}


def show_table(outcome: Outcome, plan: Plan) -> None:
    """Print what came of it for a person."""
    table = Table(title=f"{plan.day.title}演练,种子 {plan.seed}")
    table.add_column("项目")
    table.add_column("结果", justify="right")
    for name, value in told(outcome).items():
        table.add_row(name, str(value))
    screen = Console()
    screen.print(table)
    for what in outcome.verdict.wrong[:SHOWN]:
        screen.print(f"不符:{what}", soft_wrap=True)
