"""批量填充: fills the empty database of ``up`` with a year of made-up calls and work orders."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.work_clocks import policies_of
from core.clock import SystemClock
from simulator.fill import Fill, FillPlan
from tickets.guards import WorkRules
from tickets.units import UnitTree
from tickets.work_desk import Policies

CALLS, TICKETS = 1_000_000, 300_000


def fill(args: argparse.Namespace) -> int:
    """Fill it; raises NotEmpty when anything is in it."""
    policies = policies_of(real_instance().profile)
    calls = CALLS if args.calls is None else args.calls
    plan = FillPlan(
        calls=calls,
        tickets=calls * TICKETS // CALLS,
        until=SystemClock().now().date(),
        seed=args.seed,
    )
    began = time.perf_counter()
    with opened_database(started_instance()) as database, progress("填充一年") as told:
        filling_of(plan, policies).run(database, told)
    took = round(time.perf_counter() - began, 1)
    if args.json:
        print(json.dumps({"calls": plan.calls, "tickets": plan.tickets, "wall_seconds": took}))
    else:
        print(f"已填充 {plan.day(0)} 至 {plan.until} 前一天,用时 {took} 秒。")
        print(f"来电 {plan.calls} 通,工单 {plan.tickets} 张。")
        print("号码都以 100 开头,是编出来的。不要在装着真实数据的系统上做。")
    return 0


def filling_of(plan: FillPlan, policies: Policies) -> Fill:
    """Give what fills by these policies; the units are its own, and made-up work orders have no papers."""
    flow = replace(policies.flow, done_papers=())
    rules = WorkRules(limits=policies.limits, flow=flow, units=lambda: UnitTree(()))
    return Fill(plan, rules)


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show on the error output how many days are written."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=sys.stderr)) as shown:
        task = shown.add_task(title)
        yield lambda done, of: shown.update(task, completed=done, total=of)
