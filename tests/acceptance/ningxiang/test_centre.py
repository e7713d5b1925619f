"""宁乡: what people complain of, and who is on duty day and night."""

from datetime import timedelta
from pathlib import Path

from classifier.desk import SuggestionDesk
from tests.acceptance.city import City
from tests.fakes.organisation import csv_file, unit
from tickets.unit_register import UnitRegister

SAID = {
    "工地半夜施工噪音扰民睡不着": "噪音污染",
    "小区物业公司不管理电梯坏了": "物业服务",
    "楼下餐馆油烟太大呛人": "大气污染",
    "路灯坏了一个月没人维修": "城市公共设施",
    "化工厂往河里排放污水污染环境": "水污染",
    "买的东西是假货商家不退货": "商品质量",
    "楼顶有人违章建筑没人管": "违章建筑",
    "公交车司机不按站停车": "公共汽车",
}
"""What is said, and the last level of the category that it belongs to."""


def test_nx_08_typical_problems_are_recognised_from_what_is_said(profile: Path, tmp_path: Path) -> None:
    """Typical classes: 噪音扰民、物业管理、餐饮油烟、市政维护、环境污染、消费维权、违法建设、交通运输"""
    desk = SuggestionDesk(profile, tmp_path)
    assert {words: desk.suggest(words).category.rpartition("/")[2] for words in SAID} == SAID


def test_nx_14_sixty_one_units_are_on_duty_day_and_night_on_holidays_too(city: City, tmp_path: Path) -> None:
    """61 key linked units have 24 h duty including non-working days"""
    register = UnitRegister(city.database, city.clock, "主任")
    names = [f"联动单位{number}" for number in range(61)]
    for number, name in enumerate(names):
        register.put(unit(f"9{number:02d}", name, round_the_clock=True))
    holidays = [f"2026-10-0{day}" for day in (1, 2, 3)]
    rows = [(name, day, "08:00", "08:00", "张三", "0731-1") for name in names for day in holidays]
    absent = (names[7], holidays[1], "08:00", "08:00", "张三", "0731-1")
    rows.remove(absent)
    register.import_roster(
        csv_file(tmp_path / "roster.csv", [("单位", "日期", "开始", "结束", "姓名", "电话"), *rows])
    )
    begin = city.at("2026-10-01 08:00")
    (gap,) = register.gaps(begin, begin + timedelta(days=3))
    assert (gap.unit_id, gap.begins, gap.ends) == (
        "907",
        begin + timedelta(days=1),
        begin + timedelta(days=2),
    )
