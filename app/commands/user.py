"""用户: who may do what with work orders."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from rich.console import Console

from app.opened_database import opened_database
from app.outward_listeners import links_of
from app.real_instance import started_instance
from app.ticket_actions import check_may_see, user_named
from app.ticket_pages import show_user_changes, show_users
from console.page_links import Links, holder_of
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import store
from tickets.unit_file import ImportRefused
from tickets.user_register import ROLES, UserAsked, UserRegister
from tickets.work_desk import NoSuchTicket

MOST_PROBLEMS = 50


class NoPublicUrl(HotlineError):
    """还没有写对外地址:请在 settings.toml 的 [web] public_url 写上反向代理的 https 地址, 再重新启动。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline user``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="添加用户;已有时修改")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--role", required=True, choices=tuple(ROLES), metavar="角色", help="、".join(ROLES))
    add.add_argument("--unit", default="", metavar="单位", help="承办单位的编号或名称")
    add.add_argument("--seat", default="", metavar="座席号", help="话务员的座席")
    add.add_argument("--active", action=argparse.BooleanOptionalAction, default=True, help="是否启用")
    actions.add_parser("list", help="列出用户")
    bring = actions.add_parser(
        "import", help="从 CSV 或 XLSX 导入:姓名、角色, 可以有 单位、座席、状态;有错就一条也不导入"
    )
    bring.add_argument("file", type=Path, metavar="文件")
    history = actions.add_parser("history", help="谁在什么时候添加、修改了哪个用户")
    history.add_argument("name", nargs="?", default="", metavar="姓名", help="不写就是全部")
    link = actions.add_parser(
        "link", help="给一位用户在手机上办一张工单的链接;交给本人, 谁拿到谁就能以他的身份办, 到期失效"
    )
    link.add_argument("name", metavar="姓名")
    link.add_argument("number", metavar="工单编号")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    instance = started_instance()
    with opened_database(instance) as database:
        if args.action == "link":
            print(link_for(args, database, links_of(instance)))
            return 0
        return act(args, database)


def act(args: argparse.Namespace, database: Database) -> int:
    """Do it on this database; tell every problem of a file before it is refused."""
    by = os.environ.get("SUDO_USER") or getpass.getuser()
    register = UserRegister(database, SystemClock(), by)
    match args.action:
        case "add":
            user = register.put(
                UserAsked(name=args.name, role=args.role, unit=args.unit, seat=args.seat, active=args.active)
            )
            print(f"用户 {user.name} ({user.role}) 已保存。")
        case "import":
            _import(args.file, register)
        case "history":
            show_user_changes(Console(), register.history(args.name))
        case _:
            show_users(Console(), register.known(), register.tree())
    return 0


def _import(file: Path, register: UserRegister) -> None:
    try:
        new, changed = register.import_users(file)
    except ImportRefused as refused:
        for problem in refused.problems[:MOST_PROBLEMS]:
            print(problem, file=sys.stderr)
        raise
    print(f"导入完成:新增 {new} 人, 修改 {changed} 人。")


def link_for(args: argparse.Namespace, database: Database, links: Links) -> str:
    """Give the address; raises NoPublicUrl, NoSuchUser, NoSuchTicket or MayNotSee."""
    if not links.public_url:
        raise NoPublicUrl
    number = TicketNo(args.number)

    def look(connection: Connection) -> str:
        user = user_named(connection, args.name)
        ticket = store.ticket_by_number(connection, number)
        if ticket is None:
            raise NoSuchTicket(ticket=number)
        check_may_see(connection, ticket, user)
        return links.address(number, holder_of(user), SystemClock().now())

    return database.now(look)
