"""用户: who may do what with work orders."""

import argparse
import getpass
import os
from contextlib import closing

from rich.console import Console

from app.parts import database_url
from app.real_instance import started_instance
from app.ticket_pages import show_users
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from tickets import unit_store, unit_words, work_store
from tickets.roles import UNITS, Role
from tickets.units import UnitTree

ROLES = tuple(role.value for role in Role if role is not Role.SYSTEM)


class UnitNeeded(HotlineError):
    """承办单位的人要用 --unit 写明是哪个单位, 热线办的人不要写。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline user``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="添加用户;已有时修改")
    add.add_argument("name", metavar="姓名")
    add.add_argument("--role", required=True, choices=ROLES, metavar="角色", help="、".join(ROLES))
    add.add_argument("--unit", default="", metavar="单位", help="承办单位的编号或名称")
    add.add_argument("--seat", default="", metavar="座席号", help="话务员的座席")
    add.add_argument("--active", action=argparse.BooleanOptionalAction, default=True, help="是否启用")
    actions.add_parser("list", help="列出用户")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    with closing(Database(database_url(started_instance()))) as database:
        database.check()
        return act(args, database)


def act(args: argparse.Namespace, database: Database) -> int:
    """Do it on this database."""
    return database.now(lambda connection: (_add if args.action == "add" else _list)(args, connection))


def _add(args: argparse.Namespace, connection: Connection) -> int:
    role = Role(args.role)
    if (role in UNITS) != bool(args.unit):
        raise UnitNeeded(role=role)
    tree = UnitTree(unit_store.units_known(connection))
    user = work_store.User(
        name=unit_words.person_name(args.name),
        role=role,
        unit=tree.find(args.unit).unit_id if args.unit else "",
        seat=args.seat,
        active=args.active,
        added_at=SystemClock().now(),
        added_by=os.environ.get("SUDO_USER") or getpass.getuser(),
    )
    work_store.put_user(connection, user)
    print(f"用户 {user.name} ({user.role}) 已保存。")
    return 0


def _list(_args: argparse.Namespace, connection: Connection) -> int:
    tree = UnitTree(unit_store.units_known(connection))
    show_users(Console(), work_store.users_known(connection), tree)
    return 0
