"""Profiles from the command line: listed, shown, checked; nothing has to be running."""

from pathlib import Path

from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused


def test_a_profile_is_listed_shown_and_checked(line: CommandLine) -> None:
    assert "  haikou         海口\n" in line.run("profile", "list").out
    shown = line.run("profile", "show", "jining")
    assert (
        "  rule 一般 = clock=办结、答复 limit=7个工作日   (默认 clock=办结、答复 limit=5个工作日)\n"
        in shown.out
    )
    checked = line.run("profile", "check", "jining")
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.endswith("济宁:没有问题。\n")
    assert not line.instance_folder.exists()


def test_a_profile_anywhere_with_a_mistake_ends_with_1(line: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "workflow.toml").write_text("meet_citzen = true\n", encoding="utf-8")
    checked = line.run("profile", "check", str(tmp_path))
    assert checked.code == 1
    assert "workflow.toml 第 1 行 meet_citzen 有误:没有这一项" in checked.out


def test_a_profile_that_there_is_not(line: CommandLine) -> None:
    refused(line.run("profile", "show", "atlantis"), "没有这个配置档", "atlantis")
