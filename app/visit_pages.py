"""回访显示: who is to be visited, requests to leave out, and rates before and after, for a person to read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.privacy import masked_text
from tickets.circulars.figure import decimal
from tickets.visits import Due
from tickets.visits_rates import Counts, Rated, Satisfaction, left_out
from tickets.visits_sample import Drawn
from tickets.visits_store import Exclusion

MINUTES = "%m-%d %H:%M"


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def show_due(console: Console, waiting: Sequence[Due], now: datetime) -> None:
    """Print who is to be visited, by when, and from when on he may be rung again."""
    table = _table("编号", "标题", "办结单位", "回访到期", "已试", "再试")
    for one in waiting:
        ticket = one.ticket
        late = one.due is not None and one.due < now
        table.add_row(
            ticket.ticket_no,
            Text(masked_text(ticket.title) or "(未填)"),
            ticket.lead.unit if ticket.lead else "",
            f"{one.due:{MINUTES}}{' 超期' if late else ''}" if one.due else "",
            f"{one.tries}次 {one.last_try.note if one.last_try else ''}",
            f"{one.next_try:{MINUTES}}以后" if one.next_try else "现在",
        )
    console.print(table)
    console.print(f"共 {len(waiting)} 张")


def show_exclusions(console: Console, asked: Sequence[Exclusion]) -> None:
    """Print who asked to leave what out, and who decided how."""
    table = _table("编号", "理由", "说明", "申请", "决定")
    for one in asked:
        decided = "等批准"
        if one.decided_at is not None:
            said = "批准" if one.approved else "不批准"
            decided = f"{one.decided_at:{MINUTES}} {one.decided_by} {said}:{one.opinion}"
        table.add_row(
            one.ticket_no,
            one.reason,
            Text(masked_text(one.note)),
            Text(f"{one.asked_at:{MINUTES}} {one.asked_by}"),
            Text(masked_text(decided)),
        )
    console.print(table)
    console.print(f"共 {len(asked)} 件")


Groups = Mapping[str, Mapping[str, Sequence[Satisfaction]]]
"""By what they are put together, and then by its values."""


def show_rates(
    console: Console, found: Sequence[Satisfaction], rated: Sequence[Rated], groups: Groups
) -> None:
    """Print every dimension before and after, its rule, and the list of what was left out."""
    table = _table("维度", "剔除前", "剔除后", "只计最好", "未表态", "口径")
    for one in found:
        table.add_row(
            one.dimension.title,
            _rate(one.before),
            _rate(one.after),
            decimal(one.after.strict) + ("%" if one.after.strict is not None else ""),
            f"{one.after.aside}",
            one.rule,
        )
    console.print(table)
    for by in groups.values():
        _show_group(console, by)
    out = left_out(rated)
    console.print(f"有回访结果 {len(rated)} 件, 剔除 {len(out)} 件")
    for gone in out:
        console.print(Text(f"  {gone.ticket_no} {gone.left_out}"))


def _show_group(console: Console, by: Mapping[str, Sequence[Satisfaction]]) -> None:
    for name, [first, *_] in by.items():
        title = f"{name or '没有派单'} {first.dimension.title}"
        console.print(f"  {title} 剔除前 {_rate(first.before)} 剔除后 {_rate(first.after)}")


def show_sample(console: Console, drawn: Sequence[Drawn]) -> None:
    """Print what was drawn for a spot check."""
    for number, unit in drawn:
        console.print(f"{number} {unit}")
    console.print(f"共 {len(drawn)} 张")


def _rate(counts: Counts) -> str:
    if counts.rate is None:
        return decimal(None)
    return f"{decimal(counts.rate)}% ({counts.good + counts.fair}/{counts.den})"


def plain_rates(found: Sequence[Satisfaction], rated: Sequence[Rated], groups: Groups) -> dict[str, Any]:
    """Give the same as plain values; rates are hundredths of a percent."""
    return {
        "rated": len(rated),
        "left_out": [{"ticket": one.ticket_no, "reason": one.left_out} for one in left_out(rated)],
        "dimensions": _dimensions(found),
        **{f"by_{by}": {name: _dimensions(one) for name, one in own.items()} for by, own in groups.items()},
    }


def _dimensions(found: Sequence[Satisfaction]) -> dict[str, Any]:
    return {
        one.dimension.field: {
            "title": one.dimension.title,
            "rule": one.rule,
            "before": _plain(one.before),
            "after": _plain(one.after),
        }
        for one in found
    }


def _plain(counts: Counts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in ("good", "fair", "bad", "aside", "den", "rate", "strict")}
