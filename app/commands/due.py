"""到期日: when something received now, or at a given time, is due; by a limit or by the hotline's rules."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from app.prepare.places import Places
from app.real_instance import real_instance
from app.work_clocks import ProfileMissing
from core.calendar import DAY
from core.clock import SHANGHAI, SystemClock
from core.errors import HotlineError
from tickets.deadlines import KNOWN, Case, ClockKind
from tickets.limit_file import LimitPolicy, read_policy
from tickets.limits import Limit, Measure, Start, day_of, due_of, limit_of

STARTS = {
    "next-day": Start.NEXT_DAY,
    "immediate": Start.IMMEDIATE,
    "次日": Start.NEXT_DAY,
    "即时": Start.IMMEDIATE,
}
LIMITS = (
    ("days", Measure.WORKING_DAYS, "天数", "几个工作日"),
    ("natural_days", Measure.NATURAL_DAYS, "天数", "几个自然日, 不跳过节假日"),
    ("minutes", Measure.MINUTES, "分钟", "几分钟, 不管节假日"),
)
SIDES = (
    ("--channel", "channel", "受理方式"),
    ("--mode", "mode", "交办方式"),
    ("--unit-class", "unit_class", "单位类别"),
    ("--urgency", "urgency", "紧急程度"),
    ("--type", "demand_type", "业务类别"),
    ("--area", "area", "地段"),
    ("--matter", "matter", "办件类别"),
)
CLOCKS = [f"{clock}" for clock in ClockKind]
WEEKDAYS = "一二三四五六日"
FIRST_YEAR, LAST_YEAR = 2000, 2199
MINUTE = "%Y-%m-%d %H:%M"


class NoRuleFits(HotlineError):
    """没有一条规则给这种情形定这种时限:请核对条件, 或看 --explain 列出的规则。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline due``."""
    parser.add_argument(
        "--at", type=_instant, metavar="时间", help="何时收到, 例如 2025-01-24T10:00, 默认现在"
    )
    amounts = parser.add_mutually_exclusive_group()
    for name, _, title, explained in LIMITS:
        amounts.add_argument(f"--{name.replace('_', '-')}", type=_amount, metavar=title, help=explained)
    parser.add_argument("--start", choices=STARTS, metavar="起算", help="next-day 次日起, immediate 即时起")
    parser.add_argument("--clock", choices=CLOCKS, metavar="时钟", help=f"{'、'.join(CLOCKS)}, 默认办结")
    for option, side, title in SIDES:
        known = [f"{value}" for value in KNOWN[side]]
        parser.add_argument(option, dest=side, choices=known, metavar=title, help="、".join(known))
    parser.add_argument("--profile", metavar="配置档", help="profiles 里的名字, 默认 settings.toml 里的")
    parser.add_argument("--explain", action="store_true", help="逐日说明, 并列出按每条规则各到何时")


def run(args: argparse.Namespace) -> int:
    """Print the due date alone; with ``--explain`` how one gets there, and what other rules would give."""
    policy = read_policy(_folder(args.profile))
    for line in lines(args, args.at or SystemClock().now(), policy):
        print(line)
    return 0


def lines(args: argparse.Namespace, at: datetime, policy: LimitPolicy) -> Iterator[str]:
    """Give the answer, and the explanation if it was asked for. Raises CalendarEnds or NoRuleFits."""
    limit, by = _limit(args, policy)
    due = due_of(limit, at, policy.office)
    yield f"{due:{MINUTE}}" if limit.measure is Measure.MINUTES else f"{due:%Y-%m-%d}"
    if args.explain:
        yield f"{at:{MINUTE}} 收到, {by}{limit}, {limit.start}起算, {due:{MINUTE}} 到期"
        yield from _day_by_day(limit, at, due, policy)
        yield "假如按配置档的各条规则:"
        yield from _what_if(at, policy)
        if alarm := policy.alarm(day_of(at)):
            yield f"注意:{alarm}"
        yield f"日历 {policy.office.calendar.version}, 到 {policy.office.calendar.last} 为止"


def _limit(args: argparse.Namespace, policy: LimitPolicy) -> tuple[Limit, str]:
    """Give the limit that was named, or that of the rule for the case that was described."""
    start = STARTS.get(args.start)
    for name, measure, _, _ in LIMITS:
        amount = getattr(args, name)
        if amount is not None:
            return limit_of(f"{amount}{measure}", start), ""
    case = Case(**{side: getattr(args, side) or "" for _, side, _ in SIDES})
    clock = ClockKind(args.clock or ClockKind.FINISH)
    rule = policy.deadlines.rule_for(clock, case)
    if rule is None:
        raise NoRuleFits(clock=clock)
    limit = limit_of(f"{rule.limit}", start) if start else rule.limit
    return limit, f"{clock}按“{rule.name}”"


def _day_by_day(limit: Limit, at: datetime, due: datetime, policy: LimitPolicy) -> Iterator[str]:
    if limit.measure is not Measure.WORKING_DAYS:
        return
    calendar = policy.office.calendar
    day = day_of(at)
    if limit.start is Start.NEXT_DAY or not policy.office.still_open(at):
        day += DAY
    counted = 0
    while day <= day_of(due):
        working = calendar.is_working_day(day)
        counted += working
        number = f"  第 {counted} 天" if working else ""
        yield f"  {day} 周{WEEKDAYS[day.weekday()]} {calendar.why(day)}{number}"
        day += DAY


def _what_if(at: datetime, policy: LimitPolicy) -> Iterator[str]:
    for one in policy.deadlines.what_if(at):
        due = f"{one.due:{MINUTE}}" if one.due else "日历没有那么远, 算不出"
        yield f"  {one.clock} {due}  {one.rule.name} {one.rule.limit}"


def _folder(profile: str | None) -> Path:
    """Give the folder of a profile; raises ProfileMissing."""
    folder = Places.load().code / "profiles" / profile if profile else real_instance().profile
    if not folder.is_dir():
        raise ProfileMissing(profile=profile or folder.name)
    return folder


def _amount(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"应当是正整数, 不是 {text!r}")
    return int(text)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"时间要写成 2025-01-24T10:00, 不是 {text!r}") from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise argparse.ArgumentTypeError(f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间, 不是 {at.year}")
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
