"""学习培训显示: what was studied, and who still owes a study; for a person to read and for a program."""

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.privacy import masked_text
from tickets.circulars.period import Period
from tickets.study import CENTRE, Owing, Study
from tickets.study_policy import StudyPolicy
from tickets.units import UnitId, UnitTree

MINUTES = "%Y-%m-%d %H:%M"
OF_THE_CENTRE = "热线办"


def show_studies(console: Console, studies: Sequence[Study], tree: UnitTree) -> None:
    """Print entries; what was withdrawn says by whom and why."""
    table = _table("编号", "日期", "谁办的", "种类", "主题", "主持或授课", "人数", "登记", "备注")
    for one in studies:
        table.add_row(
            f"{one.number}",
            f"{one.day}",
            Text(unit_name(tree, one.unit)),
            one.kind,
            Text(masked_text(one.topic)),
            Text(one.chair),
            f"{one.people}",
            Text(f"{one.entered_at:{MINUTES}} {one.entered_by}"),
            Text(masked_text(_remark(one))),
        )
    console.print(table)
    gone = sum(one.withdrawn is not None for one in studies)
    console.print(f"共 {len(studies)} 条, 其中已撤销 {gone} 条")


def show_owing(console: Console, found: Sequence[Owing], period: Period, policy: StudyPolicy) -> None:
    """Print who has not studied often enough in a period."""
    table = _table("单位编号", "单位", "类别", "已研究", "提醒")
    for one in found:
        told = f"{one.reminded_at:{MINUTES}}" if one.reminded_at else ""
        table.add_row(
            one.unit.unit_id, Text(one.unit.name), one.unit.unit_class, f"{one.held}/{policy.times}次", told
        )
    console.print(table)
    console.print(f"{period.name}({period.first} 至 {period.last})还没有研究热线工作的单位 {len(found)} 个")


def studies_plain(studies: Sequence[Study], tree: UnitTree) -> list[dict[str, Any]]:
    """Give the same for a program: instants as ISO texts, null where nothing was withdrawn."""
    return [
        {
            "number": one.number,
            "day": f"{one.day}",
            "unit": one.unit or None,
            "unit_name": unit_name(tree, one.unit),
            "kind": one.kind,
            "topic": masked_text(one.topic),
            "chair": one.chair,
            "people": one.people,
            "remark": masked_text(one.remark),
            "entered_by": one.entered_by,
            "entered_at": one.entered_at.isoformat(),
            "withdrawn": _withdrawn_plain(one),
        }
        for one in studies
    ]


def owing_plain(found: Sequence[Owing], period: Period, policy: StudyPolicy) -> dict[str, Any]:
    """Give the same for a program."""
    return {
        "period": period.name,
        "first": f"{period.first}",
        "last": f"{period.last}",
        "times": policy.times,
        "units": [
            {
                "unit": one.unit.unit_id,
                "name": one.unit.name,
                "class": one.unit.unit_class,
                "held": one.held,
                "reminded_at": one.reminded_at.isoformat() if one.reminded_at else None,
            }
            for one in found
        ],
    }


def unit_name(tree: UnitTree, unit: UnitId) -> str:
    """Give the name of a unit, or what the centre itself is called."""
    if unit == CENTRE:
        return OF_THE_CENTRE
    return next((one.name for one in tree if one.unit_id == unit), unit)


def _remark(one: Study) -> str:
    if one.withdrawn is None:
        return one.remark
    gone = one.withdrawn
    told = f"已撤销 {gone.at:{MINUTES}} {gone.by}:{gone.why}"
    return f"{told}; {one.remark}" if one.remark else told


def _withdrawn_plain(one: Study) -> dict[str, str] | None:
    if one.withdrawn is None:
        return None
    gone = one.withdrawn
    return {"at": gone.at.isoformat(), "by": gone.by, "why": masked_text(gone.why)}


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table
