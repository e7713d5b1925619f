"""后果显示: evidence rows, score sheets and places, and the register's totals, for a person or a program."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.privacy import masked_text
from tickets.consequences import Judged, scores
from tickets.consequences_desk import Totals
from tickets.consequences_facts import Entry, Evidence, Material
from tickets.consequences_policy import ConsequencePolicy
from tickets.rankings import Place, places
from tickets.units import Unit

NOBODY = "(未派单)"
LOWEST_PERCENT = 5


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE)
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def _name(units: Mapping[str, Unit], unit: str) -> str:
    return units[unit].name if unit in units else unit or NOBODY


def _places(found: Judged, policy: ConsequencePolicy) -> Mapping[str, Place]:
    percents = [rule.percent for rule in policy.rule if rule.percent and rule.years == 1]
    return places(scores(found.sheets, policy), min(percents, default=LOWEST_PERCENT))


def show_judged(console: Console, material: Material, found: Judged, policy: ConsequencePolicy) -> None:
    """Print the rows by consequence, each with its evidence, then the score sheets in order of rank."""
    console.print(f"{material.period.name} ({material.period.first} 至 {material.period.last})")
    for outcome in dict.fromkeys(row.outcome for row in found.rows):
        rows = [row for row in found.rows if row.outcome == outcome]
        console.print(f"\n{outcome} {len(rows)} 条")
        for row in rows:
            _show_row(console, row, material)
    if not found.rows:
        console.print("没有规则说的情形")
    _show_sheets(console, material, found, policy)


def _show_row(console: Console, row: Evidence, material: Material) -> None:
    people = "、".join(f"{person.post}{person.name}" for person in row.persons)
    head = f"  {_name(material.units, row.unit)} {row.rule}“{row.sentence}”"
    console.print(Text(f"{head} {people}"))
    console.print(Text(f"    {row.why}"))


def _show_sheets(console: Console, material: Material, found: Judged, policy: ConsequencePolicy) -> None:
    if not found.sheets:
        return
    given = _places(found, policy)
    table = _table("名次", "单位", "派单", *(part.name for part in policy.part), "加分", "得分")
    for sheet in sorted(found.sheets, key=lambda one: (-one.score, one.unit)):
        place = given.get(sheet.unit)
        table.add_row(
            f"{place.rank}" if place else "不排",
            _name(material.units, sheet.unit),
            f"{sheet.sent}",
            *(f"{sheet.parts[part.name]}/{part.marks}" for part in policy.part),
            f"{sheet.praise}",
            f"{sheet.score}",
        )
    console.print(table)
    console.print("得分相同名次并列, 其后顺延(1、2、2、4);末位按单位数向上取整, 同分一并列入, 只在整年定")
    console.print(f"派单少于 {policy.ranked_from} 件的单位不参与排名")


def plain_judged(material: Material, found: Judged, policy: ConsequencePolicy) -> dict[str, Any]:
    """Give everything as plain values: each row with the work orders that it stands on."""
    given = _places(found, policy)
    return {
        "period": {
            "name": material.period.name,
            "from": f"{material.period.first}",
            "to": f"{material.period.last}",
        },
        "rows": [_plain_row(row, material) for row in found.rows],
        "sheets": [
            {
                "unit": sheet.unit,
                "name": _name(material.units, sheet.unit),
                "sent": sheet.sent,
                "parts": dict(sheet.parts),
                "praise": sheet.praise,
                "score": sheet.score,
                "rank": given[sheet.unit].rank if sheet.unit in given else None,
            }
            for sheet in found.sheets
        ],
    }


def _plain_row(row: Evidence, material: Material) -> dict[str, Any]:
    return asdict(row) | {"at": row.at.isoformat(), "unit_name": _name(material.units, row.unit)}


def show_entries(console: Console, entries: Sequence[Entry], units: Mapping[str, Unit]) -> None:
    """Print the register."""
    table = _table("号", "时间", "种类", "单位", "责任人", "工单", "理由", "登记人")
    for one in entries:
        table.add_row(
            f"{one.number}",
            f"{one.at:%Y-%m-%d}",
            one.kind,
            _name(units, one.unit),
            "、".join(f"{person.post}{person.name}" for person in one.persons),
            " ".join(one.tickets),
            Text(masked_text(one.reason)),
            f"{one.role} {one.entered_by}",
        )
    console.print(table)
    console.print(f"共 {len(entries)} 件")


def show_totals(console: Console, added: Totals) -> None:
    """Print the totals of a period."""
    console.print(f"督办 {added.supervised} 件, 登记涉及 {added.units} 个单位")
    for kind, number in added.entries.items():
        console.print(f"{kind} {number} 件 {added.persons[kind]} 人")
