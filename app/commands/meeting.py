"""会议: joint meetings, the days with a 6 and leaders' sessions; what they decide is assigned at once."""

import argparse
import asyncio
import getpass
import json
import os
import sys
from pathlib import Path
from random import SystemRandom

from rich.console import Console

from app.commands.ticket import instant
from app.meeting_pages import agenda_plain, show_agenda, show_meetings
from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.ticket_actions import user_named
from app.work_clocks import policies_of
from core.clock import SystemClock
from core.database import Database
from core.errors import HotlineError
from core.ids import TicketNo
from core.outbox import Outbox
from tickets import unit_store
from tickets.meeting_import import decisions_in
from tickets.meeting_store import Meeting
from tickets.meetings import KINDS, Decision, MeetingDesk
from tickets.roles import Actor
from tickets.unit_file import ImportRefused
from tickets.units import UnitTree
from tickets.work_desk import Policies, WorkDesk

MOST = 30
MOST_PROBLEMS = 50


class NothingToAssign(HotlineError):
    """请写明交办什么:用 --file 交办表, 或写工单编号并用 --to 写明主办单位。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline meeting``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    new = actions.add_parser("new", help="开一次会, 得到会议编号")
    new.add_argument("--kind", choices=tuple(KINDS), required=True, metavar="种类", help="、".join(KINDS))
    new.add_argument("--at", type=instant, required=True, metavar="时间", help="例如 2026-05-06T09:00")
    new.add_argument("--chair", required=True, metavar="主持人", help="主持人, 或接听的领导")
    new.add_argument("--title", default="", metavar="主题")
    actions.add_parser("list", help="最近的会议, 各有几个议题、交办了几个")
    show = actions.add_parser("show", help="一次会议的议题和交办")
    show.add_argument("--json", action="store_true", help="给程序读")
    add = actions.add_parser("add", help="把工单加入议题")
    add.add_argument("tickets", nargs="+", metavar="工单编号")
    add.add_argument("--why", default="", metavar="理由", help="为什么上会")
    collect = actions.add_parser("collect", help="收集议题:已超期、多次退单、重办、重开、多次催办的")
    drop = actions.add_parser("drop", help="移出一个还没有交办的议题")
    drop.add_argument("ticket", metavar="工单编号")
    assign = actions.add_parser("assign", help="集中交办:每件各有主办单位和时限;有一件不行就一件也不交办")
    assign.add_argument("ticket", nargs="?", metavar="工单编号")
    assign.add_argument(
        "--file", type=Path, metavar="文件", help="CSV 或 XLSX:工单、主办、时限, 可以有 协办、意见"
    )
    assign.add_argument("--to", metavar="主办单位")
    assign.add_argument("--assist", action="append", metavar="协办单位", help="可以写多次")
    assign.add_argument("--due", type=instant, metavar="时间", help="例如 2026-05-01T17:30")
    assign.add_argument("--text", default="", metavar="意见")
    for one in (show, add, collect, drop, assign):
        one.add_argument("--meeting", required=True, metavar="会议编号", help="例如 260506-1")
    for one in actions.choices.values():
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``, by the policies of its profile."""
    policies = policies_of(real_instance().profile)
    with opened_database(started_instance()) as database:
        return act(args, database, policies)


def act(args: argparse.Namespace, database: Database, policies: Policies) -> int:
    """Do it on this database; tell every problem of a file before it is refused."""
    name = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    user = database.now(lambda connection: user_named(connection, name))
    desk = MeetingDesk(database, WorkDesk(database, Outbox(database), policies, SystemRandom()))
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    try:
        return asyncio.run(_act(args, desk, actor, (database, policies)))
    except ImportRefused as refused:
        for problem in refused.problems[:MOST_PROBLEMS]:
            print(problem, file=sys.stderr)
        raise


async def _act(
    args: argparse.Namespace, desk: MeetingDesk, actor: Actor, of: tuple[Database, Policies]
) -> int:
    database, policies = of
    tree = database.now(lambda connection: UnitTree(unit_store.units_known(connection)))
    now = SystemClock().now()
    match args.action:
        case "new":
            asked = Meeting(meeting="", kind=args.kind, at=args.at, chair=args.chair, title=args.title)
            print(f"会议 {(await desk.call(asked, actor)).meeting} 已建立。")
        case "list":
            show_meetings(Console(), await desk.meetings(MOST))
        case "show":
            await _show(args, desk, actor, tree)
        case "add":
            tickets = [TicketNo(number) for number in args.tickets]
            print(f"加入 {await desk.add(args.meeting, tickets, actor, now, args.why)} 个议题。")
        case "collect":
            print(f"符合条件的工单 {len(await desk.collect(args.meeting, actor, now))} 张, 都在议题里了。")
        case "drop":
            await desk.drop(args.meeting, TicketNo(args.ticket), actor)
            print(f"工单 {args.ticket} 已移出议题。")
        case _:
            decisions = _decisions(args, tree, policies)
            print(f"已交办 {len(await desk.assign(args.meeting, decisions, actor, now))} 件。")
    return 0


async def _show(args: argparse.Namespace, desk: MeetingDesk, actor: Actor, tree: UnitTree) -> None:
    meeting, items = await desk.agenda(args.meeting, actor)
    if args.json:
        print(json.dumps(agenda_plain(meeting, items, tree), ensure_ascii=False, indent=1))
    else:
        show_agenda(Console(), meeting, items, tree)


def _decisions(args: argparse.Namespace, tree: UnitTree, policies: Policies) -> list[Decision]:
    if args.file is not None:
        return decisions_in(args.file, tree, policies.limits.office.ends)
    if not args.ticket or not args.to:
        raise NothingToAssign
    assists = tuple(args.assist or ())
    return [
        Decision(ticket=TicketNo(args.ticket), lead=args.to, assists=assists, due=args.due, text=args.text)
    ]
