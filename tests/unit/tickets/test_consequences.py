"""Consequences: which rows the rules make of histories, and that each row stands on its evidence."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.dossiers import DAY, FIRST_QUARTER, Made, entry, material, rung
from tests.house.tree import ROOT
from tickets.circulars.period import Kind, Period, period_of
from tickets.consequences import judged, scores
from tickets.consequences_facts import Evidence, Material
from tickets.consequences_policy import Conduct, ConsequencePolicy, read_consequences
from tickets.profile import PolicyWrong
from tickets.wish import Action

PROFILES = ROOT / "profiles"
SEVEN = read_consequences(PROFILES / "shijiazhuang")
LAST = read_consequences(PROFILES / "chenzhou")
GOLDEN = ROOT / "tests/data/consequences"
YEAR = period_of(Kind.YEARLY, FIRST_QUARTER.first)


def rows(held: Material, basis: str, policy: ConsequencePolicy = SEVEN) -> list[Evidence]:
    return [row for row in judged(held, policy).rows if row.rule == basis]


class TestReturned:
    def test_twice_in_a_row(self) -> None:
        [row] = rows(material(Made(1).sent_back(3, 5)), "SJZ-16(1)")
        assert (row.unit, row.tickets) == ("02", (Made(1).no,))
        assert "01-08 09:00、01-10 09:00退回重办" in row.why

    def test_once_is_not_enough_nor_twice_with_a_result_that_stood_between(self) -> None:
        stood = Made(2).sent_back(3)
        stood.event(Action.ACCEPT, stood.begin).sent_back(5)
        assert rows(material(Made(1).sent_back(3), stood), "SJZ-16(1)") == []

    def test_another_unit_starts_anew(self) -> None:
        made = Made(1).sent_back(3)
        made.event(Action.DISPATCH, made.begin).sent_back(5)
        assert rows(material(made), "SJZ-16(1)") == []


class TestSilent:
    def test_in_writing_and_nothing_came(self) -> None:
        [row] = rows(material(Made(1).written()), "SJZ-16(2)")
        assert row.persons[0].name == "王局长"
        assert row.persons[1].name == "经办02"

    def test_late_is_not_silent_and_by_telephone_neither(self) -> None:
        assert rows(material(Made(1).written().done(9), Made(2)), "SJZ-16(2)") == []


class TestLate:
    def test_three_in_a_quarter_are_one_row_that_names_all(self) -> None:
        made = [Made(number, day=number).done(9) for number in range(1, 5)]
        [row] = rows(material(*made), "SJZ-16(3)")
        assert row.tickets == tuple(one.no for one in made)

    def test_two_are_not_enough_nor_three_of_two_quarters(self) -> None:
        three = [Made(1).done(9), Made(2).done(9), Made(3, day=90).done(99)]
        assert rows(material(*three, period=YEAR), "SJZ-16(3)") == []

    def test_what_two_persons_left_out_has_a_reason(self) -> None:
        made = [Made(1).done(9), Made(2).done(9), Made(3).done(9).left_out()]
        assert rows(material(*made), "SJZ-16(3)") == []

    def test_the_row_comes_in_the_week_of_the_third_and_not_again(self) -> None:
        made = [Made(1).done(9), Made(2).done(9), Made(3, day=14).done(29)]
        third = made[2].due.date()
        weeks = [period_of(Kind.WEEKLY, third + step * DAY) for step in (-7, 0, 7)]
        assert [len(rows(material(*made, period=week), "SJZ-16(3)")) for week in weeks] == [0, 1, 0]


class TestOthers:
    def test_untrue_needs_a_look_and_a_finding(self) -> None:
        made = Made(1).done(3).looked_at(20)
        assert rows(material(made), "SJZ-16(4)") == []
        [row] = rows(material(made, entries=(entry("反馈不实", 21, made.no),)), "SJZ-16(4)")
        assert "还在漏" in row.why

    def test_a_unit_that_never_claimed_it_solved_told_no_untruth(self) -> None:
        made = Made(1).done(3, solved="未解决").looked_at(20)
        assert rows(material(made, entries=(entry("反馈不实", 21, made.no),)), "SJZ-16(4)") == []

    def test_refused_and_given_back_is_shirking_and_so_is_what_persons_found(self) -> None:
        made = Made(1).refused(2)
        found = entry("推诿拖延", 30, unit_id="03")
        assert [row.unit for row in rows(material(made, entries=(found,)), "SJZ-16(5)")] == ["02", "03"]

    def test_told_three_times_and_nobody_moved(self) -> None:
        deaf, heard = Made(1).again(3, 5), Made(2).again(3, 5).done(9)
        [row] = rows(material(deaf, heard, Made(3).again(4)), "SJZ-16(6)")
        assert row.tickets == (deaf.no,)

    def test_the_duty_room_did_not_answer(self) -> None:
        held = material(Made(1).rung_in_vain(1), checks=(rung(2, answered=False), rung(3, answered=True)))
        assert [(row.unit, len(row.tickets)) for row in rows(held, "SJZ-16(7)")] == [("02", 1), ("03", 0)]

    def test_satisfied_in_time_at_the_first_go_ten_times_is_praised(self) -> None:
        made = [Made(number).done(3).rated("满意", 5) for number in range(1, 11)]
        assert len(rows(material(*made), "SJZ-15")) == 1
        assert rows(material(*made[1:]), "SJZ-15") == []


def small(policy: ConsequencePolicy) -> ConsequencePolicy:
    """Only what is about single units' histories: a ranking depends on everybody's."""
    kept = tuple(rule for rule in policy.rule if rule.conduct is not Conduct.BOTTOM)
    return replace(policy, rule=kept)


@st.composite
def made_up(draw: st.DrawFn, number: int) -> Made:
    made = Made(number, unit_id=draw(st.sampled_from(["02", "03"])), day=draw(st.integers(0, 60)))
    if draw(st.booleans()):
        made.written()
    made.sent_back(*draw(st.lists(st.integers(1, 30), max_size=3).map(sorted)))
    made.again(*draw(st.lists(st.integers(1, 30), max_size=4).map(sorted)))
    match draw(st.integers(0, 4)):
        case 0:
            made.refused(draw(st.integers(1, 20)))
        case 1:
            made.done(draw(st.integers(1, 20))).looked_at(25)
        case 2:
            made.done(draw(st.integers(1, 20))).rated(draw(st.sampled_from(["满意", "不满意"])), 25)
        case 3:
            made.rung_in_vain(1)
    return made


@settings(max_examples=60)
@given(st.data())
def test_removing_a_work_order_removes_the_rows_that_cite_it_and_no_other(data: st.DataObject) -> None:
    made = [data.draw(made_up(number)) for number in range(1, data.draw(st.integers(2, 7)))]
    entries = tuple(entry("反馈不实", 40, one.no) for one in made)
    before = set(judged(material(*made, entries=entries), small(SEVEN)).rows)
    gone = data.draw(st.sampled_from(made))
    rest = [one for one in made if one is not gone]
    kept = tuple(one for one in entries if gone.no not in one.tickets)
    after = set(judged(material(*rest, entries=kept), small(SEVEN)).rows)
    citing = {row for row in before if gone.no in row.tickets}
    assert before - citing <= after
    for fresh in after - before:
        # What cumulates goes on with those that are left, as long as they are enough.
        assert any(
            (row.name, row.unit) == (fresh.name, fresh.unit) and set(fresh.tickets) < set(row.tickets)
            for row in citing
        )


@settings(max_examples=40)
@given(st.data())
def test_the_work_orders_of_a_row_alone_make_the_same_row(data: st.DataObject) -> None:
    made = [data.draw(made_up(number)) for number in range(1, data.draw(st.integers(2, 7)))]
    entries = tuple(entry("反馈不实", 40, one.no) for one in made)
    for row in judged(material(*made, entries=entries), small(SEVEN)).rows:
        cited = [one for one in made if one.no in row.tickets]
        assert row in judged(material(*cited, entries=entries), small(SEVEN)).rows


def quarter() -> Material:
    """A quarter in which each of the seven happens, once to the letter and once not quite."""
    made = [
        Made(1).sent_back(3, 5),
        Made(2).sent_back(3),
        Made(3).written(),
        *(Made(number, unit_id="03", day=number).done(9) for number in (4, 5, 6)),
        Made(7).done(3).looked_at(20),
        Made(8).refused(2).done(6),
        Made(9).again(3, 5),
        Made(10).rung_in_vain(1).done(2),
        Made(11).done(3).rated("满意", 5),
    ]
    entries = (entry("反馈不实", 21, made[6].no), entry("情节严重", 40, made[6].no))
    return material(*made, entries=entries, checks=(rung(2, answered=False), rung(3, answered=True)))


@pytest.mark.parametrize("city", ["shijiazhuang", "haikou", "ningxiang", "jining", "chenzhou"])
def test_a_quarters_rows_are_those_of_the_golden_file(city: str) -> None:
    found = judged(quarter(), read_consequences(PROFILES / city))
    told = [asdict(row) | {"at": row.at.isoformat()} for row in found.rows]
    written = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    assert written == (GOLDEN / f"{city}.json").read_text(encoding="utf-8")


class TestYears:
    """Twenty-one units of which two are last; 郴州: ⌈5 %⌉, and twice in a row."""

    def year(self, bad: set[int], period: Period = YEAR) -> Material:
        """Every unit has one work order; those named were late with it."""
        made = [
            Made(number, unit_id=f"u{number:02d}").done(9 if number in bad else 3) for number in range(21)
        ]
        return material(*made, period=period)

    def test_the_last_five_percent_fail(self) -> None:
        found = rows(self.year({4, 9}), "CZ-22", LAST)
        assert [row.unit for row in found] == ["u04", "u09"]
        assert found[0].tickets == (Made(4).no,)
        assert found[0].why == "2026年参与排名21个单位, 第20名"

    def test_only_who_failed_two_years_in_a_row_is_dismissed(self) -> None:
        before = judged(self.year({9, 11}), LAST)
        found = judged(self.year({4, 9}), LAST, [before]).rows
        assert [row.unit for row in found if row.rule == "CZ-23"] == ["u09"]
        assert [row.unit for row in judged(self.year({4, 9}), LAST).rows if row.rule == "CZ-23"] == []

    def test_in_a_quarter_nobody_is_last(self) -> None:
        assert rows(self.year({4, 9}, FIRST_QUARTER), "CZ-22", LAST) == []

    def test_points_are_taken_off_and_never_below_zero(self) -> None:
        late = [Made(number).done(9) for number in range(1, 61)]
        [sheet] = judged(material(*late, period=YEAR), LAST).sheets
        assert (sheet.sent, sheet.parts["办理"], sheet.score) == (60, 0, 50)
        assert len(sheet.ledger) == 60

    def test_units_with_few_work_orders_are_not_ranked(self) -> None:
        policy = replace(LAST, ranked_from=2)
        found = judged(material(Made(1).done(9), Made(2).done(3), Made(3, unit_id="03"), period=YEAR), policy)
        assert scores(found.sheets, policy) == {"02": 99}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("marks = 30", "marks = 31", "正好 100"),
        ('part = "受理"', 'part = "态度"', "得分表没有这一项"),
        ("points = 1", "points = 1\npercent = 5", "不按百分比"),
        ('conduct = "逾期"', 'conduct = "迟到"', "只能写"),
        ('roles = ["派驻"', 'roles = ["话务员"', "roles 只能写"),
        ("ranked_from = 5", "ranked_from = 0", "不能小于 1"),
        ('basis = "默认"', 'basis = ""', "要写出制度原文"),
        ('returns = ["退回重办"', 'returns = ["派单"', "returns"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (PROFILES / "default" / "consequences.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "consequences.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyWrong, match=said):
        read_consequences(tmp_path)
