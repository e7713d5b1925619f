"""接口密钥: makes, lists and revokes the keys by which other systems speak to the hotline."""

import argparse
import getpass
import json
import os
import secrets
from dataclasses import dataclass

from rich.console import Console

from app.channel_pages import show_keys
from app.opened_database import opened_database
from app.parts import WEB_KEY_NAME
from app.real_instance import started_instance
from console import key_store
from console.api_keys import (
    KEY_ROLES,
    PREFIX,
    ApiKey,
    KeyNameTaken,
    NoSuchKey,
    checked_name,
    digest_of,
)
from console.wechat import token_of
from core.clock import SystemClock
from core.database import Connection, Database
from tickets.roles import Role

KEY_BYTES = 24
ROLES = tuple(role.value for role in KEY_ROLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDesk:
    """What the command works on; ``secret`` is the hotline's own."""

    database: Database
    secret: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline key``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="生成一个密钥, 只显示这一次")
    add.add_argument("name", metavar="名字", help="给哪个系统用, 例如 website;字母、数字、- 和 _")
    add.add_argument(
        "--role",
        choices=ROLES,
        default=Role.SYSTEM.value,
        metavar="角色",
        help=f"{'、'.join(ROLES)};默认系统:递交来件, 只看得到自己递交的",
    )
    add.add_argument("--again", action="store_true", help="同名的作废, 重新生成")
    add.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    listing = actions.add_parser("list", help="列出密钥, 不显示密钥本身")
    listing.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    revoke = actions.add_parser("revoke", help="停用一个密钥, 马上生效")
    revoke.add_argument("name", metavar="名字")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    instance = started_instance()
    with opened_database(instance) as database:
        return act(args, KeyDesk(database=database, secret=instance.secret(WEB_KEY_NAME)))


def act(args: argparse.Namespace, desk: KeyDesk) -> int:
    """Do it on this database; raises KeyNameWrong, KeyNameTaken or NoSuchKey."""
    match args.action:
        case "add":
            _add(args, desk)
        case "revoke":
            _revoke(args, desk)
        case _:
            _list(args, desk)
    return 0


def _add(args: argparse.Namespace, desk: KeyDesk) -> None:
    secret = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    key = ApiKey(
        name=checked_name(args.name),
        digest=digest_of(secret),
        role=Role(args.role),
        added_at=SystemClock().now(),
        added_by=os.environ.get("SUDO_USER") or getpass.getuser(),
    )

    def work(connection: Connection) -> None:
        if not args.again and any(key.name == known.name for known in key_store.keys_known(connection)):
            raise KeyNameTaken(name=key.name)
        key_store.put_key(connection, key)

    desk.database.now(work)
    token = token_of(desk.secret, key.name)
    if args.json:
        print(json.dumps({"name": key.name, "role": key.role, "key": secret, "wechat_token": token}))
        return
    print(f"密钥 {key.name} ({key.role}), 只显示这一次, 请马上交给对方:\n{secret}")
    if key.role is Role.SYSTEM:
        print(f"微信式推送的 Token:{token}")


def _revoke(args: argparse.Namespace, desk: KeyDesk) -> None:
    at = SystemClock().now()
    if not desk.database.now(lambda connection: key_store.revoke_key(connection, args.name, at)):
        raise NoSuchKey(name=args.name)
    print(f"密钥 {args.name} 已停用。")


def _list(args: argparse.Namespace, desk: KeyDesk) -> None:
    keys = desk.database.now(key_store.keys_known)
    if args.json:
        plain = [
            {
                "name": key.name,
                "role": key.role,
                "added_at": f"{key.added_at:%FT%T%z}",
                "active": not key.revoked_at,
            }
            for key in keys
        ]
        print(json.dumps(plain, ensure_ascii=False))
        return
    show_keys(Console(), keys)
