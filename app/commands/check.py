"""快速检查: format, lint, types, import contracts and the tests without sockets, in under a minute."""

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.prepare.places import Places

FAST_TESTS = ("tests/unit", "tests/house")


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
        "快速测试": [places.python, "-m", "pytest", "-q", *FAST_TESTS],
    }
    # Two at a time: the tests on one core, everything else on the other.
    with ThreadPoolExecutor(2) as pool:
        tests = pool.submit(_passes, "快速测试", steps.pop("快速测试"), places.project)
        failed = [name for name, argv in steps.items() if not _passes(name, argv, places.project)]
        failed += [] if tests.result() else ["快速测试"]
    print(f"没有通过:{'、'.join(failed)}" if failed else "全部通过。")
    return 1 if failed else 0


def _passes(name: str, argv: list[Path | str], project: Path) -> bool:
    began = time.monotonic()
    env = {**os.environ, "PYTHONPATH": str(project)}
    done = subprocess.run(
        [str(word) for word in argv], cwd=project, env=env, capture_output=True, text=True, check=False
    )
    clean = done.returncode == 0
    print(f"{'✔' if clean else '✘'} {name} {time.monotonic() - began:.1f} 秒", flush=True)
    if not clean:
        print(done.stdout + done.stderr, file=sys.stderr)
    return clean
