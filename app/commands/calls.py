"""通话日志: prints it, goes on printing it, finds calls in it, and proves that no line is missing."""

import argparse
import asyncio
import json
import re
import sys
import time
from datetime import datetime

from app.call_log import LISTENER
from app.call_log_asked import Asked, Follower, Line, Wanted, last_lines
from app.call_log_check import Rows, compared, sentence_of, sentences, verify, written_since
from app.call_log_files import CallLogFiles, last_number
from app.call_log_numbers import KEY_NAME, LETTERS, SIGNS, looked_up
from app.call_log_words import header, readable
from app.instance import Instance
from app.opened_database import opened_database
from app.prepare.places import Places
from app.real_instance import NAME, started_instance
from core.clock import SystemClock
from core.database import DatabaseTrouble
from core.errors import HotlineError
from core.outbox import Outbox
from queue_manager.forgetting import Forgetting
from queue_manager.store import calls_between

LOOK_SECONDS = 0.3
SLOW_SECONDS = 15.0
"""The norm of a hotline: answered within 15 seconds."""
FROM_INPUT = "-"


class SecretsClosed(HotlineError):
    """看不了这套系统的密钥或写不了查询记录:请用启动热线的账号(通常是 sudo)再试。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline calls``."""
    parser.add_argument("--follow", "-f", action="store_true", help="持续显示新的行,Ctrl-C 结束")
    parser.add_argument("--json", action="store_true", help="原样输出 JSON,一行一条")
    parser.add_argument("--call", metavar="来电", help="只看这一通来电(来电编号)")
    parser.add_argument("--queue", metavar="技能组", help="只看进过这个技能组的来电")
    parser.add_argument("--number-hash", type=_hash, metavar="指纹", help="只看这个号码指纹的来电")
    parser.add_argument(
        "--slow",
        type=_seconds,
        nargs="?",
        const=SLOW_SECONDS,
        metavar="秒",
        help=f"只看等待超过这么多秒的,默认 {SLOW_SECONDS:.0f}",
    )
    parser.add_argument("-n", type=_number, metavar="行数", default=50, help="先显示最后多少行,默认 50")
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的日志")
    parser.add_argument("--dry-run", action="store_true", help="与 --forget 同用:只数一数,什么也不删")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--verify", action="store_true", help="核对序号,指出有没有缺行")
    instead.add_argument(
        "--forget", action="store_true", help="删去过期的目击明细(话单不动),期限见设置 journal.keep_days"
    )
    instead.add_argument("--hash-of", metavar="号码", help="算出号码的指纹(会留下查询记录);写 - 则从输入读")


def run(args: argparse.Namespace) -> int:
    """Do what was asked; with ``--verify`` 1 when something is missing."""
    files = CallLogFiles(Places.load().data_dir / ("demo" if args.demo else NAME) / "log")
    if args.hash_of is not None:
        return _hash_of(args)
    if args.forget:
        return _forget(args)
    if args.verify:
        return _verify(args, files)
    _show(args, files)
    return 0


def _show(args: argparse.Namespace, files: CallLogFiles) -> None:
    asked = Asked(_wanted(args))
    until = last_number(files)
    shown = [line for line in last_lines(files, asked, args.n) if line["seq"] <= until]
    if sys.stdout.isatty() and not args.json:
        print(header())
    for line in shown:
        _print(line, as_json=args.json)
    if not shown and not args.follow:
        print("没有符合条件的通话。" if until else "还没有通话。", file=sys.stderr)
    follower = Follower(files, until)
    while args.follow:
        time.sleep(LOOK_SECONDS)
        for line in follower.new_lines():
            asked.learn(line)
            if asked.wants(line):
                _print(line, as_json=args.json)


def _wanted(args: argparse.Namespace) -> Wanted:
    slow = None if args.slow is None else round(args.slow * 1000)
    return Wanted(call_id=args.call, queue=args.queue, number_hash=args.number_hash, slow_ms=slow)


def _verify(args: argparse.Namespace, files: CallLogFiles) -> int:
    since = written_since(files)
    known = _what_rows_say(args, since) if since is not None else None
    verdict = verify(files)
    print("\n".join(sentences(verdict)))
    if known is None:
        return 0 if verdict.is_whole else 1
    told = compared(verdict, known)
    print(sentence_of(told))
    return 0 if verdict.is_whole and told.is_whole else 1


def _what_rows_say(args: argparse.Namespace, since: datetime) -> Rows | None:
    """Ask before the files are read: what has ended by now and does not wait must stand in them."""
    try:
        with opened_database(_instance(args), inline=True) as database:
            calls = database.now(lambda c: calls_between(c, since, SystemClock().now()))
            waits, _ = asyncio.run(Outbox(database).waiting()).get(LISTENER, (0, 0))
    except (HotlineError, DatabaseTrouble):
        print("数据库打不开,没有与它对照,只核对序号。", file=sys.stderr)
        return None
    return Rows(calls=tuple(calls), waiting=waits)


def _instance(args: argparse.Namespace) -> Instance:
    return started_instance("demo" if args.demo else NAME)


def _hash_of(args: argparse.Namespace) -> int:
    number = sys.stdin.readline().strip() if args.hash_of == FROM_INPUT else args.hash_of
    instance = _instance(args)
    try:
        print(looked_up(number, instance.secret(KEY_NAME), instance.logs, SystemClock()))
    except OSError as error:
        raise SecretsClosed(file=error.filename, reason=error.strerror) from error
    return 0


def _forget(args: argparse.Namespace) -> int:
    instance = _instance(args)
    days = instance.settings.journal.keep_days
    with opened_database(instance, inline=True) as database:
        done = asyncio.run(Forgetting(database, SystemClock(), days).run(dry_run=args.dry_run))
    verb = "可以删去" if args.dry_run else "已删去"
    print(
        f"{done.until:%Y-%m-%d} 以前结束的来电 {done.calls} 通,{verb}目击明细 {done.sightings} 条,话单不动。"
    )
    if args.dry_run:
        print("这是预演,什么也没有删除。", file=sys.stderr)
    return 0


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"行数应当是 0 或正整数,不是 {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise argparse.ArgumentTypeError(f"秒数应当是 0 或正数,不是 {text!r}")
    return float(text)


def _hash(text: str) -> str:
    if not re.fullmatch(rf"[{LETTERS}]{{{SIGNS}}}", text):
        raise argparse.ArgumentTypeError(
            f"指纹是 {SIGNS} 个小写字母,不是 {text!r};用 ./hotline calls --hash-of 号码 算出"
        )
    return text


def _print(line: Line, *, as_json: bool) -> None:
    print(json.dumps(line, ensure_ascii=False) if as_json else readable(line), flush=True)
