"""Names: rooms of a hotline, no drawers for odds and ends; every module says in Chinese what it is for."""

import ast
import re
from pathlib import Path

from tests.house.tree import EVERYTHING, PRODUCT, ROOT, is_chinese, modules, nodes, parsed

DRAWERS = (
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "service",
    "services",
    "handler",
    "handlers",
)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
GIVEN = {"ServiceUser", "NoServiceUser", "NoCommonCodec"}
"""Terms of the operating system and of SDP, not drawers."""


def _words(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall(name)}


def test_no_file_is_a_drawer() -> None:
    drawers = [
        path
        for path in modules(*EVERYTHING)
        for part in path.parts
        if Path(part).stem.lower().rstrip("s") in DRAWERS
    ]
    assert drawers == []


def test_no_class_is_a_drawer() -> None:
    drawers = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules(*PRODUCT)
        for node in nodes(path)
        if isinstance(node, ast.ClassDef) and _words(node.name) & set(DRAWERS) and node.name not in GIVEN
    ]
    assert drawers == []


def test_package_files_are_empty() -> None:
    filled = [
        path for path in modules(*EVERYTHING) if path.name == "__init__.py" and (ROOT / path).stat().st_size
    ]
    assert filled == []


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in modules("tests")}
    assert [folder for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []


def test_every_module_says_what_it_is_for_with_the_chinese_term_first() -> None:
    silent = []
    for path in modules(*PRODUCT):
        if path.name == "__init__.py":
            continue
        first = (ast.get_docstring(parsed(path)) or "").split("\n")[0]
        term, colon, purpose = first.replace(":", ":", 1).partition(":")
        if not (is_chinese(term) and colon and purpose.strip()):
            silent.append(f"{path}: {first}")
    assert silent == []


def test_names_are_english() -> None:
    foreign = [
        f"{path}:{node.lineno} {node.name}"
        for path in modules(*EVERYTHING)
        for node in nodes(path)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.isascii()
    ]
    assert foreign == []
