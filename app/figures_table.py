"""指标表: the figures as people like to read them: the headline first, then tables with their rules."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from rich import box
from rich.cells import chop_cells
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from core.ids import SeatNo
from queue_manager.figures.figure import Figure, Number, Window
from queue_manager.figures.fixture import Fixture
from queue_manager.figures.fixture_answer import Answer
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Figures, Report
from queue_manager.figures.rolling import Outlook
from queue_manager.figures.rule_book import general_rules
from queue_manager.figures.staffing import LEVELS, RULE

HEADLINE = ("connect_rate", "answered_in_15s")
OF_A_QUEUE = {
    "requests": "请求",
    "answered": "接通",
    "abandoned": "放弃",
    "timeout": "超时",
    "living": "在等",
    "connect_rate": "接通率 %",
    "answered_in_15s": "及时 %",
    "mean_wait_answered": "应答 秒",
    "max_wait": "最长 秒",
    "handle_time": "处理 秒",
}
OF_A_SEAT = {
    "login": "签入",
    "pause": "示忙",
    "ready": "示闲",
    "offer": "振铃",
    "talk": "通话",
    "acw": "话后",
    "calls_answered": "接听",
    "non_response": "未应",
    "handle_time": "处理 秒",
    "occupancy": "占有 %",
    "utilisation": "利用 %",
}
LENGTHS = ("login", "pause", "ready", "offer", "talk", "acw")
PICKED = ("max_wait", "p50_wait_answered", "p90_wait_answered")
"""Not divided: one value out of so many."""
NARROWEST = 100
"""Columns of text; a narrower window wraps, nothing is cut off."""
NOTHING = "—"
Name = TypeVar("Name", bound=str)
_LOOSE = re.compile(r" (?![A-Za-z])|(?<![A-Za-z]) ")
"""A space that does not part two Latin words; at it a line of Chinese would be broken too early."""


def wide_console() -> Console:
    """Give the standard output, wide enough for every table, also into a pipe."""
    return Console(highlight=False, width=max(NARROWEST, Console().width))


def show_headline(console: Console, report: Report, policy: Policy) -> None:
    """Print what a wall shows: headline, warnings, queues."""
    window = f"{_span(report.frame.window)}  截至 {_instant(report.frame.as_of)}"
    console.print(_headline(report, window, {**report.calls, **report.rolling}))
    for line in _cautions(report, policy):
        console.print(line)
    _print_by_name(console, "技能组", report.queues, OF_A_QUEUE)


def show_report(console: Console, report: Report, policy: Policy) -> None:
    """Print everything of a report."""
    show_headline(console, report, policy)
    _print_details(console, report)
    if any(one.requests or one.staffed for one in report.staffing):
        console.print(_staffing(report, policy))
        _print_rule(console, RULE.format(t=policy.threshold_seconds))
    for rule in general_rules(policy):
        _print_rule(console, rule)


def show_answer(console: Console, fixture: Fixture, answer: Answer) -> None:
    """Print the figures of a sample file, and whether they are the expected ones."""
    report = answer.report
    console.print(_headline(report, "样例文件", report.calls))
    _print_by_name(console, "技能组", report.queues, OF_A_QUEUE)
    _print_details(console, report)
    for rule in general_rules(fixture.policy):
        _print_rule(console, rule)
    if fixture.expected:
        differing = answer.differences(fixture.expected)
        told = f"有 {len(differing)} 项不一致:{'、'.join(differing)}" if differing else "全部一致"
        console.print(
            Text(f"与文件里的 expected 对照:{told}", style="bold red" if differing else "bold green")
        )


def _headline(report: Report, title: str, figures: Figures) -> Panel:
    shown = Table.grid(padding=(0, 3))
    for key in HEADLINE:
        shown.add_row(
            Text(figures[key].title, style="bold"),
            Text(said(figures[key]), style="bold"),
            _division(key, figures[key]),
        )
    for key in (key for key in figures if key in report.rolling):
        at = f"{_instant(report.lowest_at)}" if key.startswith("lowest") and report.lowest_at else ""
        shown.add_row(figures[key].title, said(figures[key]), f"{_division(key, figures[key])}  {at}")
    scope = f"技能组 {report.queue}" if report.queue else "全热线"
    return Panel(shown, title=f"{scope}  {title}", title_align="left", expand=False)


def _cautions(report: Report, policy: Policy) -> Iterator[Text]:
    if report.outlook is not None and report.outlook.misses_from is not None:
        yield Text(f"⚠ {warning(report.outlook, report.frame.as_of, policy)}", style="bold red")
    for gap in report.frame.gaps:
        period = f"{_instant(gap.since)} 至 {_instant(gap.until)}"
        yield Text(f"⚠ 数据缺口 {period}:{gap.why};缺口里没看到的不在以下各数里", style="yellow")
    for seat, figures in report.seats.items():
        if figures["unaccounted"].value:
            off = said(figures["unaccounted"])
            yield Text(f"⚠ 座席 {seat} 的各状态之和与签入时长相差 {off}", style="yellow")


def warning(outlook: Outlook, now: datetime, policy: Policy) -> str:
    """Say when the rolling connect rate misses the target though every call from now on is answered."""
    since = "现在" if outlook.misses_from == now else f" {_instant(outlook.misses_from)} "
    return (
        f"滚动 24 小时接通率将达不到 {policy.connect_rate_target}%:"
        f"即使今后来电全部接通(预计 {outlook.expected} 通),自{since}起低于目标,"
        f"最低 {outlook.worst} %,{_instant(outlook.recovers_at)} 才能回升"
    )


def _print_details(console: Console, report: Report) -> None:
    console.print(_with_rules("来电", report.calls))
    if any(figure.den for figure in report.demands.values()):
        console.print(_with_rules("诉求", report.demands))
    _print_by_name(console, "座席", report.seats, OF_A_SEAT)
    for seat_figures in list(report.seats.values())[:1]:
        for key, short in OF_A_SEAT.items():
            _print_rule(console, f"{short}:{seat_figures[key].rule}")
    _print_quality(console, report.seats)


def _with_rules(title: str, figures: Figures) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column("指标", no_wrap=True)
    table.add_column("值", justify="right", no_wrap=True)
    table.add_column("分子 ÷ 分母", justify="right", no_wrap=True)
    table.add_column("口径", style="dim", overflow="fold")
    for key, figure in figures.items():
        table.add_row(figure.title, said(figure), _division(key, figure), _LOOSE.sub("", figure.rule))
    return table


def _print_by_name(
    console: Console, title: str, rows: Mapping[Name, Figures], keys: Mapping[str, str]
) -> None:
    """Print one row per name and one column per figure; nothing when there is no row."""
    if not rows:
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column(title, no_wrap=True)
    for short in keys.values():
        table.add_column(short, justify="right", no_wrap=True)
    for name, figures in rows.items():
        cells = (_length(figures[key]) if key in LENGTHS else _number(figures[key]) for key in keys)
        table.add_row(name, *cells)
    console.print(table)


def _print_quality(console: Console, seats: Mapping[SeatNo, Figures]) -> None:
    """Print the quality of the seats that have sheets, a table of its own: theirs has no room for it."""
    marked = {seat: figures["quality"] for seat, figures in seats.items() if figures["quality"].den}
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in ("座席", "质检得分", "得分之和 ÷ 表数"):
        table.add_column(name, justify="left" if name == "座席" else "right", no_wrap=True)
    for seat, figure in marked.items():
        table.add_row(seat, _number(figure), _division("quality", figure))
    if marked:
        console.print(table)
        _print_rule(console, f"质检得分:{next(iter(marked.values())).rule}")


def _staffing(report: Report, policy: Policy) -> Table:
    table = Table(title="座席配置建议", title_justify="left", box=box.SIMPLE_HEAD)
    levels = (f"{level}%/{policy.threshold_seconds}秒" for level in LEVELS)
    for name in ("时段", "人工请求", "话务量 爱尔兰", *levels, "实有座席"):
        table.add_column(name, justify="right")
    for one in report.staffing:
        if one.requests or one.staffed:
            seats = one.seats or (None,) * len(LEVELS)
            load = NOTHING if one.load is None else f"{one.load:.1f}"
            cells = (f"{one.requests:g}", load, *(_plain(number) for number in seats), _plain(one.staffed))
            table.add_row(f"{one.begins:%H:%M}", *cells)
    return table


def _print_rule(console: Console, rule: str) -> None:
    for n, line in enumerate(chop_cells(rule, console.width - 4)):
        console.print(Text(f"{'  ' if n else '· '}{line}", style="dim"))


def said(figure: Figure) -> str:
    """Give the value with its unit; a dash where there is nothing to say."""
    return NOTHING if figure.value is None else f"{_number(figure)} {figure.unit}"


def _number(figure: Figure) -> str:
    return NOTHING if figure.value is None else _grouped(figure.value)


def _grouped(value: Number) -> str:
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"


def _plain(value: Number | None) -> str:
    return NOTHING if value is None else f"{value:g}"


def _division(key: str, figure: Figure) -> str:
    if figure.den is None or figure.num is None:
        return ""
    return f"{figure.den:,} 个中" if key in PICKED else f"{figure.num:,} ÷ {figure.den:,}"


def _length(figure: Figure) -> str:
    seconds = int(figure.value or 0)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _span(window: Window) -> str:
    return f"{_instant(window.since)} 至 {_instant(window.until)}"


def _instant(at: datetime | None) -> str:
    return NOTHING if at is None else f"{at:%Y-%m-%d %H:%M:%S}"
