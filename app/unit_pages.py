"""单位显示: the tree of units, one unit, its people and its roster as lines for a person to read."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from tickets.roster import DutyCheck, Gap, Shift
from tickets.unit_store import UnitChange
from tickets.units import Post, Unit, UnitId, UnitTree

FIELDS = {
    "unit_id": "编号",
    "name": "名称",
    "parent": "上级",
    "unit_class": "类别",
    "aliases": "别名",
    "duty_phone": "值班电话",
    "round_the_clock": "24小时值班",
    "active": "状态",
    "people": "负责人和联络员",
    "roster": "值班表",
}
MINUTES = "%m-%d %H:%M"


def tree_lines(tree: UnitTree, shown: Collection[UnitId], deepest: int | None = None) -> Iterator[str]:
    """Draw the tree with the units that are ``shown`` and those above them."""
    wanted = {above.unit_id for one in shown for above in (*tree.above(tree.unit(one)), tree.unit(one))}
    drawn = [(depth, unit) for depth, unit in tree.walk() if unit.unit_id in wanted]
    last = {unit.parent: unit.unit_id for _, unit in drawn}
    for depth, unit in drawn:
        if deepest is None or depth < deepest:
            yield f"{_branches(tree, unit, last)}{_brief(unit)}"


def _branches(tree: UnitTree, unit: Unit, last: Mapping[UnitId | None, UnitId]) -> str:
    """Draw what runs past this line to units further below, and the twig on which this one sits."""
    if unit.parent is None:
        return ""
    above = tree.above(unit)[1:]
    past = "".join("   " if last[one.parent] == one.unit_id else "│  " for one in above)
    return f"{past}{'└─ ' if last[unit.parent] == unit.unit_id else '├─ '}"


def _brief(unit: Unit) -> str:
    marks = [unit.unit_id, unit.unit_class.value]
    marks += ["24小时值班"] if unit.round_the_clock else []
    marks += [] if unit.active else ["已停用"]
    return f"{unit.name} ({' '.join(marks)})"


def unit_lines(tree: UnitTree, unit: Unit) -> Iterator[str]:
    """Say all about one unit."""
    yield f"{tree.path(unit)}"
    yield f"  编号 {unit.unit_id}   类别 {unit.unit_class.value}   第 {tree.level(unit)} 级"
    state, watch = "启用" if unit.active else "已停用", "是" if unit.round_the_clock else "否"
    yield f"  状态 {state}   24小时值班 {watch}"
    if unit.aliases:
        yield f"  别名 {'、'.join(unit.aliases)}"
    yield f"  值班电话 {unit.duty_phone or '没有'}"
    yield from people_lines(unit)
    below = len(list(tree.walk(unit.unit_id)))
    yield f"  下级 {len(tree.below(unit.unit_id))} 个, 连同再下级共 {below} 个"


def people_lines(unit: Unit) -> Iterator[str]:
    """Say who answers for citizens' matters in it."""
    for post in Post:
        named = unit.people_as(post)
        if named:
            yield f"  {post.value} {'、'.join(f'{person.name} {person.phone}' for person in named)}"


def history_lines(changes: Sequence[UnitChange]) -> Iterator[str]:
    """List who changed what, and when."""
    for change in changes:
        fields = "、".join(FIELDS.get(name, name) for name in change.diff)
        done = "添加" if "unit_id" in change.diff else "修改"
        yield f"  {change.at:%Y-%m-%d %H:%M} {change.by} {done}:{fields}"


def roster_lines(tree: UnitTree, shifts: Sequence[Shift]) -> Iterator[str]:
    """List shifts under the names of their units."""
    for number, shift in enumerate(shifts):
        if number == 0 or shifts[number - 1].unit_id != shift.unit_id:
            yield tree.path(tree.unit(shift.unit_id))
        yield f"  {span(shift.begins, shift.ends)}  {shift.duty.value} {shift.name} {shift.phone}"


def gap_lines(tree: UnitTree, gaps: Sequence[Gap]) -> Iterator[str]:
    """List where nobody is on duty."""
    for gap in gaps:
        yield f"{span(gap.begins, gap.ends)}  {tree.path(tree.unit(gap.unit_id))} 无人值班"


def check_lines(tree: UnitTree, checks: Sequence[DutyCheck]) -> Iterator[str]:
    """List what ringing duty rooms came to."""
    for check in checks:
        came = "有人接听" if check.answered else "无人接听, 脱岗"
        note = f"  {check.note}" if check.note else ""
        name = tree.path(tree.unit(check.unit_id))
        yield f"{check.at:{MINUTES}}  {name} {check.phone} {came}  查岗人 {check.by}{note}"


def span(begins: datetime, ends: datetime) -> str:
    """Say from when to when; the day once when it is the same."""
    until = "%H:%M" if begins.date() == ends.date() else MINUTES
    return f"{begins:{MINUTES}} 至 {ends:{until}}"
