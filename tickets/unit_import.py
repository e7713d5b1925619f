"""单位导入: the lines of a file become units; all that is wrong is told at once, then nothing is taken."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from core.errors import HotlineError
from tickets import unit_words
from tickets.deadlines import UnitClass
from tickets.unit_file import ImportRefused, Problem, Row, read_rows
from tickets.units import Person, Post, Unit, UnitId, check_people, circle_in

NEEDED = ("编号", "名称", "上级", "类别", "联络员1", "联络员1电话")
PEOPLE = (
    ("主要领导", Post.HEAD),
    ("分管领导", Post.DEPUTY),
    ("联络员1", Post.CONTACT),
    ("联络员2", Post.CONTACT),
    ("经办人", Post.OFFICER),
)
KNOWN = (
    *("编号", "名称", "上级", "类别", "别名", "值班电话", "24小时值班", "状态"),
    *(f"{heading}{what}" for heading, _ in PEOPLE for what in ("", "电话")),
)
Read = TypeVar("Read")


@dataclass(slots=True, kw_only=True)
class _Line:
    """One line on its way to a unit, and what is wrong in it."""

    row: Row
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, reason: str) -> None:
        self.problems.append(Problem(line=self.row.line, reason=reason))

    def take(self, heading: str, read: Callable[[str], Read], otherwise: Read) -> Read:
        try:
            return read(self.row[heading])
        except HotlineError as error:
            self.wrong(f"{heading}:{error}")
            return otherwise


def units_in(file: Path, known: Mapping[UnitId, Unit]) -> list[Unit]:
    """Read the units of a CSV or XLSX file; those that are ``known`` already are changed by it.

    A parent, by number or name, may stand anywhere in the file, or be known. Raises FileUnreadable, or
    ImportRefused with every problem.
    """
    lines = [_Line(row=row) for row in read_rows(file, NEEDED, KNOWN)]
    units = [_unit(line) for line in lines]
    _check_doubles(lines, units)
    _check_contacts(lines, units)
    whole = {**known, **{unit.unit_id: unit for unit in units}}
    parents = _parents(lines, units, whole)
    whole |= {unit.unit_id: replace(unit, parent=parents[unit.unit_id]) for unit in units}
    _check_circles(lines, units, whole)
    _check_names(lines, units, whole)
    if problems := [problem for line in lines for problem in line.problems]:
        raise ImportRefused(problems, file=file.name)
    return [whole[unit.unit_id] for unit in units]


def _unit(line: _Line) -> Unit:
    """Read what stands in the line itself; the parent comes later."""
    return Unit(
        unit_id=line.take("编号", unit_words.unit_number, UnitId("")),
        name=line.take("名称", unit_words.unit_name, ""),
        unit_class=line.take("类别", unit_words.unit_class, UnitClass.CITY),
        aliases=line.take("别名", unit_words.aliases, ()),
        duty_phone=line.take("值班电话", unit_words.phone_or_none, ""),
        round_the_clock=line.take("24小时值班", unit_words.yes_or_no, False),
        active=line.take("状态", unit_words.state, True),
        people=tuple(_people(line)),
    )


def _people(line: _Line) -> Iterator[Person]:
    for heading, post in PEOPLE:
        name, number = line.row[heading], line.row[f"{heading}电话"]
        if name or number:
            yield Person(
                post=post,
                name=line.take(heading, unit_words.person_name, ""),
                phone=line.take(f"{heading}电话", unit_words.phone, ""),
            )


def _check_doubles(lines: list[_Line], units: list[Unit]) -> None:
    first: dict[UnitId, int] = {}
    for line, unit in zip(lines, units, strict=True):
        if unit.unit_id in first:
            line.wrong(f"编号 {unit.unit_id} 已写在第 {first[unit.unit_id]} 行")
        first.setdefault(unit.unit_id, line.row.line)


def _parents(
    lines: list[_Line], units: list[Unit], whole: Mapping[UnitId, Unit]
) -> dict[UnitId, UnitId | None]:
    by_name: defaultdict[str, list[UnitId]] = defaultdict(list)
    for unit in whole.values():
        by_name[unit.name].append(unit.unit_id)
    found: dict[UnitId, UnitId | None] = {}
    for line, unit in zip(lines, units, strict=True):
        said = line.row["上级"]
        meant = [UnitId(said)] if UnitId(said) in whole else by_name[said]
        if said and len(meant) != 1:
            many = f"有 {len(meant)} 个单位叫“{said}”, 请写编号" if meant else f"没有上级单位“{said}”"
            line.wrong(f"上级:{many}")
        found[unit.unit_id] = meant[0] if said and meant else None
    return found


def _check_circles(lines: list[_Line], units: list[Unit], whole: Mapping[UnitId, Unit]) -> None:
    """Name every circle once, in the line of the first of its units."""
    above = {unit_id: unit.parent for unit_id, unit in whole.items()}
    while circle := circle_in(above):
        names = " → ".join(whole[one].name for one in (*circle, circle[0]))
        written = [line for line, unit in zip(lines, units, strict=True) if unit.unit_id in circle]
        written[0].wrong(f"上级绕成了圈:{names}")
        above = {unit_id: parent for unit_id, parent in above.items() if unit_id not in circle}


def _check_names(lines: list[_Line], units: list[Unit], whole: Mapping[UnitId, Unit]) -> None:
    beside: defaultdict[tuple[UnitId | None, str], set[UnitId]] = defaultdict(set)
    for unit in whole.values():
        beside[unit.parent, unit.name].add(unit.unit_id)
    for line, unit in zip(lines, units, strict=True):
        others = sorted(beside[whole[unit.unit_id].parent, unit.name] - {unit.unit_id})
        if unit.name and others:
            line.wrong(f"名称:同一个上级下还有“{unit.name}”({'、'.join(others)})")


def _check_contacts(lines: list[_Line], units: list[Unit]) -> None:
    for line, unit in zip(lines, units, strict=True):
        try:
            check_people(unit)
        except HotlineError as error:
            if not line.problems:
                line.wrong(str(error))
