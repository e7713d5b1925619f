"""Places in what was said."""

import pytest

from classifier.desk import SuggestionDesk


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("我住在人民路56号楼道里有煤气味", "人民路56号"),
        ("投诉幸福小区三栋二单元楼上漏水", "幸福小区三栋二单元"),
        ("在高新区科技路一百二十号路灯不亮", "高新区科技路一百二十号"),
        ("人民路和解放路路口红绿灯坏了", "人民路和解放路路口"),
        ("我是金盆岭社区的居民", "金盆岭社区"),
        ("星沙镇开元东路有个大坑", "星沙镇开元东路"),
        ("岳麓区枫林三路公交站没有灯", "岳麓区枫林三路公交站"),
        ("在幸福小区三栋二单元三零二漏水", "幸福小区三栋二单元三零二"),
        ("人民路六百三十号楼下太吵", "人民路六百三十号"),
        ("阳光花园二单元两个月没电了", "阳光花园二单元"),
        ("车站北路和晚报大道路口堵车", "车站北路和晚报大道路口"),
    ],
)
def test_an_address_is_found_as_it_was_said(desk: SuggestionDesk, said: str, place: str) -> None:
    assert desk.suggest(said).address == place


@pytest.mark.parametrize(
    "said",
    [
        "马路上有一个大坑", "我家小区停水", "二十三路公交车不准时", "学校门口堵车", "培训机构跑路了",
        "电梯卡在九楼", "楼下挖路太吵", "这条路没有路灯",
    ],
)  # fmt: skip
def test_what_only_ends_like_a_place_is_none(desk: SuggestionDesk, said: str) -> None:
    assert desk.suggest(said).address == ""
