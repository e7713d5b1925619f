"""通报: writes a report of a week, ten days, a month … as HTML, DOCX, XLSX and JSON."""

import argparse
import sys
from contextlib import closing
from datetime import date
from pathlib import Path

from app.circular_files import next_edition, write_circular
from app.parts import database_url
from app.prepare.places import Places
from app.real_instance import started_instance
from core.clock import SystemClock
from core.database import Database
from core.errors import HotlineError
from tickets.circulars.circular import asked_for
from tickets.circulars.period import Kind, period_of

KINDS = {kind.word: kind for kind in Kind}
BAD_IN_NAMES = '/\\:*?"<>|\0'


class TopicMissing(HotlineError):
    """专题分析要写明关键词, 例如 --topic 噪音;别的通报不能写。"""


class NotYetBegun(HotlineError):
    """这一期还没有开始:请核对 --date。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline report``."""
    kinds = "、".join(f"{word} {kind}" for word, kind in KINDS.items())
    parser.add_argument("kind", choices=KINDS, metavar="种类", help=kinds)
    parser.add_argument("--date", type=_day, metavar="日期", help="这一天所在的那一期, 默认今天")
    parser.add_argument("--out", type=Path, required=True, metavar="文件夹", help="写到哪里")
    parser.add_argument("--topic", default="", metavar="关键词", help="专题:类别或标题里有这些字的工单")
    parser.add_argument("--profile", metavar="配置档", help="profiles 里的名字, 默认正在用的")


def run(args: argparse.Namespace) -> int:
    """Write the files and name them; 1 when a sum does not add up."""
    clock, kind = SystemClock(), KINDS[args.kind]
    if (kind is Kind.TOPIC) != bool(args.topic) or set(args.topic) & set(BAD_IN_NAMES):
        raise TopicMissing(topic=args.topic)
    asked = asked_for(kind, clock.now(), period_of(kind, args.date or clock.now().date()), args.topic)
    if asked.period.since > clock.now():
        raise NotYetBegun(first=asked.period.first)
    instance = started_instance()
    profile = Places.load().code / "profiles" / args.profile if args.profile else instance.profile
    name = f"{args.kind}-{asked.period.first}" + (f"-{args.topic}" if args.topic else "")
    with closing(Database(database_url(instance), inline=True)) as database:
        database.check()
        edition = next_edition(database, asked, profile, args.out / f"{name}.json", clock)
    for file in write_circular(edition, args.out, name):
        print(file)
    for erratum in edition.errata:
        print(f"勘误第 {erratum.number} 号:更正 {len(erratum.corrections)} 处")
    wrong = [check.title for check in edition.circular.checks if not check.holds]
    for title in wrong:
        print(f"核对不符:{title}", file=sys.stderr)
    return 1 if wrong else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-11-22, 不是 {text!r}") from error
