"""回访: lists who is to be visited, records what was said, leaves out by two persons, and gives the rates."""

import argparse
import asyncio
import getpass
import os
from datetime import date
from random import SystemRandom

from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.visit_actions import act_on
from app.work_clocks import policies_of
from core.database import Database
from core.outbox import Outbox
from tickets.visits_desk import VisitDesk
from tickets.visits_policy import VisitPolicy, read_visits
from tickets.work_desk import Policies, WorkDesk

ANSWERS = {
    "handle": ("handle_sat", "对办理结果"),
    "process": ("process_sat", "对办理过程、态度"),
    "solved": ("is_solved", "问题是否解决"),
    "replied": ("replied", "单位是否答复过"),
}
"""Which option is which answer; which ones may be chosen stands in visits.toml."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline visit``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    due = actions.add_parser("due", help="待回访的工单, 先到期的在前")
    due.add_argument("--most", type=int, default=50, metavar="张数", help="最多列几张, 默认 50")
    _add_record(actions.add_parser("record", help="登记一次回访:满意就办结, 不满意就重办"))
    exclude = actions.add_parser("exclude", help="申请剔除:已办结的评价不计入满意率, 要第二个人批准")
    exclude.add_argument("--reason", required=True, metavar="理由", help="配置档 visits.toml 里的一个")
    _add_number(exclude, note="情况说明")
    waiting = actions.add_parser("exclusions", help="等批准的剔除申请;加 --from 看已决定的")
    waiting.add_argument("--from", dest="since", type=day, metavar="日期", help="这一天以后决定的")
    _add_number(actions.add_parser("approve", help="批准剔除, 不能是申请人"), note="意见")
    _add_number(actions.add_parser("decline", help="不批准剔除:等着的不满意评价随即重办"), note="意见")
    rates = actions.add_parser("rates", help="满意率:各项分开, 剔除前后一起给出, 附剔除清单")
    add_days(rates)
    rates.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    sample = actions.add_parser(
        "sample", help="抽查:随机抽已办结的工单, 每个单位分开抽;结果用 ticket look-back 登记"
    )
    add_days(sample)
    for one in actions.choices.values():
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def add_days(parser: argparse.ArgumentParser) -> None:
    """Options for a period, both days included."""
    parser.add_argument("--from", dest="since", type=day, required=True, metavar="日期", help="从哪一天")
    parser.add_argument("--to", dest="until", type=day, required=True, metavar="日期", help="到哪一天为止")


def _add_record(record: argparse.ArgumentParser) -> None:
    for name, (_, asked) in ANSWERS.items():
        record.add_argument(f"--{name}", default="", metavar="回答", help=asked)
    record.add_argument("--channel", default="电话", metavar="方式", help="默认电话")
    record.add_argument("--unreached", default="", metavar="情形", help="没有接通, 例如 无人接听")
    record.add_argument(
        "--exclude", default="", metavar="理由", help="不满意, 但申请剔除;批准前不办结也不重办"
    )
    _add_number(record, note="来电人怎么说", needed=False)


def _add_number(parser: argparse.ArgumentParser, note: str, *, needed: bool = True) -> None:
    parser.add_argument("number", metavar="编号")
    parser.add_argument("--note", required=needed, default="", metavar="内容", help=note)


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-11-22, 不是 {text!r}") from error


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``, by the policies of its profile."""
    profile = real_instance().profile
    policies = policies_of(profile)
    with opened_database(started_instance()) as database:
        return act(args, database, policies, read_visits(profile))


def act(args: argparse.Namespace, database: Database, policies: Policies, policy: VisitPolicy) -> int:
    """Do it on this database."""
    args.who = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    desk = WorkDesk(database, Outbox(database), policies, SystemRandom())
    asyncio.run(act_on(args, database, VisitDesk(database, desk, policy), policy))
    return 0
