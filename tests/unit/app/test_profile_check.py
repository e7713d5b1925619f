"""``./hotline profile``: what is wrong with a city's files, and what the city says otherwise."""

import argparse
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import pytest

from app.arguments import Arguments
from app.commands import profile
from app.profile_check import KNOWN, findings, note_on
from app.profile_shown import NOT_SAID, Said, said_by
from app.work_clocks import ProfileMissing
from core.calendar import national_calendar
from tests.house.tree import ROOT
from tickets.profile import PolicyWrong

PROFILES = ROOT / "profiles"
CITIES = sorted(folder.name for folder in PROFILES.iterdir())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write files of a new city beside the default."""
    copytree(PROFILES / "default", tmp_path / "default")
    city = tmp_path / "mycity"
    city.mkdir()

    def written(**files: str) -> Path:
        for name, text in files.items():
            (city / f"{name}.toml").write_text(text, encoding="utf-8")
        return city

    return written


def problems(folder: Path) -> list[str]:
    return [one.problem for one in findings(folder) if one.problem]


def asked(*words: str) -> argparse.Namespace:
    parser = Arguments(prog="./hotline profile")
    profile.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize("city", CITIES)
def test_every_profile_that_we_ship_is_right(city: str) -> None:
    assert problems(PROFILES / city) == []


def test_every_file_of_the_default_is_checked() -> None:
    assert {file.name for file in (PROFILES / "default").iterdir()} == set(KNOWN)


def test_an_empty_city_is_the_default(write: Callable[..., Path]) -> None:
    assert problems(write()) == []
    assert said_by(write()) == []


WRONG = {
    "a mistyped key": (
        {"workflow": "meet_citzen = true\n"},
        "mycity/workflow.toml 第 1 行 meet_citzen 有误:没有这一项",
    ),
    "a value of the wrong kind": (
        {"workflow": 'appeal_days = "五"\n'},
        "第 1 行 appeal_days 有误:应当是整数",
    ),
    "a city without a name": ({"city": 'title = " "\n'}, "city.toml 第 1 行 title 有误:请写城市的名称"),
    "a circular that is not regular": ({"circulars": 'regular = ["专报"]\n'}, "专报不定期"),
    "a rule that never decides": (
        {
            "limits": '[[rule]]\nname = "一般"\nclock = ["办结", "重办"]\nlimit = "5个工作日"\n'
            '[[rule]]\nname = "书面"\nclock = ["办结"]\nmode = ["书面"]\nlimit = "7个工作日"\n'
        },
        "mycity/limits.toml 第 6 行 rule.name 有误:书面:永远轮不到它",
    ),
    "an approver without the right": (
        {"limits": '[extension]\napprovers = ["话务员"]\n'},
        "extension.approvers 和 角色权限 互相矛盾:话务员不能同意申请",
    ),
    "two different bottoms": (
        {
            "consequences": '[[rule]]\nname = "不合格"\nconduct = "末位"\npercent = 10\nbasis = "甲"\n'
            'sentence = "末10%"\noutcome = "不合格"\n'
        },
        "“不合格”是末位 10 %, 通报的末位是 5 %",
    ),
    "a reminder before its quarter": (
        {"study": "times = 1\nremind_days = 120\n"},
        "mycity/study.toml 第 2 行 remind_days 有误:应当是 0 到 89",
    ),
    "a file that nobody reads": ({"limit": ""}, "limit.toml:配置档里没有这种文件, 是不是 limits.toml"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_said_so_that_a_clerk_can_mend_it(write: Callable[..., Path], kind: str) -> None:
    files, said = WRONG[kind]
    (problem,) = problems(write(**files))
    assert said in problem


def test_all_mistakes_are_told_at_once(write: Callable[..., Path]) -> None:
    city = write(workflow="meet_citzen = true\n", seats="misses = 0\n", city="title = 1\n")
    (city / "units.csv").write_text("unit\n")
    assert len(problems(city)) == 4


def test_limits_without_a_visit_disagree_with_visits(write: Callable[..., Path]) -> None:
    limits = (PROFILES / "default" / "limits.toml").read_text(encoding="utf-8")
    (problem,) = problems(
        write(limits=limits.replace('clock = ["回访"]', 'clock = ["重办"]\narea = ["偏远"]'))
    )
    assert "回访" in problem


def test_what_a_city_says_is_shown_beside_the_default(write: Callable[..., Path]) -> None:
    city = write(workflow='meet_citizen = true\ndone_papers = ["签字盖章"]\n')
    assert said_by(city) == [
        Said(file="workflow.toml", key="meet_citizen", value="true", default="false"),
        Said(file="workflow.toml", key="done_papers", value="签字盖章", default="(空)"),
    ]
    assert profile.shown(said_by(city)) == [
        "workflow.toml",
        "  meet_citizen = true   (默认 false)",
        "  done_papers = 签字盖章   (默认 (空))",
    ]


def test_a_file_that_cannot_be_read_is_named_when_it_is_shown(write: Callable[..., Path]) -> None:
    with pytest.raises(PolicyWrong, match=r"workflow\.toml.* 有误:不合 TOML 语法"):
        said_by(write(workflow="appeal_days = 5\nmeet = [\n"))


def test_of_rules_only_those_are_shown_that_differ() -> None:
    shown = [one for one in said_by(PROFILES / "jining") if one.file == "limits.toml"]
    assert [(one.key, one.value) for one in shown] == [
        ("rule 一般", "clock=办结、答复 limit=7个工作日"),
        ("rule 书面交办", "(不用)"),
        ("rule 电话短信交办", "(不用)"),
        ("rule 咨询", "(不用)"),
    ]


LEFT_OUT = {
    "chenzhou": set(),
    "jining": {"书面交办", "电话短信交办", "咨询"},
    "ningxiang": set(),
    "haikou": {"农村到场", "偏远到场", "城区到场"},
    "shijiazhuang": {"联系点", "咨询"},
}
"""Limits of the default that a city does not have because it printed others."""


@pytest.mark.parametrize("city", LEFT_OUT)
def test_a_city_leaves_out_limits_of_the_default_only_knowingly(city: str) -> None:
    said = [one for one in said_by(PROFILES / city) if one.file == "limits.toml"]
    assert {one.key.removeprefix("rule ") for one in said if one.value == NOT_SAID} == LEFT_OUT[city]


def test_a_profile_is_named_or_lies_anywhere(write: Callable[..., Path]) -> None:
    assert profile.folder_of("jining", PROFILES) == PROFILES / "jining"
    assert profile.folder_of(str(write()), PROFILES) == write()
    with pytest.raises(ProfileMissing):
        profile.folder_of("atlantis", PROFILES)


def test_a_wrong_profile_ends_with_1_and_says_so_to_programs(
    write: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    city = write(city='title = "某市"\n', workflow="appeal_days = -1\n")
    assert profile._check(asked("check", "x"), city) == 1
    said = capsys.readouterr().out
    assert "✓ limits.toml\n" in said
    assert said.endswith("某市:有 1 处要改。\n")
    assert profile._check(asked("check", "x", "--json"), city) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert "appeal_days" in problem["problem"]
    assert profile._check(asked("check", "x"), PROFILES / "haikou") == 0
    assert "海口:没有问题。" in capsys.readouterr().out


def test_one_is_told_before_the_calendar_ends_and_not_long_before(write: Callable[..., Path]) -> None:
    last = national_calendar().last
    assert note_on(write(), last - timedelta(days=90)) == ""
    assert "calendar.toml" in note_on(write(), last - timedelta(days=10))
    assert note_on(write(limits="rule = 1"), last) == ""


def test_profiles_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert profile._list(asked("list"), PROFILES) == 0
    assert "shijiazhuang   石家庄" in capsys.readouterr().out
    assert profile._list(asked("list", "--json"), PROFILES) == 0
    assert {row["name"] for row in json.loads(capsys.readouterr().out)} == set(CITIES)
    assert profile._show(asked("show", "x"), PROFILES / "ningxiang") == 0
    assert "  meet_citizen = true   (默认 false)" in capsys.readouterr().out
    assert profile._show(asked("show", "x", "--json"), PROFILES / "ningxiang") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "宁乡"
