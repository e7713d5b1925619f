"""质检显示: calls that were drawn and sheets that were filled in, for a person or a program to read."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.privacy import masked_text
from queue_manager.figures.figure import rounded
from queue_manager.quality import ASPECTS, Marks, QualitySheet, Talk
from queue_manager.sheet_store import Listed

MINUTES, DAY = "%m-%d %H:%M", "%m-%d"
NOTHING = "—"
NEVER_BROKEN = ("来电编号", "五项")


def show_filled(console: Console, sheet: QualitySheet) -> None:
    """Print what was just taken down."""
    marks = "、".join(f"{said} {getattr(sheet.marks, aspect)}" for aspect, said in ASPECTS.items())
    told = f"来电 {sheet.call_id} 座席 {sheet.seat} 质检得分 {mark_of(sheet.marks):.1f} ({marks})"
    console.print(told, soft_wrap=True)


def show_talks(console: Console, talks: Sequence[Talk], seed: int) -> None:
    """Print what was drawn, and the seed by which anybody can draw the same."""
    table = _table("座席", "来电编号", "来电时间", "通话 秒")
    for talk in talks:
        table.add_row(talk.seat, talk.call_id, f"{talk.arrived_at:{MINUTES}}", f"{talk.talk_seconds:.0f}")
    if talks:
        console.print(table)
    seats = len({talk.seat for talk in talks})
    console.print(f"{seats} 个座席抽出 {len(talks)} 通, 种子 {seed}")


def talks_plain(talks: Sequence[Talk]) -> list[dict[str, Any]]:
    """Give the same as plain values."""
    return [{**asdict(talk), "arrived_at": talk.arrived_at.isoformat()} for talk in talks]


def show_sheets(console: Console, found: Sequence[Listed]) -> None:
    """Print every sheet with its marks; one that was replaced says so."""
    table = _table("来电编号", "来电", "座席", "五项", "得分", "质检", "评语")
    for one in found:
        sheet = one.sheet
        table.add_row(
            sheet.call_id,
            f"{one.arrived_at:{DAY}}" if one.arrived_at else NOTHING,
            sheet.seat,
            " ".join(f"{getattr(sheet.marks, aspect)}" for aspect in ASPECTS),
            f"{mark_of(sheet.marks):.1f}" if one.counts else "已替换",
            Text(f"{sheet.at:{DAY}} {sheet.by}"),
            Text(masked_text(sheet.remark)),
        )
    if found:
        console.print(table)
        console.print(f"五项的次序:{'、'.join(ASPECTS.values())}")
    console.print(f"共 {len(found)} 张, 计入 {sum(one.counts for one in found)} 张")


def sheets_plain(found: Sequence[Listed]) -> list[dict[str, Any]]:
    """Give the same as plain values."""
    return [
        {
            "call_id": one.sheet.call_id,
            "arrived_at": one.arrived_at.isoformat() if one.arrived_at else None,
            "seat": one.sheet.seat,
            "marks": asdict(one.sheet.marks),
            "mark": mark_of(one.sheet.marks),
            "counts": one.counts,
            "at": one.sheet.at.isoformat(),
            "by": one.sheet.by,
            "remark": masked_text(one.sheet.remark),
        }
        for one in found
    ]


def mark_of(marks: Marks) -> float:
    """得分: the mean of the five, which one decimal says exactly."""
    return rounded(marks.total, len(ASPECTS)) or 0.0


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold", no_wrap=title in NEVER_BROKEN)
    return table
