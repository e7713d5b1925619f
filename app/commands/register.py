"""问责登记: enters what persons decided about units and people, lists it, and adds it up."""

import argparse
import getpass
import json
import os
from dataclasses import asdict

from rich.console import Console

from app.commands.visit import add_days
from app.consequences_pages import show_entries, show_totals
from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.ticket_actions import user_named
from app.visit_actions import instant
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import unit_store
from tickets.consequences_desk import Finding, enter, period_between, totals
from tickets.consequences_facts import Person
from tickets.consequences_policy import ConsequencePolicy, read_consequences
from tickets.consequences_store import entries_between, material_between
from tickets.roles import Actor, May, may
from tickets.units import UnitTree
from tickets.work_desk import MayNotSee


class PersonUnclear(HotlineError):
    """责任人要写成 职务=姓名, 例如 主要领导=王五。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline register``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="登记一件:登记后不能改")
    add.add_argument("kind", metavar="种类", help="配置档 consequences.toml 里的一种, 例如 问责")
    add.add_argument("--unit", required=True, metavar="单位", help="编号或名称")
    add.add_argument("--person", action="append", default=[], metavar="职务=姓名", help="可以写多次")
    add.add_argument("--ticket", action="append", default=[], metavar="编号", help="涉及的工单, 可以写多次")
    add.add_argument("--reason", required=True, metavar="理由")
    add_days(actions.add_parser("list", help="列出登记"))
    adding = actions.add_parser("totals", help="督办、登记、单位、人数合计")
    add_days(adding)
    adding.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    for one in actions.choices.values():
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    policy = read_consequences(real_instance().profile)
    with opened_database(started_instance()) as database:
        return act(args, database, policy)


def act(args: argparse.Namespace, database: Database, policy: ConsequencePolicy) -> int:
    """Do it on this database."""
    args.who = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    return database.now(lambda connection: _act(args, connection, policy))


def _act(args: argparse.Namespace, connection: Connection, policy: ConsequencePolicy) -> int:
    user = user_named(connection, args.who)
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    if not may(actor, May.READ):
        raise MayNotSee(role=actor.role)
    tree = UnitTree(unit_store.units_known(connection))
    match args.action:
        case "add":
            finding = _finding(args, tree)
            number = enter(connection, finding, actor, SystemClock().now(), policy)
            print(f"已登记, 第 {number} 号")
        case "list":
            entries = entries_between(connection, instant(args.since), instant(args.until, 1))
            show_entries(Console(), entries, {unit.unit_id: unit for unit in tree})
        case _:
            period = period_between(args.since, args.until)
            added = totals(material_between(connection, period.since, period))
            if args.json:
                print(json.dumps(asdict(added), ensure_ascii=False, indent=1))
            else:
                show_totals(Console(), added)
    return 0


def _finding(args: argparse.Namespace, tree: UnitTree) -> Finding:
    people = []
    for told in args.person:
        post, sign, name = told.partition("=")
        if not (sign and post.strip() and name.strip()):
            raise PersonUnclear(told=told)
        people.append(Person(post=post.strip(), name=name.strip()))
    return Finding(
        kind=args.kind,
        unit=tree.find(args.unit).unit_id,
        persons=tuple(people),
        tickets=tuple(TicketNo(number) for number in args.ticket),
        reason=args.reason,
    )
