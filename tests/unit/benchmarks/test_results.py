"""What a run leaves in RESULTS.md."""

from datetime import datetime
from pathlib import Path

from benchmarks.results import add_entry, as_table
from core.clock import SHANGHAI


def test_an_entry_is_added_behind_the_earlier_ones_with_command_and_machine(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# earlier\n")
    at = datetime(2026, 11, 22, 9, 30, tzinfo=SHANGHAI)
    add_entry("nothing was harmed", "./hotline bench fuzz", at, results)
    text = results.read_text()
    assert text.startswith("# earlier\n\n## 2026-11-22 09:30 ./hotline bench fuzz\n\n")
    assert " cores, " in text
    assert text.endswith("\n\nnothing was harmed\n")


def test_what_was_measured_is_a_table() -> None:
    assert as_table({"来电": 10, "AMI 断开": 2}).splitlines()[2:] == ["| 来电 | 10 |", "| AMI 断开 | 2 |"]
