"""Errors: one base, a Chinese sentence each that says how to mend it; caught narrowly."""

import ast
from importlib import import_module
from pathlib import Path

from core.errors import HotlineError
from tests.house.tree import EVERYTHING, PRODUCT, is_chinese, modules, nodes, parsed

CATCH_ALL = ("Exception", "BaseException")
MAY_CATCH_ALL = {Path("agi_scripts/fastagi.py"), Path("core/outbox.py"), Path("asr/vosk_engine.py")}


def _keeps_everything(node: ast.AST) -> bool:
    """Catches whatever comes and does not raise it again after cleaning up."""
    if not isinstance(node, ast.ExceptHandler) or not isinstance(node.type, ast.Name):
        return False
    last = node.body[-1]
    return node.type.id in CATCH_ALL and not (isinstance(last, ast.Raise) and last.exc is None)


def test_everything_is_caught_only_by_the_call_server_the_outbox_and_the_edge_to_vosk() -> None:
    catchers = {path for path in modules(*EVERYTHING) if any(_keeps_everything(node) for node in nodes(path))}
    assert catchers - MAY_CATCH_ALL == set()


def test_nothing_is_caught_without_a_name() -> None:
    bare = [
        f"{path}:{node.lineno}"
        for path in modules(*EVERYTHING)
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def _errors() -> list[type[HotlineError]]:
    for path in modules(*PRODUCT):
        defines = any(isinstance(node, ast.ClassDef) for node in parsed(path).body)
        if defines and path.name != "__main__.py" and "migrations" not in path.parts:
            import_module(".".join(path.with_suffix("").parts))
    found = [HotlineError]
    for error in found:
        found += [below for below in error.__subclasses__() if below not in found]
    return found


def _ours() -> list[type[HotlineError]]:
    return [error for error in _errors() if error.__module__.split(".")[0] in PRODUCT]


def test_every_error_is_one_chinese_sentence() -> None:
    said = {error.__name__: " ".join((error.__doc__ or "").split()) for error in _ours()}
    assert {name: text for name, text in said.items() if not is_chinese(text)} == {}
    assert {
        name: text for name, text in said.items() if text.count("。") != 1 or not text.endswith("。")
    } == {}
