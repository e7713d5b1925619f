"""回调: other systems that are told facts of the hotline, each signed."""

import argparse
import asyncio
import getpass
import json
import os
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from rich.console import Console

from app.channel_pages import show_targets
from app.opened_database import opened_database
from app.parts import WEB_KEY_NAME
from app.real_instance import started_instance
from console import webhook_store
from console.api_keys import checked_name, derived
from console.http_post import HttpPost
from console.webhooks import WebhookPost, trial
from core.clock import SystemClock
from core.database import Connection, Database
from core.errors import HotlineError
from core.events import KEPT

FACTS = tuple(kind.__name__ for kind in KEPT)
USUAL = ("TicketDrafted", "TicketStepped")
LONGEST_URL = 400


class AddressWrong(HotlineError):
    """地址要写完整, 以 https:// 或 http:// 开头, 不带口令。"""


class NoSuchWebhook(HotlineError):
    """没有这个名字的回调:./hotline webhook list 列出全部。"""


class TrialFailed(HotlineError):
    """对方没有确认收到:请核对地址、防火墙和对方的记录。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOffice:
    """What the command works on; ``secret`` is the hotline's own."""

    database: Database
    secret: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline webhook``."""
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    add = actions.add_parser("add", help="添加一个回调, 显示它的签名密钥;已有时修改")
    add.add_argument("name", metavar="名字", help="哪个系统;字母、数字、- 和 _")
    add.add_argument("url", metavar="地址", help="例如 https://oa.city.example/hotline")
    add.add_argument(
        "--fact", action="append", choices=FACTS, metavar="事实", help=f"可以写多次;默认 {' '.join(USUAL)}"
    )
    listing = actions.add_parser("list", help="列出回调和最近一条的结果")
    listing.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    remove = actions.add_parser("remove", help="不再告知")
    remove.add_argument("name", metavar="名字")
    test = actions.add_parser("test", help="现在送一条测试, 看对方是否确认")
    test.add_argument("name", metavar="名字")


def run(args: argparse.Namespace) -> int:
    """Do what was asked on the database of ``up``."""
    instance = started_instance()
    with opened_database(instance) as database:
        return act(args, WebhookOffice(database=database, secret=instance.secret(WEB_KEY_NAME)))


def act(args: argparse.Namespace, office: WebhookOffice) -> int:
    """Do it on this database; raises AddressWrong, NoSuchWebhook or TrialFailed."""
    match args.action:
        case "add":
            _add(args, office)
        case "remove":
            _remove(args, office)
        case "test":
            asyncio.run(_try(args, office))
        case _:
            _list(args, office)
    return 0


def _add(args: argparse.Namespace, office: WebhookOffice) -> None:
    parts = urlsplit(args.url)
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or parts.username
        or len(args.url) > LONGEST_URL
    ):
        raise AddressWrong(url=args.url)
    target = webhook_store.Target(
        name=checked_name(args.name),
        url=args.url,
        facts=tuple(dict.fromkeys(args.fact or USUAL)),
        added_at=SystemClock().now(),
        added_by=os.environ.get("SUDO_USER") or getpass.getuser(),
    )
    office.database.now(lambda connection: webhook_store.put_target(connection, target))
    print(f"回调 {target.name} 已保存, 告知 {'、'.join(target.facts)}。签名密钥:")
    print(derived(office.secret, "webhook", target.name))


def _remove(args: argparse.Namespace, office: WebhookOffice) -> None:
    at = SystemClock().now()
    if not office.database.now(lambda c: webhook_store.remove_target(c, args.name, at)):
        raise NoSuchWebhook(name=args.name)
    print(f"回调 {args.name} 已移除。")


async def _try(args: argparse.Namespace, office: WebhookOffice) -> None:
    known = {target.name: target for target in office.database.now(webhook_store.targets_known)}
    if args.name not in known:
        raise NoSuchWebhook(name=args.name)
    clock = SystemClock()
    post = HttpPost()
    try:
        sender = WebhookPost(office.database, post, clock, office.secret)
        tried = await sender.send(known[args.name], trial(known[args.name], clock.now()))
    finally:
        await post.close()
    if tried.state is not webhook_store.DeliveryState.DONE:
        raise TrialFailed(said=tried.said)
    print(f"对方已确认收到 ({tried.said})。")


def _list(args: argparse.Namespace, office: WebhookOffice) -> None:
    targets = office.database.now(webhook_store.targets_known)
    if args.json:
        plain = [{"name": one.name, "url": one.url, "facts": list(one.facts)} for one in targets]
        print(json.dumps(plain, ensure_ascii=False))
        return
    last = [office.database.now(partial(_last_of, target=one.name)) for one in targets]
    show_targets(Console(), list(zip(targets, last, strict=True)))


def _last_of(connection: Connection, target: str) -> webhook_store.Delivery | None:
    return next(iter(webhook_store.deliveries_known(connection, target, 1)), None)
