"""源码树: what the house rules look at; read once, without asking any version control."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("ivr", "queue_manager", "tickets", "recordings", "asr", "classifier")
FACES = ("console", "agi_scripts", "asterisk_conf", "simulator")
PRODUCT = ("core", *ROOMS, *FACES, "app")
EVERYTHING = (*PRODUCT, "tests", "benchmarks")
OWN_FOLDERS = (".ci",)
NOT_OURS = ("__pycache__", "settings.toml")
LETTERS = (
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".csv",
    ".conf",
    ".dialplan",
    ".json",
    ".lock",
    ".mako",
    ".xml",
    ".service",
    "",
)


def modules(*packages: str) -> list[Path]:
    """Every Python file of these packages, as paths from the root."""
    within = tuple(f"{package}/" for package in packages)
    return [path for path in files() if path.suffix == ".py" and str(path).startswith(within)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file, the outermost first."""
    return tuple(ast.walk(parsed(path)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def files() -> list[Path]:
    """Every file of the project, as paths from the root; nothing that is made by running it."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [
            name for name in below if not _is_foreign(name)
        ]  # what runs leave behind is never entered
        found += [Path(folder, name).relative_to(ROOT) for name in names if not _is_foreign(name)]
    return sorted(found)


@cache
def letters(path: Path) -> str:
    """The text of a file; empty for sound, models and the like."""
    if path.suffix not in LETTERS:
        return ""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def is_chinese(text: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in text)


def _is_foreign(name: str) -> bool:
    return name in NOT_OURS or (name.startswith(".") and name not in (*OWN_FOLDERS, ".gitignore"))
