"""座席话机: adds, lists and removes seats, says what each does and how a telephone logs on as one."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from app.house import node_of
from app.instance import Instance
from app.opened_database import opened_database
from app.parts import ask_asterisk
from app.real_instance import started_instance
from app.seat_import import bring_in, seats_in
from app.seat_list import put_seats
from asterisk_conf.render import render
from core.clock import SystemClock
from core.database import Database
from core.ids import SeatNo
from queue_manager.seat_rules import read_seat_rules
from queue_manager.seat_state import STATE_WORDS, Seat, SeatNow, SeatState
from queue_manager.seat_store import seat_states
from queue_manager.seat_table import LOG_OFF_LATER
from queue_manager.seats import SeatRegister
from tickets.unit_file import ImportRefused

READ_ANEW = ("res_pjsip.so", "app_queue.so")
"""What Asterisk reads anew; the engine hears of it and reads the register anew too."""
MINUTE, HOUR = 60, 3600
MOST_PROBLEMS = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline seat``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="添加座席或改它的名称和技能组,并显示话机要填的服务器、账号和口令")
    add.add_argument("number", metavar="座席号", help="3 到 6 位数字,例如 8001")
    add.add_argument("--name", default="", metavar="名称", help="座席的名称,例如 一号台")
    add.add_argument("--queue", metavar="技能组", help="让它服务这个技能组(新座席总是服务 intake)")
    add.add_argument(
        "--penalty", type=int, default=0, metavar="优先级", help="在这个技能组里 0 最先接,数字大的后接,默认 0"
    )
    add.add_argument(
        "--supervisor",
        action=argparse.BooleanOptionalAction,
        help="班长席,可以监听、耳语、强插(或取消)",
    )
    bring = actions.add_parser(
        "import", help="从 CSV 或 XLSX 成批添加:座席号, 可以有 名称、技能组、优先级、班长;有错就一个也不加"
    )
    bring.add_argument("file", type=Path, metavar="文件")
    actions.add_parser("list", help="列出座席、技能组和此刻的状态")
    remove = actions.add_parser("remove", help="移除座席,或只拿掉它的一个技能组")
    remove.add_argument("number", metavar="座席号")
    remove.add_argument("--queue", metavar="技能组", help="只拿掉这个技能组,座席留下")


def run(args: argparse.Namespace) -> int:
    """Change the database's list first, then Asterisk's projection of it."""
    instance = started_instance()
    queues = tuple(read_seat_rules(instance.profile).queues)
    with opened_database(instance) as database:
        desk = SeatRegister(database, SystemClock(), queues)
        _ACTIONS[args.action](args, instance, desk, database)
    return 0


def _add(args: argparse.Namespace, instance: Instance, register: SeatRegister, _database: Database) -> None:
    known = {seat.number for seat in register.all()}
    seat = register.add(args.number, args.name, supervisor=args.supervisor)
    if args.queue:
        seat = register.give_skill(seat.number, args.queue, args.penalty)
    _project(instance, register)
    if args.queue and seat.number in known:
        print(f"座席 {seat.number} 的技能组:{skills_shown(seat)}")
        return
    _show_telephone(instance, seat.number)


def _remove(
    args: argparse.Namespace, instance: Instance, register: SeatRegister, _database: Database
) -> None:
    if args.queue:
        seat = register.take_skill(args.number, args.queue)
        _project(instance, register)
        print(f"座席 {seat.number} 的技能组:{skills_shown(seat)}")
        return
    register.remove(args.number)
    _project(instance, register)
    print(f"座席 {args.number} 已移除。")


def _list(_args: argparse.Namespace, _instance: Instance, register: SeatRegister, database: Database) -> None:
    known, now = database.now(seat_states), SystemClock().now()
    for seat in register.all():
        mark = "班长" if seat.supervisor else "    "
        print(
            f"{seat.number}  {seat.name}  {mark}  {skills_shown(seat)}  "
            f"{state_shown(known.get(seat.number), now)}"
        )


def _import(
    args: argparse.Namespace, instance: Instance, register: SeatRegister, _database: Database
) -> None:
    try:
        asked = seats_in(args.file, register.queues)
    except ImportRefused as refused:
        for problem in refused.problems[:MOST_PROBLEMS]:
            print(problem, file=sys.stderr)
        raise
    bring_in(register, asked)
    _project(instance, register)
    print(f"导入完成:{len(asked)} 个座席。话机要填的口令:./hotline seat add 座席号")


_ACTIONS = {"add": _add, "remove": _remove, "list": _list, "import": _import}


def skills_shown(seat: Seat) -> str:
    """Give the queues that a seat serves, with the penalty where there is one."""
    return " ".join(f"{queue}({penalty})" if penalty else queue for queue, penalty in seat.skills.items())


def state_shown(now: SeatNow | None, at: datetime) -> str:
    """Say what a seat does, why, and for how long."""
    if now is None or now.state is SeatState.LOGGED_OFF:
        return STATE_WORDS[SeatState.LOGGED_OFF]
    told = STATE_WORDS[now.state] + (f"({now.reason})" if now.reason else "")
    told += f" {_length_shown(max(0, int((at - now.since).total_seconds())))}"
    if now.misses:
        told += f",连续未接 {now.misses} 次"
    if now.later:
        told += ",之后签出" if now.later == LOG_OFF_LATER else f",之后示忙({now.later})"
    return told


def _length_shown(seconds: int) -> str:
    if seconds < MINUTE:
        return f"{seconds} 秒"
    if seconds < HOUR:
        return f"{seconds // MINUTE} 分"
    return f"{seconds // HOUR} 小时 {seconds % HOUR // MINUTE} 分"


def _project(instance: Instance, register: SeatRegister) -> None:
    seats = register.all()
    put_seats(instance, ((seat.number, seat.supervisor) for seat in seats))
    render(node_of(instance, [seat.number for seat in seats]), instance.asterisk)
    instance.give_tree(instance.asterisk)
    for module in READ_ANEW:
        ask_asterisk(instance, f"module reload {module}")
    # the dialplan knows each seat by its number
    ask_asterisk(instance, "dialplan reload")


def _show_telephone(instance: Instance, number: SeatNo) -> None:
    sip = instance.settings.sip
    print(f"座席 {number} 已添加。请在话机上填写:")
    server = "本机在局域网里的地址" if sip.bind.is_unspecified else sip.bind
    print(f"  服务器 {server}:{sip.port} (UDP)   账号 {number}   口令 {instance.secret(f'seat-{number}')}")
    print("注册后拨 *12 签入,拨 *13 签出。")
