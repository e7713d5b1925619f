"""质检: draws calls of each seat by chance, takes down their five marks, and lists what was marked."""

import argparse
import asyncio
import getpass
import os

from app.commands.visit import day
from app.opened_database import opened_database
from app.quality_actions import act_on
from app.real_instance import started_instance
from core.database import Database
from queue_manager.figures.policy import Policy, read_policy
from queue_manager.quality_desk import QualityDesk


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline quality``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    draw = actions.add_parser("draw", help="每个座席随机抽几通还没有质检表的来电, 同一种子抽得一样")
    draw.add_argument("--date", type=day, metavar="日期", help="哪一天的来电, 例如 2026-11-22, 默认今天")
    draw.add_argument(
        "--each", type=_number, default=3, metavar="通数", help="每个座席抽几通, 默认 3, 不够就全抽"
    )
    draw.add_argument("--seed", type=_number, metavar="种子", help="照上次的种子再抽一遍, 默认另取一个并写明")
    sheet = actions.add_parser(
        "sheet", help="给一通来电打分:用语、记录、派单、处理、反馈;再填一张就以后一张为准"
    )
    sheet.add_argument("call", metavar="来电", help="来电编号, 见 quality draw")
    sheet.add_argument(
        "--marks", required=True, metavar="五项得分", help="按上面的次序, 每项 0 到 100, 例如 95,90,100,80,85"
    )
    sheet.add_argument("--seat", metavar="座席号", help="不止一个座席接听时写明给哪个打分")
    sheet.add_argument("--remark", default="", metavar="评语", help="好在哪里、差在哪里;不要写来电人的姓名")
    listed = actions.add_parser("list", help="质检表, 被后一张替换的也在;话务员只看到自己座席的")
    listed.add_argument("--date", type=day, metavar="日期", help="哪一天的来电, 默认不限日期")
    listed.add_argument("--seat", metavar="座席号", help="只看一个座席")
    listed.add_argument("-n", type=_number, default=50, metavar="张数", help="最后多少张, 默认 50")
    for one in (draw, listed):
        one.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    for one in actions.choices.values():
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``; whose calls are not counted, its figures say."""
    instance = started_instance()
    policy = read_policy(instance.profile)
    with opened_database(instance) as database:
        return act(args, database, policy)


def act(args: argparse.Namespace, database: Database, policy: Policy) -> int:
    """Do it on this database."""
    args.who = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    asyncio.run(act_on(args, database, QualityDesk(database, policy)))
    return 0


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"应当是 1 以上的整数, 不是 {text!r}")
    return int(text)
