"""Every rule that a city has printed is accounted for: proved by a test, named as open, or no software."""

import ast

from app.city_pages import CITIES, NO_SOFTWARE, city_rows, row_of
from tests.house.tree import ROOT, functions, modules

ACCEPTANCE = ROOT / "tests" / "acceptance"
ROWS = {row.row_id: row for row in city_rows(ACCEPTANCE)}
TABLES = {"CZ": 26, "JN": 21, "NX": 28, "HK": 23, "SJZ": 19}
"""How many rows each city's table has."""


def _letters(text: str) -> str:
    return "".join(text.split()).replace('"', "").rstrip(".。")


def _tests() -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (path.parent.name, function)
        for path in modules("tests/acceptance")
        for function in functions(path)
        if function.name.startswith("test_")
    ]


def test_the_tables_are_whole() -> None:
    expected = [f"{city}-{number:02d}" for city, rows in TABLES.items() for number in range(1, rows + 1)]
    assert list(ROWS) == expected


def test_every_row_is_accounted_for() -> None:
    assert [row.row_id for row in ROWS.values() if not row.status] == []


def test_only_background_examples_and_the_unknown_are_no_software() -> None:
    untested = [row for row in ROWS.values() if not row.tests and not row.lacks]
    assert {row.kind for row in untested} <= set(NO_SOFTWARE)
    assert [row.row_id for row in untested if row.kind == "–"] == ["NX-28"]


def test_every_acceptance_test_names_a_row_of_its_city() -> None:
    strange = [
        f"{folder} {function.name}"
        for folder, function in _tests()
        if (row := row_of(function.name)) not in ROWS or CITIES[row.partition("-")[0]][0] != folder
    ]
    assert strange == []


def test_every_acceptance_test_quotes_the_rule_as_printed() -> None:
    astray = [
        function.name
        for _, function in _tests()
        if _letters(ast.get_docstring(function) or "") != _letters(ROWS[row_of(function.name)].rule)
    ]
    assert astray == []


def test_what_is_open_says_why_and_is_a_row() -> None:
    written = (ACCEPTANCE / "open.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [
        line for line in written if line.partition(",")[0] not in ROWS or not line.partition(",")[2]
    ] == []
