"""Due dates and units from the command line: what is asked for and nothing else, on an embedded database."""

from pathlib import Path

import pytest

from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused
from tests.fakes.organisation import HEADINGS, csv_file


def test_a_due_date_is_all_that_is_printed(line: CommandLine) -> None:
    ran = line.run("due", "--at", "2025-01-24T10:00", "--days", "5")
    assert (ran.code, ran.out, ran.err) == (0, "2025-02-07\n", "")


def test_a_due_date_that_nobody_can_know_is_refused(line: CommandLine) -> None:
    refused(line.run("due", "--at", "2190-01-01T10:00", "--days", "5"), "工作日历", "calendar.toml")


def test_a_profile_that_there_is_not(line: CommandLine) -> None:
    refused(line.run("due", "--profile", "atlantis"), "没有这个配置档", "atlantis")


@pytest.mark.parametrize("words", [("list",), ("import", "units.csv"), ("duty", "gaps")])
def test_units_before_anything_was_ever_started(line: CommandLine, words: tuple[str, ...]) -> None:
    refused(line.run("unit", *words), "还没有启动过", "./hotline up")
    assert not line.instance_folder.exists()


def test_units_are_imported_and_listed(started: CommandLine, tmp_path: Path) -> None:
    lines = [
        ("01", "热线办", "", "市直", "张三", "12345"),
        ("02", "市住建局", "01", "市直", "李四", "12345"),
    ]
    file = csv_file(tmp_path / "units.csv", [HEADINGS, *lines])
    assert started.run("unit", "import", str(file)).out == "导入完成:新增 2 个单位, 修改 0 个。\n"
    assert started.run("unit", "list").out == "热线办 (01 市直)\n└─ 市住建局 (02 市直)\n共 2 个单位\n"


def test_a_file_with_a_mistake_is_refused_with_its_line(started: CommandLine, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "units.csv", [HEADINGS, ("01", "热线办", "01", "市直", "张三", "12345")])
    ran = started.run("unit", "import", str(file))
    assert ran.code == 1
    assert ran.sentences[0] == "第 2 行:上级绕成了圈:热线办 → 热线办"
    assert ran.sentences[1].startswith("错误:文件里有错, 一条也没有导入")


@pytest.mark.parametrize(
    "words", ["add", "list", "show", "import", "contacts", "duty", "duty import", "duty gaps", "duty check"]
)
def test_every_action_explains_itself(line: CommandLine, words: str) -> None:
    ran = line.run("unit", *words.split(), "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"用法:./hotline unit {words}")
