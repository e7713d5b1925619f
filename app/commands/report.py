"""通报: writes a report of a week, ten days, a month … as HTML, DOCX, XLSX and JSON."""

import argparse
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from app.circular_files import next_edition, write_circular
from app.opened_database import opened_database
from app.prepare.places import Places
from app.real_instance import started_instance
from core.clock import SystemClock
from core.database import Database
from core.errors import HotlineError
from tickets.circulars.circular import Asked, asked_for
from tickets.circulars.period import Kind, ended_before, period_of
from tickets.circulars.policy import read_circular_policy

KINDS = {kind.word: kind for kind in Kind}
REGULAR = "regular"
BAD_IN_NAMES = '/\\:*?"<>|\0'


class TopicMissing(HotlineError):
    """专题分析要写明关键词, 例如 --topic 噪音, 别的通报不能写;关键词和区域里不能有 / 这样的符号。"""


class NotYetBegun(HotlineError):
    """这一期还没有开始:请核对 --date。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline report``."""
    kinds = "、".join(f"{word} {kind}" for word, kind in KINDS.items())
    regular = f"{REGULAR} 到这一天该出的(配置档 circulars.toml 的 regular), 适合每天早上自动运行"
    parser.add_argument("kind", choices=[*KINDS, REGULAR], metavar="种类", help=f"{kinds}、{regular}")
    parser.add_argument("--date", type=_day, metavar="日期", help="这一天所在的那一期, 默认今天")
    parser.add_argument("--out", type=Path, required=True, metavar="文件夹", help="写到哪里")
    parser.add_argument("--topic", default="", metavar="关键词", help="专题:类别或标题里有这些字的工单")
    parser.add_argument(
        "--district", default="", metavar="区域", help="只看这个区域的;专报列出那里新受理和没办结的全部工单"
    )
    parser.add_argument("--profile", metavar="配置档", help="profiles 里的名字, 默认正在用的")


def run(args: argparse.Namespace) -> int:
    """Write the files and name them; 1 when a sum does not add up."""
    if (args.kind == Kind.TOPIC.word) != bool(args.topic) or set(args.topic + args.district) & set(
        BAD_IN_NAMES
    ):
        raise TopicMissing(topic=args.topic)
    now = SystemClock().now()
    instance = started_instance()
    profile = Places.load().code / "profiles" / args.profile if args.profile else instance.profile
    asked = asked_on(args, now, profile)
    if not asked:
        print("这一天没有该出的定期通报。")
    with opened_database(instance, inline=True) as database:
        issued = [_issue(database, one, profile, args.out) for one in asked]
    return 0 if all(issued) else 1


def asked_on(args: argparse.Namespace, now: datetime, profile: Path) -> list[Asked]:
    """Give what is to be issued: one circular, or all that are regular; raises NotYetBegun."""
    day = args.date or now.date()
    if args.kind == REGULAR:
        wanted = ended_before(day, read_circular_policy(profile).regular)
    else:
        wanted = ((KINDS[args.kind], period_of(KINDS[args.kind], day)),)
    for _, period in wanted:
        if period.since > now:
            raise NotYetBegun(first=period.first)
    asked = [asked_for(kind, now, period, args.topic) for kind, period in wanted]
    return [replace(one, district=args.district) for one in asked]


def _issue(database: Database, asked: Asked, profile: Path, folder: Path) -> bool:
    """Write one circular; False when a sum does not add up."""
    name = "-".join(filter(None, (asked.kind.word, f"{asked.period.first}", asked.topic, asked.district)))
    edition = next_edition(database, asked, profile, folder / f"{name}.json", SystemClock())
    for file in write_circular(edition, folder, name):
        print(file)
    for erratum in edition.errata:
        print(f"勘误第 {erratum.number} 号:更正 {len(erratum.corrections)} 处")
    wrong = [check.title for check in edition.circular.checks if not check.holds]
    for title in wrong:
        print(f"核对不符:{title}", file=sys.stderr)
    return not wrong


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"日期要写成 2026-11-22, 不是 {text!r}") from error
