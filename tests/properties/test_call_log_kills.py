"""The call log is killed −9 again and again while it writes and puts away: no line is lost or doubled."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

from app.call_log_check import sentences, verify
from app.call_log_files import CallLogFiles
from tests.fakes.call_log import lines_in
from tests.house.tree import ROOT

LIVES = 8
TOLD_AGAIN = 7
"""The outbox strikes off in batches: after a crash it tells some facts a second time."""


def _one_life(folder: Path, first: int, most: int) -> int:
    """Let it write some calls, kill it at once; gives the last that it was told to be written."""
    argv = [sys.executable, "-m", "tests.fakes.call_log_life", str(folder), str(first)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, cwd=ROOT) as life:
        assert life.stdout is not None
        said = [int(life.stdout.readline()) for _ in range(most)]
        life.kill()
        said += [int(line) for line in life.stdout if line.endswith("\n")]
    return said[-1]


def test_killed_again_and_again_it_lacks_no_line_and_has_none_twice(tmp_path: Path) -> None:
    chance = Random(12345)
    last = 0
    for _ in range(LIVES):
        last = _one_life(tmp_path, max(1, last - TOLD_AGAIN), chance.randint(10, 60))
    verdict = verify(CallLogFiles(tmp_path))
    assert verdict.is_whole, sentences(verdict)
    written = Counter(line["call_id"] for line in lines_in(tmp_path))
    assert set(written.values()) == {1}
    confirmed = {f"hotline-1772413200.{number}" for number in range(1, last + 1)}
    # The last of each life may have been written without having said so any more.
    assert confirmed <= set(written)
    assert len(set(written) - confirmed) <= 1
    assert len(CallLogFiles(tmp_path).in_order()) > last // 4
