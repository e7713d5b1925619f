"""后果: holds the rules of a profile against a period, and prints who is concerned, by which work orders."""

import argparse
import json

from rich.console import Console

from app.commands.visit import add_days
from app.consequences_pages import plain_judged, show_judged
from app.opened_database import opened_database
from app.prepare.places import Places
from app.real_instance import real_instance, started_instance
from app.work_clocks import ProfileMissing
from core.database import Database
from tickets.consequences_desk import judge, period_between
from tickets.consequences_policy import ConsequencePolicy, read_consequences


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline consequences``."""
    add_days(parser)
    parser.add_argument("--profile", metavar="配置档", help="profiles 里的名字, 默认正在用的")
    parser.add_argument("--json", action="store_true", help="标准输出只有 JSON, 每条证据带工单编号")


def run(args: argparse.Namespace) -> int:
    """Print what the rules come to; 年终末位 only of whole years."""
    folder = Places.load().code / "profiles" / args.profile if args.profile else real_instance().profile
    if not folder.is_dir():
        raise ProfileMissing(profile=folder.name)
    policy = read_consequences(folder)
    with opened_database(started_instance()) as database:
        return act(args, database, policy)


def act(args: argparse.Namespace, database: Database, policy: ConsequencePolicy) -> int:
    """Do it on this database."""
    period = period_between(args.since, args.until)
    material, found = database.now(lambda connection: judge(connection, period, policy))
    if args.json:
        print(json.dumps(plain_judged(material, found, policy), ensure_ascii=False, indent=1))
    else:
        show_judged(Console(), material, found, policy)
    return 0
