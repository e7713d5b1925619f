"""Studies as a person types them, on the database of the hotline."""

import json

from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused


def test_a_unit_that_has_studied_owes_nothing_any_more(started: CommandLine) -> None:
    assert started.run("user", "add", "督办赵", "--role", "督办员").code == 0
    bureau = ("unit", "add", "02", "住建局", "--class", "市直", "--contact", "张三=0735-1234567")
    assert started.run(*bureau).code == 0
    who = ("--as", "督办赵")
    due = ("study", "due", "--date", "2025-03-31", "--json", *who)
    assert [one["name"] for one in json.loads(started.run(*due).out)["units"]] == ["住建局"]
    study = (
        *("study", "add", "--unit", "住建局", "--kind", "研究", "--topic", "热线工作"),
        *("--chair", "王局长", "--people", "9", *who),
    )
    assert "已登记, 第 1 号" in started.run(*study, "--date", "2025-03-03").out
    assert json.loads(started.run(*due).out)["units"] == []
    refused(started.run(*study, "--date", "2025-03-03"), "study withdraw", "number=1")
    refused(started.run(*study, "--date", "2999-01-01"), "不能晚于今天")
