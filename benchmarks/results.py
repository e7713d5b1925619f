"""压测记录: what a run measured, as an entry in a RESULTS.md, with the command and the machine."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from benchmarks.figures import markdown_table
from benchmarks.footprint import machine

RESULTS = Path(__file__).parent / "RESULTS.md"
CHAOS_RESULTS = Path(__file__).parent / "chaos" / "RESULTS.md"


def add_entry(body: str, command: str, at: datetime, results: Path = RESULTS) -> None:
    """Add an entry at the end of the file."""
    with results.open("a", encoding="utf-8") as opened:
        opened.write(f"\n## {at:%Y-%m-%d %H:%M} {command}\n\n{machine()}\n\n{body}\n")


def as_table(told: Mapping[str, object]) -> str:
    """Give what was measured, named in Chinese, as a table."""
    return markdown_table(("项目", "结果"), ((name, str(value)) for name, value in told.items()))
