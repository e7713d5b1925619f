"""Rules of limits: the first that fits decides, and rules that cannot be meant so are refused."""

import pytest

from core.understanding import Urgency
from tests.unit.tickets.office import OFFICE, at
from tickets.deadlines import (
    Area,
    Case,
    ClockKind,
    Deadlines,
    DispatchMode,
    LimitRule,
    RulesContradict,
    UnitClass,
    check_rules,
)
from tickets.limits import limit_of


def rule(name: str, limit: str, *clocks: ClockKind, **when: tuple[str, ...]) -> LimitRule:
    return LimitRule(name=name, clocks=clocks or (ClockKind.FINISH,), limit=limit_of(limit), when=when)


GENERAL = rule("一般", "5个工作日", ClockKind.FINISH, ClockKind.REDO)
URGENT = rule("紧急", "2小时", urgency=("紧急", "特急"))
WRITTEN = rule("书面", "7个工作日", mode=("书面",))
POINT = rule("联系点", "3个工作日", unit_class=("联系点",))


BEGIN = at("2025-01-24 10:00")


def deadlines(*rules: LimitRule) -> Deadlines:
    return Deadlines(rules=rules, office=OFFICE)


class TestChoosing:
    RULES = deadlines(URGENT, POINT, WRITTEN, GENERAL)

    @pytest.mark.parametrize(
        ("case", "name"),
        [
            (Case(), "一般"),
            (Case(channel="短信", demand_type="咨询"), "一般"),
            (Case(mode=DispatchMode.WRITTEN), "书面"),
            (Case(mode=DispatchMode.WRITTEN, unit_class=UnitClass.CONTACT_POINT), "联系点"),
            (Case(unit_class=UnitClass.CONTACT_POINT, urgency=Urgency.VERY_URGENT), "紧急"),
        ],
    )
    def test_the_first_rule_from_the_top_that_fits_decides(self, case: Case, name: str) -> None:
        found = self.RULES.rule_for(ClockKind.FINISH, case)
        assert found is not None
        assert found.name == name

    def test_a_clock_that_no_rule_is_for_is_not_kept(self) -> None:
        assert self.RULES.due_for(ClockKind.ARRIVE, Case(), at("2025-01-24 10:00")) is None

    def test_it_says_by_when_and_by_which_rule(self) -> None:
        due = self.RULES.due_for(ClockKind.FINISH, Case(mode="书面"), at("2025-01-24 10:00"))
        assert due is not None
        assert (due.rule, due.due) == (WRITTEN, at("2025-02-10 17:30"))

    def test_what_if_applies_every_rule(self) -> None:
        listed = self.RULES.what_if(BEGIN)
        assert [(one.rule.name, one.clock, f"{one.due or BEGIN:%m-%d %H:%M}") for one in listed] == [
            ("紧急", "办结", "01-24 12:00"),
            ("联系点", "办结", "02-05 17:30"),
            ("书面", "办结", "02-10 17:30"),
            ("一般", "办结", "02-07 17:30"),
            ("一般", "重办", "02-07 17:30"),
        ]

    def test_what_the_calendar_does_not_reach_is_left_open(self) -> None:
        listed = self.RULES.what_if(at(f"{OFFICE.calendar.last} 10:00"))
        assert [one.due is None for one in listed] == [False, True, True, True, True]

    def test_the_longest_limit_says_how_far_the_calendar_must_reach(self) -> None:
        assert self.RULES.longest_days() == 7
        assert deadlines(URGENT).longest_days() == 0


class TestContradictions:
    def test_rules_that_go_together(self) -> None:
        check_rules((URGENT, POINT, WRITTEN, GENERAL))

    def test_a_rule_below_one_that_takes_all_its_cases(self) -> None:
        with pytest.raises(RulesContradict, match=r"书面.*永远轮不到.*“一般”.5个工作日"):
            check_rules((GENERAL, WRITTEN))

    def test_the_same_conditions_twice_with_different_limits(self) -> None:
        with pytest.raises(RulesContradict, match=r"书面二.*“书面”.7个工作日"):
            check_rules((WRITTEN, rule("书面二", "9个工作日", mode=("书面",)), GENERAL))

    def test_a_rule_whose_cases_several_above_take_together(self) -> None:
        areas = [rule(area, "1小时", ClockKind.ARRIVE, area=(area,)) for area in Area]
        rest = rule("不明", "1小时", ClockKind.ARRIVE)
        lost = rule("城乡", "2小时", ClockKind.ARRIVE, area=("城区", "农村"))
        check_rules((*areas, rest, GENERAL))
        with pytest.raises(RulesContradict, match=r"“城区”.1小时.、“农村”.1小时"):
            check_rules((*areas, lost, rest, GENERAL))

    def test_a_rule_that_overlaps_but_has_cases_of_its_own_is_meant_so(self) -> None:
        check_rules((WRITTEN, POINT, GENERAL))

    def test_a_case_without_the_limit_that_every_case_needs(self) -> None:
        with pytest.raises(RulesContradict, match="一般情形没有办结时限"):
            check_rules((URGENT, rule("重办", "3个工作日", ClockKind.REDO)))
        with pytest.raises(RulesContradict, match="没有重办时限"):
            check_rules((rule("一般", "5个工作日"),))

    def test_a_part_that_may_take_longer_than_the_whole(self) -> None:
        signing = rule("签收", "1个工作日", ClockKind.SIGN)
        with pytest.raises(RulesContradict, match="签收时限 1个工作日 比“紧急”的办结时限 2小时 还长"):
            check_rules((URGENT, GENERAL, signing))

    def test_a_name_given_twice(self) -> None:
        with pytest.raises(RulesContradict, match="写了两次"):
            check_rules((GENERAL, rule("一般", "1小时", ClockKind.ARRIVE)))
