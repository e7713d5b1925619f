"""通话日志: prints it, and with ``--follow`` goes on printing."""

import argparse
import json
import sys
import time
from collections import deque

from app.call_log import lines_of, readable
from app.commands.up import real_instance

LOOK_SECONDS = 0.3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline calls``."""
    parser.add_argument("--follow", "-f", action="store_true", help="持续显示新的行,Ctrl-C 结束")
    parser.add_argument("--json", action="store_true", help="原样输出 JSON,一行一条")
    parser.add_argument("--call", help="只看这一通来电(call_id)")
    parser.add_argument("-n", type=int, default=50, help="先显示最后多少行,默认 50")
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的日志")


def run(args: argparse.Namespace) -> int:
    """Print the last lines, and the new ones as they come."""
    folder = real_instance().folder
    file = (folder.with_name("demo") if args.demo else folder) / "log" / "calls.jsonl"
    last = 0
    shown = deque((line for line in lines_of(file) if args.call in (None, line["call_id"])), maxlen=args.n)
    for line in shown:
        _print(line, as_json=args.json)
        last = line["seq"]
    if not shown and not args.follow:
        print("还没有通话。", file=sys.stderr)
    while args.follow:
        for line in lines_of(file):
            if line["seq"] > last and args.call in (None, line["call_id"]):
                _print(line, as_json=args.json)
                last = line["seq"]
        time.sleep(LOOK_SECONDS)
    return 0


def _print(line: dict[str, object], *, as_json: bool) -> None:
    print(json.dumps(line, ensure_ascii=False) if as_json else readable(line), flush=True)
