"""学习培训: enters what units and the centre studied, lists and withdraws it, and says who owes a study."""

import argparse
import getpass
import json
import os
from datetime import date

from rich.console import Console

from app.commands.visit import day
from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.study_pages import owing_plain, show_owing, show_studies, studies_plain, unit_name
from app.ticket_actions import user_named
from core.clock import SystemClock
from core.database import Database
from tickets import unit_store
from tickets.circulars.period import DAY
from tickets.roles import Actor
from tickets.study import CENTRE, StudyKind
from tickets.study_desk import Entry, StudyDesk
from tickets.study_policy import StudyPolicy, read_study
from tickets.study_store import Asked
from tickets.units import UnitTree

KINDS = tuple(one.value for one in StudyKind)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline study``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    _add_options(actions.add_parser("add", help="登记一次学习培训:登记后不能改, 写错了就撤销再登记"))
    listing = actions.add_parser("list", help="列出登记, 日期近的在前, 已撤销的也在")
    _add_who(listing, needed=False)
    listing.add_argument("--kind", choices=KINDS, metavar="种类", help="、".join(KINDS))
    listing.add_argument("--from", dest="since", type=day, metavar="日期", help="从哪一天")
    listing.add_argument("--to", dest="until", type=day, metavar="日期", help="到哪一天为止")
    listing.add_argument("--most", type=int, default=50, metavar="条数", help="最多几条, 默认 50")
    withdraw = actions.add_parser("withdraw", help="撤销一条:不再算数, 谁撤销的、为什么都留着")
    withdraw.add_argument("number", type=int, metavar="编号", help="study list 里的编号")
    withdraw.add_argument("--why", required=True, metavar="理由", help="为什么撤销, 和登记一起留着")
    due = actions.add_parser("due", help="这一期还没有研究热线工作的单位;规则在配置档的 study.toml")
    due.add_argument("--date", dest="on", type=day, metavar="日期", help="看哪一天所在的一期, 默认今天")
    for one in (listing, due):
        one.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    for one in actions.choices.values():
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def _add_options(add: argparse.ArgumentParser) -> None:
    _add_who(add, needed=True)
    add.add_argument(
        "--kind", choices=KINDS, required=True, metavar="种类", help="研究(单位领导研究热线工作)或培训"
    )
    add.add_argument("--date", dest="on", type=day, required=True, metavar="日期", help="例如 2026-03-20")
    add.add_argument("--topic", required=True, metavar="主题", help="研究或培训什么, 200 字以内")
    add.add_argument("--chair", required=True, metavar="姓名", help="主持人, 培训写授课人")
    add.add_argument("--people", type=int, required=True, metavar="人数", help="多少人参加")
    add.add_argument("--remark", default="", metavar="备注", help="例如在哪个会上、材料在哪里")


def _add_who(parser: argparse.ArgumentParser, *, needed: bool) -> None:
    held = parser.add_mutually_exclusive_group(required=needed)
    held.add_argument("--unit", metavar="单位", help="哪个单位办的:编号、名称、别名, 或 上级/名称")
    held.add_argument("--centre", action="store_true", help="热线办自己办的")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``, by the policy of its profile."""
    policy = read_study(real_instance().profile)
    with opened_database(started_instance()) as database:
        return act(args, database, policy)


def act(args: argparse.Namespace, database: Database, policy: StudyPolicy) -> int:
    """Do it on this database."""
    name = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    user = database.now(lambda connection: user_named(connection, name))
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    desk = StudyDesk(database, SystemClock())
    tree = database.now(lambda connection: UnitTree(unit_store.units_known(connection)))
    match args.action:
        case "add":
            study = desk.add(_entry(args), actor)
            print(f"已登记, 第 {study.number} 号:{unit_name(tree, study.unit)} {study.day} {study.kind}")
        case "withdraw":
            study = desk.withdraw(args.number, args.why, actor)
            print(f"第 {study.number} 号已撤销, 不再算数。")
        case "list":
            _list(args, desk, actor, tree)
        case _:
            _due(args, desk, actor, policy)
    return 0


def _entry(args: argparse.Namespace) -> Entry:
    return Entry(
        unit=args.unit,
        kind=StudyKind(args.kind),
        day=args.on,
        topic=args.topic,
        chair=args.chair,
        people=args.people,
        remark=args.remark,
    )


def _list(args: argparse.Namespace, desk: StudyDesk, actor: Actor, tree: UnitTree) -> None:
    asked = Asked(
        unit=CENTRE if args.centre else None,
        kind=StudyKind(args.kind) if args.kind else None,
        first=args.since or date.min,
        after=args.until + DAY if args.until else date.max,
        most=args.most,
    )
    found = desk.studies(asked, args.unit, actor)
    if args.json:
        print(json.dumps(studies_plain(found, tree), ensure_ascii=False, indent=1))
    else:
        show_studies(Console(), found, tree)


def _due(args: argparse.Namespace, desk: StudyDesk, actor: Actor, policy: StudyPolicy) -> None:
    on = args.on or SystemClock().now().date()
    found, period = desk.owing(on, policy, actor), policy.period_of(on)
    if args.json:
        print(json.dumps(owing_plain(found, period, policy), ensure_ascii=False, indent=1))
    else:
        show_owing(Console(), found, period, policy)
