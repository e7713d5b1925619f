"""The word cutter keeps the hotline's words whole and is quiet about it."""

import subprocess
import sys
from pathlib import Path

from classifier.words import WordCutter

ROOT = Path(__file__).parents[3]


def test_own_words_stay_whole_no_character_is_lost_and_the_cache_lies_where_it_should(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    cutter = WordCutter(["闻到煤气味", "市燃气公司"], folder)
    words = cutter.words_of("我闻到煤气味请市燃气公司来")
    assert "闻到煤气味" in words
    assert "市燃气公司" in words
    assert "".join(words) == "我闻到煤气味请市燃气公司来"
    assert cutter.words_of("") == ()
    assert [file.name for file in folder.iterdir()] == ["jieba.cache"]


def test_a_broken_cache_is_built_again(tmp_path: Path) -> None:
    (tmp_path / "jieba.cache").write_bytes(b"broken")
    assert WordCutter([], tmp_path).words_of("公园里有路灯") == ("公园", "里", "有", "路灯")


def test_loading_says_nothing_and_warns_of_nothing(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from classifier.words import WordCutter; "
        f"WordCutter([], Path({str(tmp_path)!r}))"
    )
    # A prefix of its own makes Python compile jieba anew, which is when it warns.
    run = subprocess.run(
        [sys.executable, "-W", "error", "-X", f"pycache_prefix={tmp_path}/pyc", "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
