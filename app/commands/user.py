"""用户: who may do what with work orders."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from rich.console import Console

from app.opened_database import opened_database
from app.real_instance import started_instance
from app.ticket_pages import show_user_changes, show_users
from core.clock import SystemClock
from core.database import Database
from tickets.unit_file import ImportRefused
from tickets.user_register import ROLES, UserAsked, UserRegister

MOST_PROBLEMS = 50


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


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    with opened_database(started_instance()) as database:
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
