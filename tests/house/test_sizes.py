"""Sizes that a reader can hold in his head; docstrings count, because he reads them too."""

import ast
from pathlib import Path

import pytest

from tests.house.tree import EVERYTHING, ROOT, functions, modules

FILE_LINES = 300
FUNCTION_LINES = 30
FLOW_LINES = 20
FLOWS = Path("ivr/flows")


def _lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("package", EVERYTHING)
def test_no_file_is_longer_than_300_lines(package: str) -> None:
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in modules(package)
    }
    assert {path: length for path, length in lengths.items() if length > FILE_LINES} == {}


@pytest.mark.parametrize("package", EVERYTHING)
def test_no_function_is_longer_than_30_lines_and_no_flow_than_20(package: str) -> None:
    too_long = {
        f"{path}:{function.lineno} {function.name}": _lines_of(function)
        for path in modules(package)
        for function in functions(path)
        if _lines_of(function) > (FLOW_LINES if FLOWS in path.parents else FUNCTION_LINES)
    }
    assert too_long == {}
