"""五城对照: which rule of which city is proved by which test, read from the tests themselves."""

import ast
import csv
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CITIES = {
    "CZ": ("chenzhou", "郴州"),
    "JN": ("jining", "济宁"),
    "NX": ("ningxiang", "宁乡"),
    "HK": ("haikou", "海口"),
    "SJZ": ("shijiazhuang", "石家庄"),
}
"""编号的前缀 → the folder under ``profiles`` and ``tests/acceptance``, and the city's name."""
NO_SOFTWARE = {"context": "背景, 不是软件", "example": "举例, 不是软件", "–": "内容不详, 不猜"}
PASSED, OPEN = "通过", "待建"
HEAD = """# Five cities' rules, and what proves each

Written by `python -m app.docs_pages` from `tests/acceptance`. Each row is a rule, a number or a role that a
city has printed. 通过: a test of that row runs against the real desk with the city's own profile, and is part
of every `./hotline test`. 待建: not built yet, with the reason. Background and examples are no software.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CityRow:
    """一行, as printed. ``tests``: file (from ``tests/acceptance``) and function; ``lacks``: what is open."""

    row_id: str
    kind: str
    rule: str
    tests: tuple[tuple[str, str], ...]
    lacks: str

    @property
    def city(self) -> str:
        """Give the prefix of its number."""
        return self.row_id.partition("-")[0]

    @property
    def status(self) -> str:
        """Say in a word how it stands; empty for a row of which nobody has said anything."""
        if self.tests:
            return f"{PASSED}, 其余{OPEN}" if self.lacks else PASSED
        return OPEN if self.lacks else NO_SOFTWARE.get(self.kind, "")


def city_rows(acceptance: Path) -> tuple[CityRow, ...]:
    """Read every row with its tests, in the order of the cities' tables."""
    tests = _tests(acceptance)
    lacks = {row["id"]: row["reason"] for row in _lines(acceptance / "open.csv")}
    return tuple(
        CityRow(
            row_id=row["id"],
            kind=row["kind"],
            rule=row["rule"],
            tests=tuple(tests.get(row["id"], ())),
            lacks=lacks.get(row["id"], ""),
        )
        for row in _lines(acceptance / "rows.csv")
    )


def row_of(test: str) -> str:
    """Give the number of the row that a test is for: ``test_cz_01_day_and_night`` → ``CZ-01``; else empty."""
    _, city, number, *_ = (*test.split("_"), "", "")
    return f"{city.upper()}-{number}" if city.upper() in CITIES and number.isdecimal() else ""


def cities_page(acceptance: Path) -> str:
    """Give ``docs/cities.md``."""
    rows = city_rows(acceptance)
    said = [HEAD, *_counts(rows)]
    for prefix, (folder, name) in CITIES.items():
        said += [
            "",
            f"## {name} `profiles/{folder}`",
            "",
            "| 编号 | 类别 | 规定 | 测试 | 结果 |",
            "| --- | --- | --- | --- | --- |",
        ]
        said += [_line(row) for row in rows if row.city == prefix]
    return "\n".join(said) + "\n"


def _counts(rows: Sequence[CityRow]) -> Iterator[str]:
    kinds = (PASSED, f"{PASSED}, 其余{OPEN}", OPEN, "不是软件")
    yield f"| 城市 | {' | '.join(kinds)} |"
    yield "| --- | --- | --- | --- | --- |"
    for prefix, (_, name) in CITIES.items():
        of_city = Counter(_kind(row.status) for row in rows if row.city == prefix)
        yield f"| {name} | {' | '.join(str(of_city[kind]) for kind in kinds)} |"


def _kind(status: str) -> str:
    return "不是软件" if status in NO_SOFTWARE.values() else status


def _line(row: CityRow) -> str:
    tests = "<br>".join(f"[{name}](../tests/acceptance/{file})" for file, name in row.tests)
    status = f"{row.status}:{row.lacks}" if row.lacks else row.status
    cells = (row.row_id, row.kind, row.rule, tests, status)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _tests(acceptance: Path) -> Mapping[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in sorted(acceptance.glob("*/test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found[row_of(node.name)].append((f"{file.parent.name}/{file.name}", node.name))
    return found


def _lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))
