"""The short line for the work order."""

import pytest

from classifier.desk import SuggestionDesk


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("我要反映一下人民路路灯不亮", "人民路 路灯不亮"),
        ("公司拖欠工资三个月", "公司拖欠工资三个月"),
        ("请问居住证怎么办理", "居住证怎么办理"),
        ("我在幸福小区", "幸福小区"),
        ("你好", ""),
    ],
)
def test_a_title_is_address_and_matter_as_they_were_said(desk: SuggestionDesk, said: str, title: str) -> None:
    assert desk.suggest(said).title == title


def test_a_title_keeps_the_word_that_turns_the_sense(desk: SuggestionDesk) -> None:
    assert desk.suggest("你好单位没有签劳动合同").title == "单位没有签劳动合同"


def test_a_title_is_short_however_long_the_citizen_talks(desk: SuggestionDesk) -> None:
    assert len(desk.suggest("楼上邻居半夜装修太吵了还放音响唱歌喇叭噪音扰民" * 20).title) <= 18


def test_a_title_ends_where_the_citizen_turns_to_us(desk: SuggestionDesk) -> None:
    assert desk.suggest("电梯坏了请你们派人来修").title == "电梯坏了"
