"""Circulars from the command line, on a hotline that was started once."""

from pathlib import Path

from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused


def test_what_is_regular_is_written_on_the_day_after_its_period(started: CommandLine, tmp_path: Path) -> None:
    words = ("report", "regular", "--profile", "jining", "--out", str(tmp_path), "--date")
    ran = started.run(*words, "2026-06-01")
    assert (ran.code, ran.sentences) == (0, [])
    names = [Path(line).name for line in ran.out.splitlines()]
    endings = ("html", "docx", "xlsx", "json")
    assert names == [
        f"{name}.{ending}" for name in ("weekly-2026-05-25", "monthly-2026-05-01") for ending in endings
    ]
    assert all((tmp_path / name).stat().st_size for name in names)
    page = (tmp_path / "weekly-2026-05-25.html").read_text(encoding="utf-8")
    assert "济宁市市长公开电话" in page
    assert started.run(*words, "2026-06-02").out == "这一天没有该出的定期通报。\n"


def test_a_district_is_named_in_the_file(started: CommandLine, tmp_path: Path) -> None:
    words = ("report", "special", "--date", "2026-06-01", "--district", "北湖区", "--out", str(tmp_path))
    ran = started.run(*words)
    assert (ran.code, ran.sentences) == (0, [])
    assert (tmp_path / "special-2026-06-01-北湖区.html").exists()


def test_a_topic_without_its_words_is_refused(line: CommandLine, tmp_path: Path) -> None:
    refused(line.run("report", "topic", "--out", str(tmp_path)), "关键词")
