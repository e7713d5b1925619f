"""座席话机: adds, lists and removes seats, and says how a telephone logs on as one."""

import argparse
import json
from contextlib import closing

from app.house import node_of
from app.instance import Instance
from app.parts import ask_asterisk, database_url
from app.real_instance import started_instance
from asterisk_conf.render import render
from core.clock import SystemClock
from core.database import Database
from queue_manager.seats import SeatRegister


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline seat``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="添加座席,并显示话机要填的服务器、账号和口令")
    add.add_argument("number", metavar="座席号", help="3 到 6 位数字,例如 8001")
    add.add_argument("--name", default="", help="座席的名称,例如 一号台")
    actions.add_parser("list", help="列出座席")
    remove = actions.add_parser("remove", help="移除座席")
    remove.add_argument("number", metavar="座席号")


def run(args: argparse.Namespace) -> int:
    """Change the database's list first, then Asterisk's projection of it."""
    instance = started_instance()
    with closing(Database(database_url(instance))) as database:
        database.check()
        _ACTIONS[args.action](args, instance, SeatRegister(database, SystemClock()))
    return 0


def _add(args: argparse.Namespace, instance: Instance, register: SeatRegister) -> None:
    seat = register.add(args.number, args.name)
    _project(instance, register)
    _show_telephone(instance, seat.number)


def _remove(args: argparse.Namespace, instance: Instance, register: SeatRegister) -> None:
    register.remove(args.number)
    _project(instance, register)
    print(f"座席 {args.number} 已移除。")


def _list(_args: argparse.Namespace, _instance: Instance, register: SeatRegister) -> None:
    for seat in register.all():
        print(f"{seat.number}  {seat.name}  {seat.added_at:%Y-%m-%d %H:%M}")


_ACTIONS = {"add": _add, "remove": _remove, "list": _list}


def _project(instance: Instance, register: SeatRegister) -> None:
    seats = [seat.number for seat in register.all()]
    (instance.folder / "seats.json").write_text(json.dumps(seats))
    render(node_of(instance, seats), instance.asterisk)
    instance.give_tree(instance.asterisk)
    ask_asterisk(instance, "module reload res_pjsip.so")


def _show_telephone(instance: Instance, number: str) -> None:
    sip = instance.settings.sip
    print(f"座席 {number} 已添加。请在话机上填写:")
    server = "本机在局域网里的地址" if sip.bind.is_unspecified else sip.bind
    print(f"  服务器 {server}:{sip.port} (UDP)   账号 {number}   口令 {instance.secret(f'seat-{number}')}")
    print("注册后拨 *12 签入,拨 *13 签出。")
