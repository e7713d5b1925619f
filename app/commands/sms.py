"""短信: what was sent to whom, what failed, and what a person wants sent again."""

import argparse
import json

from rich.console import Console

from app.channel_pages import show_messages
from app.opened_database import opened_database
from app.real_instance import started_instance
from console import sms_store
from console.sms_store import MessageState
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from core.privacy import masked_number

STATES = tuple(state.value for state in MessageState)
LEAST_SIGNS = 8
MOST_LOOKED_AT = 10_000


class NotToBeSentAgain(HotlineError):
    """没有这样一条失败或不确定的短信:编号用 ./hotline sms list 里的, 至少 8 位。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline sms``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    listing = actions.add_parser("list", help="列出短信, 号码脱敏")
    listing.add_argument("--state", choices=STATES, metavar="状态", help="、".join(STATES))
    listing.add_argument("--most", type=int, default=50, metavar="条数", help="最多几条, 默认 50")
    listing.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    again = actions.add_parser("again", help="再发一条失败或不确定的短信")
    again.add_argument("once", metavar="编号")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    with opened_database(started_instance()) as database:
        return act(args, database)


def act(args: argparse.Namespace, database: Database) -> int:
    """Do it on this database; raises NotToBeSentAgain."""
    if args.action == "again":
        database.now(lambda connection: _again(connection, args.once))
        print("已排队, 马上再发。")
        return 0
    state = MessageState(args.state) if args.state else None
    found = database.now(lambda connection: sms_store.messages_known(connection, state, args.most))
    if args.json:
        print(json.dumps([_plain(one) for one in found], ensure_ascii=False))
    else:
        show_messages(Console(), found)
    return 0


def _again(connection: Connection, begins: str) -> None:
    stuck = [
        one
        for state in (MessageState.FAILED, MessageState.UNCERTAIN)
        for one in sms_store.messages_known(connection, state, MOST_LOOKED_AT)
        if len(begins) >= LEAST_SIGNS and one.once.startswith(begins)
    ]
    if len(stuck) != 1 or not sms_store.send_again(connection, stuck[0].once, SystemClock().now()):
        raise NotToBeSentAgain(number=begins)


def _plain(one: sms_store.ShortMessage) -> dict[str, str]:
    return {
        "id": one.once,
        "at": f"{one.at:%FT%T%z}",
        "state": one.state,
        "kind": one.kind,
        "phone": masked_number(one.phone),
        "ticket_no": one.ticket_no,
        "said": one.said,
    }
