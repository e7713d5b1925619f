"""limits.toml and calendar.toml: what they mean, and what is said of a mistake in them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from core.calendar import national_calendar
from core.understanding import Urgency
from tests.house.tree import ROOT
from tickets.calendar_file import read_calendar
from tickets.deadlines import Case, ClockKind
from tickets.limit_file import LimitPolicy, read_limits, read_policy
from tickets.profile import PolicyWrong
from tickets.urgent_chain import UrgentRules

DEFAULT = ROOT / "profiles" / "default"
NATIONAL = national_calendar()
NEXT = NATIONAL.last.year + 1
YEAR = f"""
[[year]]
year = {NEXT}
source = "通知"

[[year.holiday]]
name = "元旦"
rest = ["{NATIONAL.last} 至 {NEXT}-01-01"]

[[year.holiday]]
name = "劳动节"
rest = ["{NEXT}-05-01 至 {NEXT}-05-05"]

[[year.holiday]]
name = "国庆节"
rest = ["{NEXT}-10-01 至 {NEXT}-10-07"]
"""


def limits(folder: Path, old: str, new: str) -> LimitPolicy:
    text = (DEFAULT / "limits.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "limits.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_limits(folder, NATIONAL)


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "limits.toml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


class TestDefault:
    POLICY = read_policy(DEFAULT)

    @pytest.mark.parametrize(
        ("case", "clock", "limit"),
        [
            (Case(), ClockKind.FINISH, "5个工作日"),
            (Case(mode="书面"), ClockKind.FINISH, "7个工作日"),
            (Case(mode="电话"), ClockKind.REPLY, "3个工作日"),
            (Case(mode="书面", unit_class="联系点"), ClockKind.FINISH, "5个工作日"),
            (Case(urgency="特急", mode="书面"), ClockKind.FINISH, "2小时"),
            (Case(urgency="紧急", area="农村"), ClockKind.ARRIVE, "1小时"),
            (Case(urgency="紧急"), ClockKind.SIGN, "10分钟"),
        ],
    )
    def test_it_says_what_a_hotline_usually_says(self, case: Case, clock: ClockKind, limit: str) -> None:
        rule = self.POLICY.deadlines.rule_for(clock, case)
        assert rule is not None
        assert str(rule.limit) == limit

    def test_what_is_urgent_goes_through_the_chain_and_nothing_else(self) -> None:
        urban = UrgentRules(contact=10, arrive=30, say_when=30, ladder=(0, 5, 10))
        assert self.POLICY.urgent_rules(Case(urgency=Urgency.URGENT)) == urban
        remote = self.POLICY.urgent_rules(Case(urgency=Urgency.URGENT, area="偏远"))
        assert remote is not None
        assert remote.arrive == 120
        assert self.POLICY.urgent_rules(Case(urgency=Urgency.ORDINARY)) is None

    def test_one_is_told_a_month_before_limits_reach_past_the_calendar(self) -> None:
        assert self.POLICY.alarm(NATIONAL.last - timedelta(days=60)) == ""
        for days in (30, 1, 0, -400):
            assert "calendar.toml" in self.POLICY.alarm(NATIONAL.last - timedelta(days=days))

    def test_the_calendar_is_the_nations(self) -> None:
        assert self.POLICY.office.calendar == NATIONAL


WRONG = {
    "a key that there is not": ('name = "一般签收"', 'nmae = "一般签收"', "nmae", "核对拼写"),
    "a clock that there is not": ('["签收"]\nurgency', '["签字"]\nurgency', '["签字"]', "只能写 '签收'"),
    "a limit that is unclear": ('"7个工作日"', '"7天"', '"7天"', "“7天”不行"),
    "a day that is two": ('"2小时"', '"2小时"\nstart = "次日"', '"2小时"', "即时起算"),
    "a channel that there is not": (
        'name = "咨询"',
        'name = "咨询"\nchannel = ["电台"]',
        "电台",
        "没有受理方式",
    ),
    "a unit class that there is not": ('["联系点"]', '["联系户"]', '["联系户"]', "中央省驻"),
    "a rule without clocks": ('["回访"]', "[]", "clock = []", "至少管一种时钟"),
    "a list that is a word": ('clock = ["回访"]', 'clock = "回访"', 'clock = "回访"', "写在 [ ] 里"),
    "hours the wrong way round": ("17:30:00", "07:30:00", "07:30:00", "下班要晚于上班"),
    "an hour that there is not": ("17:30:00 ", '"五点半" ', "五点半", "应当是时刻"),
    "percents without the end": ("[50, 80, 100]", "[50, 80]", "[50, 80]", "最后一个是 100"),
    "extensions that nobody approves": ('["热线办主任", "热线办副主任"]', "[]", "most = 1", "谁能批准"),
    "a ladder that falls": ("[0, 5, 10]", "[0, 10, 5]", "[0, 10, 5]", "从小到大"),
    "a number that is a word": ("say_when = 30", 'say_when = "半小时"', "半小时", "应当是整数"),
    "rules in the wrong order": (
        'name = "一般"\nclock = ["办结", "答复"]',
        'name = "一般"\nclock = ["办结", "答复", "重办"]',
        "一般重办",
        "永远轮不到",
    ),
    "a contradiction": ('demand_type = ["咨询"]', 'mode = ["书面"]', 'name = "咨询"', "7个工作日"),
    "urgent in days": ('["紧急", "特急"]  #', '["一般"]  #', '["一般"]  #', "紧急链"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_named_with_its_line_and_what_is_wrong(tmp_path: Path, kind: str) -> None:
    old, new, there, said = WRONG[kind]
    with pytest.raises(PolicyWrong) as told:
        limits(tmp_path, old, new)
    sentence = str(told.value)
    assert "limits.toml" in sentence
    assert said in sentence
    assert f"第 {line_of(tmp_path, there)} 行" in sentence


def test_a_file_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(PolicyWrong, match=r"第 5 行.*TOML"):
        limits(tmp_path, "begins = 08:30:00", "begins = 08:30 oh")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "limits.toml").write_bytes(content)
    with pytest.raises(PolicyWrong, match=r"limits\.toml"):
        read_limits(tmp_path, NATIONAL)


class TestCalendar:
    def read(self, folder: Path, text: str) -> date:
        (folder / "calendar.toml").write_text(text, encoding="utf-8")
        return read_calendar(folder, NATIONAL).working_day(NATIONAL.last, 1)

    def test_the_next_year_can_be_written_before_the_program_knows_it(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, YEAR).year == NEXT

    def test_what_the_program_has_learnt_meanwhile_may_stay(self, tmp_path: Path) -> None:
        (tmp_path / "calendar.toml").write_text(YEAR, encoding="utf-8")
        learnt = read_calendar(tmp_path, NATIONAL)
        assert read_calendar(tmp_path, learnt) == learnt

    def test_unless_it_says_something_else(self, tmp_path: Path) -> None:
        (tmp_path / "calendar.toml").write_text(YEAR, encoding="utf-8")
        learnt = read_calendar(tmp_path, NATIONAL)
        (tmp_path / "calendar.toml").write_text(YEAR.replace("05-05", "05-06"), encoding="utf-8")
        with pytest.raises(PolicyWrong, match="和程序自带的安排不同"):
            read_calendar(tmp_path, learnt)

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (f"year = {NEXT}", f"year = {NEXT + 1}", f"请接着写 {NEXT} 年"),
            (f"{NEXT}-05-05", f"{NEXT}-05-32", "要写成"),
            (f"{NEXT}-05-01 至 {NEXT}-05-05", f"{NEXT}-05-05 至 {NEXT}-05-01", "起止不对"),
            (f"{NEXT}-05-01 至", f"{NEXT}-05-02 至", "5月1日应当放假"),
            (f"{NEXT}-05-01 至 {NEXT}-05-05", f"{NEXT + 1}-05-01", "不在"),
        ],
    )
    def test_what_was_copied_wrongly_is_refused(self, tmp_path: Path, old: str, new: str, said: str) -> None:
        with pytest.raises(PolicyWrong, match=said):
            self.read(tmp_path, YEAR.replace(old, new))

    @pytest.mark.parametrize(
        ("days", "said"),
        [
            ('rest = ["2026-04-20"]\nwork = ["2026-04-21"]', "不是周末"),
            ('rest = ["2026-04-25"]\nwork = ["2026-04-25"]', "又放假又上班"),
            (f'rest = ["{NEXT}-04-20"]', "还写不了"),
        ],
    )
    def test_own_days_that_cannot_be_are_refused(self, tmp_path: Path, days: str, said: str) -> None:
        with pytest.raises(PolicyWrong, match=said):
            self.read(tmp_path, f'[[local]]\nname = "三月三"\n{days}\n')
