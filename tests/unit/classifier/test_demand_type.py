"""What the citizen wants of us."""

import pytest

from classifier.demand_type import DemandEar
from classifier.model import Profile


@pytest.fixture(scope="module")
def ear(profile: Profile) -> DemandEar:
    return DemandEar(profile.demand)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("我要投诉物业", "投诉"),
        ("我要举报工厂偷排污水", "举报"),
        ("请问居住证怎么办理", "咨询"),
        ("建议增加公交线路", "建议"),
        ("我要表扬一个工作人员", "表扬"),
        ("家里停水三天了派人来看看", "求助"),
        ("公司拖欠工资三个月", "投诉"),
        ("能不能增加几趟公交", "建议"),
        ("能不能派人修一下路灯", "求助"),
        ("", "求助"),
    ],
)
def test_the_plainest_words_decide(ear: DemandEar, said: str, wanted: str) -> None:
    assert ear.guess(said).demand_type == wanted


def test_who_says_that_he_does_not_complain_does_not(ear: DemandEar) -> None:
    assert ear.guess("我不是要投诉我就是问一下").demand_type == "咨询"


def test_the_words_that_decided_are_told(ear: DemandEar) -> None:
    assert ear.guess("我要投诉物业态度不好").words[0] == "我要投诉"
    assert ear.guess("嗯").words == ()
