"""通话日志: prints it, and with ``--follow`` goes on printing."""

import argparse
import json
import sys
import time
from collections import deque

from app.call_log import CallLogReader, readable
from app.prepare.places import Places
from app.real_instance import NAME

LOOK_SECONDS = 0.3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline calls``."""
    parser.add_argument("--follow", "-f", action="store_true", help="持续显示新的行,Ctrl-C 结束")
    parser.add_argument("--json", action="store_true", help="原样输出 JSON,一行一条")
    parser.add_argument("--call", metavar="来电", help="只看这一通来电(call_id)")
    parser.add_argument("-n", type=_number, metavar="行数", default=50, help="先显示最后多少行,默认 50")
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的日志")


def run(args: argparse.Namespace) -> int:
    """Print the last lines, and the new ones as they come."""
    log = CallLogReader(Places.load().data_dir / ("demo" if args.demo else NAME) / "log" / "calls.jsonl")
    shown = deque((line for line in log.new_lines() if _is_asked(args, line)), maxlen=args.n)
    for line in shown:
        _print(line, as_json=args.json)
    if not shown and not args.follow:
        print("还没有通话。", file=sys.stderr)
    while args.follow:
        time.sleep(LOOK_SECONDS)
        for line in log.new_lines():
            if _is_asked(args, line):
                _print(line, as_json=args.json)
    return 0


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"行数应当是 0 或正整数,不是 {text!r}")
    return int(text)


def _is_asked(args: argparse.Namespace, line: dict[str, object]) -> bool:
    return args.call is None or line["call_id"] == args.call


def _print(line: dict[str, object], *, as_json: bool) -> None:
    print(json.dumps(line, ensure_ascii=False) if as_json else readable(line), flush=True)
