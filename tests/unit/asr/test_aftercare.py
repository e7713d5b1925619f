"""After-care makes words readable and says which rule did what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.aftercare import cleaned


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("你好 我 要 投诉", "你好我要投诉"),
        ("电话 一 三 八 零 零 一 二 三 四 五 六", "电话13800123456"),
        ("幺 三 八 〇 〇 幺 二 三 四 五 六", "13800123456"),
        ("请 拨 一 二 三 四 五", "请拨12345"),
        ("打 一 一 零", "打一一零"),
        ("二零二四 年", "二零二四年"),
        ("三 栋 二 单元", "三栋二单元"),
        ("拖欠 三 个 月", "拖欠三个月"),
        ("一 百 二 十 三", "一百二十三"),
        ("用 open source 软件", "用open source软件"),
        ("[unk]", ""),
        ("你好 [unk] 我 要 投诉", "你好我要投诉"),
        ("嗯", "嗯"),
        ("", ""),
    ],
)
def test_examples(raw: str, text: str) -> None:
    assert cleaned(raw).text == text


def test_every_change_names_its_rule() -> None:
    assert cleaned("你好").rules == ()
    assert cleaned("你 好").rules == ("spaces_out",)
    assert cleaned("[unk] 一 二 三 四 五").rules == ("unknown_words_out", "spaces_out", "spoken_digits")


@given(st.text(alphabet="一二三零幺百我要 a1[unk]", max_size=40))
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = cleaned(raw).text
    assert cleaned(once).text == once
