"""快速检查: format, lint, types, import contracts and the tests without sockets, in under a minute."""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.prepare.places import Places

FIRST_HALF = ("tests/house", "tests/unit/classifier", "tests/unit/console", "tests/unit/tickets")
FAST_TESTS = {
    "快速测试一": FIRST_HALF,
    "快速测试二": ("tests/unit", *(f"--ignore={folder}" for folder in FIRST_HALF)),
}
"""Each half needs about the same time; a new folder is in the second by itself."""
SEEN_BEFORE = {"MYPY_CACHE_DIR": "mypy", "RUFF_CACHE_DIR": "ruff"}
"""Folders below the state folder: a fresh checkout is as soon done as the last one."""
NEVER_KEEPING = "PYTHONDONTWRITEBYTECODE"
"""With it, pytest rewrites every test module anew each time."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline check``."""
    parser.add_argument("--fix", action="store_true", help="顺便改好格式和能自动改的问题")


def run(args: argparse.Namespace) -> int:
    """Run every check, even after one failed; 0 when all are clean."""
    places = Places.load()
    tools = places.python.parent
    steps: dict[str, list[Path | str]] = {
        "格式": [tools / "ruff", "format", *([] if args.fix else ["--check"]), "."],
        "规范": [tools / "ruff", "check", *(["--fix"] if args.fix else []), "."],
        "依赖关系": [tools / "lint-imports", "--no-logo"],
        "类型": [tools / "mypy", "."],
    }
    pytest: list[Path | str] = [places.python, "-m", "pytest", "-q", "-p", "no:schemathesis"]
    tests: dict[str, list[Path | str]] = {name: [*pytest, *where] for name, where in FAST_TESTS.items()}
    # Each half of the tests has a core; the rest is soon done when little has changed since the last time.
    with ThreadPoolExecutor(1 + len(tests)) as pool:
        halves = {name: pool.submit(_passes, name, argv, places) for name, argv in tests.items()}
        failed = [name for name, argv in steps.items() if not _passes(name, argv, places)]
        failed += [name for name, half in halves.items() if not half.result()]
    print(f"没有通过:{'、'.join(failed)}" if failed else "全部通过。")
    return 1 if failed else 0


def _passes(name: str, argv: list[Path | str], places: Places) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        [str(word) for word in argv],
        cwd=places.project,
        env=_around(places),
        capture_output=True,
        text=True,
        check=False,
    )
    clean = done.returncode == 0
    print(f"{'✔' if clean else '✘'} {name} {time.monotonic() - began:.1f} 秒", flush=True)
    if not clean:
        print(done.stdout + done.stderr, file=sys.stderr)
    return clean


def _around(places: Places) -> dict[str, str]:
    caches = {name: str(places.state_dir / "check" / folder) for name, folder in SEEN_BEFORE.items()}
    around = {**os.environ, **caches, "PYTHONPATH": str(places.project)}
    around.pop(NEVER_KEEPING, None)
    return around
