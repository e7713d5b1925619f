"""附件: adds, lists and hands out the files of a work order."""

import argparse
import asyncio
import getpass
import os
from collections.abc import Callable
from pathlib import Path
from random import SystemRandom

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.attachments import give_away, shelf_of
from app.opened_database import opened_database
from app.real_instance import real_instance, started_instance
from app.ticket_actions import check_may_see, user_named
from app.work_clocks import policies_of
from core.clock import SystemClock
from core.database import Database
from core.errors import HotlineError
from core.ids import TicketNo
from core.outbox import Outbox
from tickets import file_store
from tickets.file_shelf import FileShelf
from tickets.file_store import KeptFile
from tickets.roles import Actor
from tickets.wish import Action, Wish
from tickets.work_desk import Policies, WorkDesk

MEGABYTE = 1_000_000
PRIVATE = 0o600
SHOWN_SIGNS = 12


class NoSuchFile(HotlineError):
    """这张工单没有这个附件, 或写的开头不止一个附件符合:请用 attachment list 核对。"""


class PlaceTaken(HotlineError):
    """这个位置已有文件, 或写不进去:请换一个文件名。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline attachment``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="给工单加一个附件;太大的不收")
    add.add_argument("file", type=Path, metavar="文件")
    add.add_argument("--kind", default="附件", metavar="种类", help="例如 联系证据、办理附件, 默认 附件")
    actions.add_parser("list", help="列出工单的附件")
    save = actions.add_parser("save", help="取出一个附件;会记下谁为什么看了")
    save.add_argument("sha256", metavar="校验值", help="list 里的校验值, 写开头几位就行")
    save.add_argument("--out", type=Path, required=True, metavar="文件", help="存到哪里")
    save.add_argument("--reveal", required=True, metavar="理由", help="附件里可能有个人信息, 要写明为什么看")
    for one in actions.choices.values():
        one.add_argument("--ticket", required=True, metavar="工单编号")
        one.add_argument("--as", dest="who", metavar="姓名", help="以谁的身份, 默认本机登录名")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database and in the folder of ``up``."""
    policies = policies_of(real_instance().profile)
    instance = started_instance()
    shelf = shelf_of(instance, policies.flow)
    with opened_database(instance) as database:
        return act(args, database, policies, shelf, lambda path: give_away(instance, path))


def act(
    args: argparse.Namespace,
    database: Database,
    policies: Policies,
    shelf: FileShelf,
    kept: Callable[[Path], None],
) -> int:
    """Do it on this database; ``kept`` is told where a file was kept."""
    name = args.who or os.environ.get("SUDO_USER") or getpass.getuser()
    user = database.now(lambda connection: user_named(connection, name))
    desk = WorkDesk(database, Outbox(database), policies, SystemRandom())
    actor = Actor(name=user.name, role=user.role, unit=user.unit)
    number = TicketNo(args.ticket)
    ticket = asyncio.run(desk.ticket(number))
    database.now(lambda connection: check_may_see(connection, ticket, user))
    match args.action:
        case "add":
            kept(shelf.path_of(asyncio.run(_add(args, desk, actor, shelf))))
        case "list":
            _show(_files(database, number))
        case _:
            asyncio.run(desk.reveal(number, actor, SystemClock().now(), args.reveal))
            _save(_file_named(_files(database, number), args.sha256), shelf, args.out)
    return 0


async def _add(args: argparse.Namespace, desk: WorkDesk, actor: Actor, shelf: FileShelf) -> str:
    attachment = shelf.keep_file(args.file, args.kind)
    wish = Wish(action=Action.ATTACH, actor=actor, at=SystemClock().now(), attachment=attachment)
    ticket = await desk.take(TicketNo(args.ticket), wish)
    print(f"附件 {attachment.name} 已加到工单 {ticket.ticket_no}, 校验值 {attachment.sha256[:SHOWN_SIGNS]}")
    return attachment.sha256


def _files(database: Database, number: TicketNo) -> list[KeptFile]:
    return database.now(lambda connection: file_store.files_of(connection, number))


def _show(files: list[KeptFile]) -> None:
    table = Table(box=box.SIMPLE)
    for title in ("校验值", "名称", "种类", "大小", "时间", "谁加的"):
        table.add_column(title, overflow="fold")
    for file in files:
        table.add_row(
            file.sha256[:SHOWN_SIGNS],
            Text(file.name),
            Text(file.kind),
            f"{file.size / MEGABYTE:.2f} MB",
            f"{file.at:%Y-%m-%d %H:%M}",
            Text(file.by),
        )
    console = Console()
    console.print(table)
    console.print(f"共 {len(files)} 个")


def _file_named(files: list[KeptFile], begins: str) -> KeptFile:
    found = [file for file in files if begins and file.sha256.startswith(begins)]
    if len(found) != 1:
        raise NoSuchFile(file=begins)
    return found[0]


def _save(file: KeptFile, shelf: FileShelf, out: Path) -> None:
    """Only the administrator may read it there, and nobody execute it."""
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(handle, "wb") as place:
            for chunk in shelf.read(file.sha256):
                place.write(chunk)
    except OSError as error:
        raise PlaceTaken(file=out, reason=error.strerror) from error
    print(f"附件 {file.name} 已存到 {out}")
