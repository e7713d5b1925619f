"""study.toml: a rule that cannot be meant is named with its line."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from tests.fakes.work import PROFILE
from tickets.deadlines import UnitClass
from tickets.profile import PolicyWrong
from tickets.study_policy import read_study


@pytest.fixture
def city(tmp_path: Path) -> Path:
    copytree(PROFILE, tmp_path / "default")
    (tmp_path / "mycity").mkdir()
    return tmp_path / "mycity"


def test_what_a_city_does_not_write_is_the_defaults(city: Path) -> None:
    (city / "study.toml").write_text('every = "月"\n', encoding="utf-8")
    policy = read_study(city)
    assert policy.period_of(date(2026, 2, 28)).name == "2026年2月"
    assert policy.times == read_study(PROFILE).times == 1
    assert UnitClass.CONTACT_POINT not in policy.unit_classes


def test_by_default_one_studies_once_a_quarter() -> None:
    assert read_study(PROFILE).period_of(date(2026, 5, 1)).name == "2026年第二季度"


WRONG = {
    "times = 0": "第 1 行 times 有误:至少 1 次",
    'every = "周"': "every 有误:只能写",
    "unit_classes = []": "unit_classes 有误:至少写一类",
    'unit_classes = ["市直", "市直"]': "每类只写一次",
    'unit_classes = ["乡镇"]': "unit_classes 有误:只能写",
    "deepest = -1": "deepest 有误:不能小于 0",
    "remind_days = -1": "remind_days 有误:应当是 0 到 89",
    "remind_days = 90": "remind_days 有误:应当是 0 到 89",
    'every = "月"\nremind_days = 28': "第 2 行 remind_days 有误:应当是 0 到 27",
    'text = "{number}"': "text 有误:花括号里只能写 unit、period、last",
    'text = "{unit"': "花括号没有配对",
    f'text = "{"长" * 301}"': "太长",
    "remind_day = 3": "remind_day 有误:没有这一项",
}


@pytest.mark.parametrize("written", WRONG)
def test_a_mistake_is_named(city: Path, written: str) -> None:
    (city / "study.toml").write_text(f"{written}\n", encoding="utf-8")
    with pytest.raises(PolicyWrong) as refused:
        read_study(city)
    assert "mycity/study.toml" in str(refused.value)
    assert WRONG[written] in str(refused.value)
