"""工单: lists, shows and moves work orders as one of their users."""

import argparse
import asyncio
import getpass
import os
from datetime import date, datetime, time, timedelta
from random import SystemRandom

from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.ticket_actions import act_on
from app.ticket_words import VERBS
from app.work_clocks import policies_of
from core.clock import SHANGHAI, SystemClock
from core.database import Database
from core.outbox import Outbox
from tickets.deadlines import CHANNELS, DispatchMode, Matter
from tickets.transitions import STATES
from tickets.work_desk import Policies, WorkDesk

BEFORE_TODAY = {"今天": timedelta(0), "昨天": timedelta(days=1)}
MODES = tuple(mode.value for mode in DispatchMode)
MATTERS = tuple(matter.value for matter in Matter)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline ticket``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    _add_list(actions.add_parser("list", help="列出工单"))
    show = actions.add_parser("show", help="看一张工单, 个人信息脱敏")
    show.add_argument("number", metavar="编号")
    show.add_argument("--reveal", metavar="理由", help="看个人信息;会记下谁为什么看了")
    history = actions.add_parser("history", help="一张工单的全部步骤和提醒")
    history.add_argument("number", metavar="编号")
    reveals = actions.add_parser("reveals", help="谁看过这张工单的个人信息")
    reveals.add_argument("number", metavar="编号")
    opening = actions.add_parser("open", help="登记一张新工单")
    opening.add_argument(
        "--channel", choices=CHANNELS, default="电话", metavar="渠道", help="、".join(CHANNELS)
    )
    opening.add_argument("--key", required=True, metavar="来件编号", help="同一编号只开一张工单")
    opening.add_argument("--phone", default="", metavar="电话")
    _option(opening, "set")
    for one in (show, history, actions.choices["list"]):
        one.add_argument("--json", action="store_true", help="给程序读, 同样脱敏")
    as_whom = [show, history, reveals, opening, actions.choices["list"]]
    for name, verb in VERBS.items():
        own = actions.add_parser(name, help=verb.explained)
        own.add_argument("number", metavar="编号")
        own.add_argument("--version", type=int, metavar="版本", help="看到的版本;别人改过就不做")
        for option in verb.options:
            _option(own, option)
        as_whom.append(own)
    for one in as_whom:
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def _add_list(listing: argparse.ArgumentParser) -> None:
    listing.add_argument(
        "--state", choices=tuple(STATES.values()), metavar="状态", help="、".join(STATES.values())
    )
    listing.add_argument("--unit", metavar="单位", help="派给这个单位的")
    listing.add_argument("--urgency", choices=("一般", "紧急", "特急"), metavar="紧急程度")
    listing.add_argument("--channel", choices=CHANNELS, metavar="渠道")
    listing.add_argument("--matter", choices=MATTERS, metavar="办件类别")
    listing.add_argument("--phone", metavar="电话", help="这个号码的")
    listing.add_argument("--search", default="", metavar="字", help="标题、内容、地址里有这些字的")
    listing.add_argument(
        "--day", type=day, metavar="日期", help="这一天受理的: 昨天、今天, 或 2026-05-01;早上先看昨天的"
    )
    listing.add_argument("--overdue", action="store_true", help="已超期的")
    listing.add_argument("--most", type=int, default=50, metavar="张数", help="最多列几张, 默认 50")


_OPTIONS: dict[str, dict[str, object]] = {
    "set": {"action": "append", "metavar": "字段=值", "help": "可以写多次, 例如 address=和平路1号"},
    "text": {"metavar": "内容"},
    "reason": {"metavar": "理由"},
    "to": {"action": "append", "metavar": "主办单位"},
    "assist": {"action": "append", "metavar": "协办单位", "help": "可以写多次"},
    "unit": {"metavar": "单位", "help": "哪个单位的任务, 默认本人的单位"},
    "mode": {"choices": MODES, "metavar": "交办方式", "help": "、".join(MODES)},
    "matter": {"choices": MATTERS, "metavar": "办件类别", "help": "、".join(MATTERS)},
    "clause": {"metavar": "条款", "help": "依据哪一条"},
    "limit": {"metavar": "时限", "help": "延多久, 例如 3个工作日"},
    "result": {"metavar": "办理情况"},
    "proof": {"metavar": "证明", "help": "怎样答复来电人的"},
    "head": {"metavar": "领导", "help": "审核签字的单位领导"},
    "no": {"action": "store_true", "help": "结论为否"},
    "arrival": {"metavar": "来电编号"},
    "into": {"metavar": "主单编号"},
    "draft": {"metavar": "草稿编号", "help": "这次来电的草稿, 随之作废"},
}


def _option(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "due":
        parser.add_argument("--due", type=instant, metavar="时间", help="例如 2026-05-01T17:30")
        return
    parser.add_argument(f"--{name}", **_OPTIONS[name])  # type: ignore[arg-type]  # argparse's own words


def day(text: str) -> datetime:
    """Read a day as it is typed; gives its first instant."""
    today = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    if text in BEFORE_TODAY:
        return today - BEFORE_TODAY[text]
    try:
        return datetime.combine(date.fromisoformat(text), time(), SHANGHAI)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-05-01, 或昨天、今天, 不是 {text!r}") from error


def instant(text: str) -> datetime:
    """Read a time as it is typed."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"时间要写成 2026-05-01T17:30, 不是 {text!r}") from error
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``, by the policies of its profile."""
    policies = policies_of(real_instance().profile)
    with opened_database(started_instance()) as database:
        return act(args, database, policies)


def act(args: argparse.Namespace, database: Database, policies: Policies) -> int:
    """Do it on this database."""
    args.who = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    desk = WorkDesk(database, Outbox(database), policies, SystemRandom())
    return asyncio.run(act_on(args, database, desk))
