"""承办单位: adds, lists, shows and imports units, their contacts and duty rosters."""

import argparse
import getpass
import os
import sys
from datetime import datetime
from pathlib import Path

from app.opened_database import opened_database
from app.real_instance import started_instance
from app.unit_actions import ACTIONS
from core.clock import SHANGHAI, SystemClock
from core.database import Database
from core.errors import HotlineError
from tickets import unit_words
from tickets.deadlines import UnitClass
from tickets.unit_file import ImportRefused
from tickets.unit_register import UnitRegister
from tickets.units import Post

MOST_PROBLEMS = 50
CLASSES = tuple(one.value for one in UnitClass)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline unit``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    _add_options(actions.add_parser("add", help="添加单位;编号已有时修改它"))
    listing = actions.add_parser("list", help="列出单位, 画成树")
    listing.add_argument(
        "--class", dest="unit_class", choices=CLASSES, metavar="类别", help="、".join(CLASSES)
    )
    listing.add_argument("--search", metavar="字", help="编号、名称或别名里有这些字的")
    listing.add_argument("--depth", type=_number, metavar="级", help="只画到第几级")
    show = actions.add_parser("show", help="一个单位的详情")
    show.add_argument("unit", metavar="单位", help="编号、名称、别名, 或 上级/名称")
    show.add_argument("--history", action="store_true", help="连同修改记录")
    bring = actions.add_parser("import", help="从 CSV 或 XLSX 导入单位, 有错就一条也不导入")
    bring.add_argument("file", type=Path, metavar="文件")
    contacts = actions.add_parser("contacts", help="各单位的联络员和负责人;写明单位时可以更换")
    contacts.add_argument("unit", nargs="?", metavar="单位")
    contacts.add_argument("--set", action="append", type=_person, metavar="姓名=电话", help="可以写两次")
    contacts.add_argument(
        "--post", choices=tuple(Post), default=Post.CONTACT, metavar="职务", help="默认联络员"
    )
    _duty_options(actions.add_parser("duty", help="值班表:导入、查看、找脱岗、记查岗"))


def _add_options(add: argparse.ArgumentParser) -> None:
    add.add_argument("number", metavar="编号", help="字母、数字、点、横线, 例如 0203")
    add.add_argument("name", metavar="名称")
    add.add_argument("--under", metavar="上级", help="上级单位的编号或名称;不写就是最上级")
    add.add_argument("--class", dest="unit_class", choices=CLASSES, metavar="类别", help="、".join(CLASSES))
    add.add_argument("--contact", action="append", type=_person, metavar="姓名=电话", help="联络员, 一到两名")
    add.add_argument("--head", type=_person, metavar="姓名=电话", help="主要领导")
    add.add_argument("--deputy", type=_person, metavar="姓名=电话", help="分管领导")
    add.add_argument("--officer", type=_person, metavar="姓名=电话", help="经办人")
    add.add_argument("--alias", action="append", metavar="别名", help="可以写多次")
    add.add_argument("--duty-phone", metavar="电话", help="值班电话")
    add.add_argument("--round-the-clock", action=argparse.BooleanOptionalAction, help="是否 24 小时值班")
    add.add_argument("--active", action=argparse.BooleanOptionalAction, help="是否启用")


def _duty_options(duty: argparse.ArgumentParser) -> None:
    steps = duty.add_subparsers(dest="step", metavar="做什么", required=True)
    bring = steps.add_parser("import", help="导入值班表, 替换同一段时间原有的班次")
    bring.add_argument("file", type=Path, metavar="文件")
    show = steps.add_parser("show", help="谁在值班")
    show.add_argument("unit", nargs="?", metavar="单位")
    gaps = steps.add_parser("gaps", help="24小时值班的单位哪里没有排人")
    listing = steps.add_parser("checks", help="查岗记录")
    for step in (show, gaps, listing):
        step.add_argument("--from", dest="since", type=_day, metavar="日期", help="从哪一天起, 默认今天")
        step.add_argument("--days", type=_number, default=1, metavar="天数", help="几天, 默认 1")
    check = steps.add_parser("check", help="记下查岗的结果;无人接听就是脱岗")
    check.add_argument("unit", metavar="单位")
    check.add_argument("--answered", dest="answered", action="store_true", default=None, help="有人接听")
    check.add_argument("--unanswered", dest="answered", action="store_false", help="无人接听")
    check.add_argument("--phone", default="", metavar="电话", help="打的哪个号码, 默认值班电话")
    check.add_argument("--note", default="", metavar="备注")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    with opened_database(started_instance()) as database:
        return act(args, database)


def act(args: argparse.Namespace, database: Database) -> int:
    """Do it on this database; tell every problem of a file before it is refused."""
    clock = SystemClock()
    register = UnitRegister(database, clock, os.environ.get("SUDO_USER") or getpass.getuser())
    try:
        return ACTIONS[args.action](args, register, clock)
    except ImportRefused as refused:
        for problem in refused.problems[:MOST_PROBLEMS]:
            print(problem, file=sys.stderr)
        if len(refused.problems) > MOST_PROBLEMS:
            print(f"还有 {len(refused.problems) - MOST_PROBLEMS} 处", file=sys.stderr)
        raise


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应当是正整数, 不是 {text!r}")
    return int(text)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-05-01, 不是 {text!r}") from error


def _person(text: str) -> tuple[str, str]:
    name, sign, number = text.partition("=")
    if not sign:
        raise argparse.ArgumentTypeError(f"要写成 姓名=电话, 不是 {text!r}")
    try:
        return unit_words.person_name(name), unit_words.phone(number)
    except HotlineError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
