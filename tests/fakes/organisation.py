"""A city's units: five levels, more than 1,230 of them, each with its people; and the files they come in."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tickets.deadlines import UnitClass
from tickets.units import Person, Post, Unit, UnitId

HEADINGS = ("编号", "名称", "上级", "类别", "联络员1", "联络员1电话")
WIDTHS = (1, 9, 10, 5, 2)
"""How many units each one has below it, level by level: 1 + 9 + 90 + 450 + 900."""


def unit(number: str, name: str, parent: str | None = None, **other: object) -> Unit:
    """A unit with one contact."""
    known: dict[str, object] = {
        "unit_class": UnitClass.CITY,
        "people": (Person(post=Post.CONTACT, name="张三", phone="0735-1234567"),),
    }
    return Unit(
        unit_id=UnitId(number),
        name=name,
        parent=None if parent is None else UnitId(parent),
        **(known | other),  # type: ignore[arg-type]  # each under its own field's name
    )


def city(widths: Sequence[int] = WIDTHS, above: str = "", depth: int = 0) -> Iterator[tuple[str, ...]]:
    """The lines of a whole city's file, those above before those below."""
    if depth == len(widths):
        return
    for number in range(1, widths[depth] + 1):
        code = f"{above}{number:02d}"
        kind = tuple(UnitClass)[number % len(UnitClass)].value
        yield code, f"{depth + 1}级单位{number}", above, kind, f"联络员{code}", f"0735-{code}"
        yield from city(widths, code, depth + 1)


def csv_file(file: Path, lines: Iterable[Sequence[str]], encoding: str = "utf-8") -> Path:
    """Write lines as CSV."""
    with file.open("w", encoding=encoding, newline="") as opened:
        csv.writer(opened).writerows(lines)
    return file
