"""What raises an alarm, and what only sounds as if it should."""

import csv
from pathlib import Path

import pytest

from classifier.found import plain
from classifier.model import Profile
from classifier.urgency import UrgencyWatch, urgency_of
from core.understanding import Urgency

SENTENCES = Path(__file__).with_name("urgent.csv")


@pytest.fixture(scope="module")
def watch(profile: Profile) -> UrgencyWatch:
    return UrgencyWatch(profile.urgency)


def is_alarmed(watch: UrgencyWatch, said: str) -> bool:
    return urgency_of(watch.alarms_in(plain(said))) is not Urgency.ORDINARY


def test_danger_is_hardly_ever_missed_and_alarms_are_hardly_ever_false(watch: UrgencyWatch) -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    alarmed = [row for row in rows if is_alarmed(watch, row["sentence"])]
    urgent = [row for row in rows if row["urgent"] == "是"]
    both = [row for row in alarmed if row["urgent"] == "是"]
    assert len(both) / len(urgent) >= 0.98
    assert len(both) / len(alarmed) >= 0.95


@pytest.mark.parametrize(
    "said",
    [
        "闻到煤气味", "燃气泄漏", "电梯困人了", "着火了", "有人要跳楼", "孩子丢了", "有人触电", "水管爆裂",
        "路面塌陷", "电线掉下来了", "有人持刀", "老人走失了", "房子塌了", "被家暴了", "道路积水严重",
    ],
)  # fmt: skip
def test_dangers_of_a_hotline_are_urgent(watch: UrgencyWatch, said: str) -> None:
    assert is_alarmed(watch, said)


@pytest.mark.parametrize(
    ("heard", "rule"),
    [
        ("我家里有没七味", "燃气泄漏"),
        ("没气泄漏了", "燃气泄漏"),
        ("找火了快来人", "火灾爆炸"),
        ("有人要挑楼", "轻生"),
        ("还子丢了", "人员走失"),
        ("电梯昆仁了", "电梯困人"),
    ],
)
def test_misheard_dangers_are_still_urgent(watch: UrgencyWatch, heard: str, rule: str) -> None:
    assert [alarm.rule for alarm in watch.alarms_in(heard)][:1] == [rule]


@pytest.mark.parametrize(
    "said",
    [
        "燃气费太高", "怎么办理燃气开户", "天然气没有通", "什么时候供暖", "没有发生火灾", "防止触电的宣传",
        "跳楼价大甩卖", "孩子的身份证丢了", "我要转人工服务", "下雨就积水", "网上找活干", "老板失联了",
    ],
)  # fmt: skip
def test_denials_questions_and_look_alikes_are_not_urgent(watch: UrgencyWatch, said: str) -> None:
    assert not is_alarmed(watch, said)


def test_a_question_whether_gas_leaks_is_no_denial(watch: UrgencyWatch) -> None:
    assert is_alarmed(watch, "请帮我看看会不会漏气")
    assert not is_alarmed(watch, "没有漏气")


def test_a_harmless_word_beside_a_danger_does_not_hide_it(watch: UrgencyWatch) -> None:
    assert is_alarmed(watch, "燃气费太高而且现在厨房漏气")


def test_the_worst_alarm_stands_first_and_shows_its_words(watch: UrgencyWatch) -> None:
    alarms = watch.alarms_in("井盖丢了有人掉进去晕倒了")
    assert alarms[0].level is Urgency.VERY_URGENT
    assert {alarm.level for alarm in alarms} == {Urgency.VERY_URGENT, Urgency.URGENT}
    assert all(alarm.word for alarm in alarms)
