"""捣乱演练报告: what came of a rehearsed day, as an entry in ``benchmarks/chaos/RESULTS.md``."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from benchmarks.figures import markdown_table
from benchmarks.footprint import machine

RESULTS = Path(__file__).parent / "chaos" / "RESULTS.md"


def append_to_results(
    told: Mapping[str, object], command: str, at: datetime, results: Path = RESULTS
) -> None:
    """Add an entry with machine and command at the end of the file; ``told`` is in Chinese."""
    rows = ((name.strip(), str(value)) for name, value in told.items())
    table = markdown_table(("项目", "结果"), rows)
    with results.open("a", encoding="utf-8") as opened:
        opened.write(f"\n## {at:%Y-%m-%d %H:%M} {command}\n\n{machine()}\n\n{table}\n")
