"""统计指标: connect rate and all other figures of a day, with the rule of each; or those of a sample file."""

import argparse
import json
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

from app.figures_plain import plain_report
from app.figures_seen import seen_with_demands
from app.figures_table import show_answer, show_headline, show_report, wide_console
from app.instance import Instance
from app.opened_database import opened_database
from app.real_instance import NAME, started_instance
from app.seat_list import seats_of
from core.clock import SHANGHAI, SystemClock
from core.database import Database
from core.errors import HotlineError
from core.ids import QueueName, own_queue_of
from queue_manager.figures.figure import Window
from queue_manager.figures.fixture import read_fixture
from queue_manager.figures.fixture_answer import answer_to
from queue_manager.figures.policy import Policy, read_policy
from queue_manager.figures.report import Report, report_of
from queue_manager.figures_store import seen_in
from queue_manager.seat_rules import read_seat_rules
from queue_manager.seats import check_queue

REFRESH_SECONDS = 2.0
FORMATS = ("%H:%M", "%H:%M:%S", "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S")
END_OF_DAY = "24:00"
ONLY_LIVE = ("date", "since", "until", "queue", "demo", "follow")


class WindowWrong(HotlineError):
    """统计时段的结束要晚于开始,请改正 --from 与 --to。"""


class FileAlone(HotlineError):
    """--file 只能和 --json 一起用:样例文件自己写明了技能组,也没有日期。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline figures``."""
    parser.add_argument("--date", type=_date, metavar="日期", help="哪一天,例如 2026-11-22;默认今天")
    parser.add_argument(
        "--from", dest="since", type=_time, metavar="时间", help="从几点起,例如 08:30,或 2026-11-22"
    )
    parser.add_argument("--to", dest="until", type=_time, metavar="时间", help="到几点止(不含),例如 24:00")
    parser.add_argument("--queue", metavar="技能组", help="只看一个技能组,例如 intake")
    parser.add_argument("--follow", "-f", action="store_true", help="每 2 秒刷新,Ctrl-C 结束")
    parser.add_argument("--json", action="store_true", help="标准输出只有 JSON,每个数带分子、分母和口径")
    parser.add_argument("--file", type=Path, metavar="文件", help="算一个样例文件(JSON),不看数据库")
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的指标")


def run(args: argparse.Namespace) -> int:
    """Print the figures; those of the database are made afresh from its rows at each look."""
    if args.file is not None:
        if any(getattr(args, name) for name in ONLY_LIVE):
            raise FileAlone(file=args.file)
        return _show_file(args.file, as_json=args.json)
    clock = SystemClock()
    instance = started_instance("demo" if args.demo else NAME)
    policy = read_policy(instance.profile)
    with opened_database(instance, inline=True) as database:
        while True:
            report = _report(args, database, clock.now(), policy)
            if args.queue and not report.calls["requests"].num:
                # one that there was once may have calls
                _check_queue(args.queue, instance)
            _show(args, report, policy)
            if not args.follow:
                return 0
            time.sleep(REFRESH_SECONDS)


def _report(args: argparse.Namespace, database: Database, now: datetime, policy: Policy) -> Report:
    window = _window(args, now)
    # the headline that people follow has no demands, and they cost more than all the rest
    look = seen_in if args.follow and not args.json else seen_with_demands
    seen = database.now(lambda connection: look(connection, window, now, policy))
    return report_of(seen, QueueName(args.queue) if args.queue else None, policy)


def _check_queue(queue: str, instance: Instance) -> None:
    """Raise NoSuchQueue, with the groups that there are; a seat's own queue is one too."""
    if queue not in {own_queue_of(seat) for seat in seats_of(instance)}:
        check_queue(queue, read_seat_rules(instance.profile).queues)


def _show(args: argparse.Namespace, report: Report, policy: Policy) -> None:
    if args.json:
        print(json.dumps(plain_report(report, policy), ensure_ascii=False), flush=True)
    elif args.follow:
        console = wide_console()
        console.clear()
        show_headline(console, report, policy)
    else:
        show_report(wide_console(), report, policy)


def _show_file(file: Path, *, as_json: bool) -> int:
    fixture = read_fixture(file)
    answer = answer_to(fixture)
    for warning in answer.warnings:
        print(f"注意:{warning}", file=sys.stderr)
    if as_json:
        print(json.dumps({**answer.values, "rules": answer.rules}, ensure_ascii=False, indent=1))
    else:
        show_answer(wide_console(), fixture, answer)
    return 0


def _window(args: argparse.Namespace, now: datetime) -> Window:
    """Give the asked day, or part of it; the end of a day is its last instant's end."""
    day = args.date or now.date()
    since = _on(day, args.since) if args.since else _midnight(day)
    until = _on(day, args.until) if args.until else _midnight(since.date()) + timedelta(days=1)
    if until <= since:
        raise WindowWrong(since=f"{since:%Y-%m-%d %H:%M}", until=f"{until:%Y-%m-%d %H:%M}")
    return Window(since=since, until=until)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _on(day: date, text: str) -> datetime:
    if text == END_OF_DAY:
        return _midnight(day) + timedelta(days=1)
    at = _read(text)
    return datetime.combine(day, at.time(), SHANGHAI) if _has_no_date(text) else at.replace(tzinfo=SHANGHAI)


def _has_no_date(text: str) -> bool:
    return "-" not in text


def _read(text: str) -> datetime:
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - all times here are Shanghai's
        except ValueError:
            continue
    raise argparse.ArgumentTypeError(f"时间应当写成 08:30 或 2026-11-22,不是 {text!r}")


def _time(text: str) -> str:
    if text != END_OF_DAY:
        _read(text)
    return text


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期应当写成 2026-11-22,不是 {text!r}") from None
