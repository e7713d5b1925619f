"""Duty: who is on, where nobody is, and whom one rings at which rung of the ladder."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.organisation import csv_file, unit
from tests.house.tree import ROOT
from tests.unit.tickets.office import at
from tickets.roster import Duty, Gap, Shift, ShiftEndsBeforeItBegins, gaps_of, on_duty, whom_to_ring
from tickets.roster_import import NEEDED, shifts_in
from tickets.unit_file import ImportRefused
from tickets.units import Person, Post, UnitId, UnitTree
from tickets.urgent_chain import Rung

HOUSING = UnitId("0203")
DAY = at("2026-05-01 00:00")
TREE = UnitTree([unit("0203", "市住建局", aliases=("住建局",)), unit("0204", "市城管局")])


def shift(begins: str, ends: str, name: str = "张三", **other: object) -> Shift:
    known: dict[str, object] = {"unit_id": HOUSING, "phone": "12345"}
    return Shift(begins=at(f"2026-05-{begins}"), ends=at(f"2026-05-{ends}"), name=name, **(known | other))  # type: ignore[arg-type]  # each under its own field's name


def gaps(*shifts: Shift, days: int = 1) -> list[tuple[str, str]]:
    found = gaps_of(HOUSING, shifts, DAY, DAY + timedelta(days=days))
    return [(f"{gap.begins:%d %H:%M}", f"{gap.ends:%d %H:%M}") for gap in found]


class TestGaps:
    def test_a_day_without_anybody_is_one_gap(self) -> None:
        assert gaps() == [("01 00:00", "02 00:00")]

    def test_shifts_that_meet_leave_none(self) -> None:
        assert gaps(shift("01 00:00", "01 08:30"), shift("01 08:30", "02 00:00")) == []

    def test_what_lies_between_before_and_after_is_named(self) -> None:
        assert gaps(shift("01 08:30", "01 12:00"), shift("01 14:00", "01 17:30")) == [
            ("01 00:00", "01 08:30"),
            ("01 12:00", "01 14:00"),
            ("01 17:30", "02 00:00"),
        ]

    def test_the_night_may_have_begun_the_day_before_and_end_the_day_after(self) -> None:
        night = Shift(
            unit_id=HOUSING, begins=at("2026-04-30 17:30"), ends=at("2026-05-01 08:30"), name="甲", phone="1"
        )
        assert gaps(night, shift("01 08:30", "02 08:30")) == []

    def test_one_shift_within_another_hides_nothing(self) -> None:
        assert (
            gaps(shift("01 00:00", "01 12:00"), shift("01 01:00", "01 02:00"), shift("01 12:00", "02 00:00"))
            == []
        )

    def test_leaders_and_other_units_do_not_keep_watch(self) -> None:
        leader = shift("01 00:00", "02 00:00", duty=Duty.LEADER)
        other = shift("01 00:00", "02 00:00", unit_id=UnitId("0204"))
        assert gaps(leader, other) == [("01 00:00", "02 00:00")]

    def test_a_gap_knows_its_unit(self) -> None:
        [gap] = gaps_of(HOUSING, (), DAY, DAY + timedelta(hours=1))
        assert gap == Gap(unit_id=HOUSING, begins=DAY, ends=DAY + timedelta(hours=1))


def test_the_end_of_a_shift_belongs_to_the_next() -> None:
    both = (shift("01 08:30", "01 17:30", "张三"), shift("01 17:30", "02 08:30", "李四"))
    assert [one.name for one in on_duty(both, at("2026-05-01 17:30"))] == ["李四"]


@pytest.mark.parametrize("ends", ["01 08:30", "01 08:00", "05 09:00"])
def test_a_shift_that_cannot_be_is_refused(ends: str) -> None:
    with pytest.raises(ShiftEndsBeforeItBegins):
        shift("01 08:30", ends)


class TestRinging:
    FULL = unit(
        "0203",
        "市住建局",
        duty_phone="0735-2222222",
        people=(
            Person(post=Post.HEAD, name="王局", phone="1"),
            Person(post=Post.DEPUTY, name="李副局", phone="2"),
            Person(post=Post.CONTACT, name="张三", phone="3"),
        ),
    )
    NIGHT = at("2026-05-01 23:00")

    def rung(self, rung: Rung, *shifts: Shift, at_: datetime = NIGHT) -> str | None:
        person = whom_to_ring(self.FULL, shifts, rung, at_)
        return None if person is None else person.name

    def test_the_contact_the_watch_and_the_deputy_in_charge(self) -> None:
        night = shift("01 17:30", "02 08:30", "李四")
        assert [self.rung(rung, night) for rung in Rung] == ["张三", "李四", "李副局"]

    def test_when_nobody_is_in_the_roster_the_duty_room_itself(self) -> None:
        assert self.rung(Rung.DUTY) == "值班室"
        assert self.rung(Rung.DUTY, shift("01 17:30", "02 08:30", unit_id=UnitId("0204"))) == "值班室"

    def test_nobody_when_the_unit_has_named_nobody(self) -> None:
        bare = unit("0203", "市住建局", people=())
        assert [whom_to_ring(bare, (), rung, self.NIGHT) for rung in Rung] == [None, None, None]


class TestImport:
    def test_a_spreadsheet_of_shifts(self) -> None:
        day, night, leader = shifts_in(ROOT / "tests" / "data" / "organisation" / "roster.xlsx", TREE)
        assert day == shift("01 08:30", "01 17:30", "张三", phone="13800000001")
        assert night == shift("01 17:30", "02 08:30", "李四", phone="0735-2222222")
        assert leader == shift("01 00:00", "02 00:00", "王局", phone="0735-2222223", duty=Duty.LEADER)

    def test_every_mistake_is_told_with_its_line(self, tmp_path: Path) -> None:
        lines = [
            ("住建局", "2026-05-01", "08:30", "17:30", "张三", "12345"),
            ("水利局", "2026-05-01", "08:30", "17:30", "张三", "12345"),
            ("住建局", "五月一日", "08:30", "17:30", "张三", "12345"),
            ("住建局", "2026-05-01", "25:30", "17:30", "张三", "12345"),
            ("住建局", "2026-05-01", "08:30", "17:30", "", "12345"),
            ("住建局", "2026-05-01", "08:30", "17:30", "李四", "无"),
            ("市住建局", "2026-05-01", "8:30", "17:30", "张三", "12345"),
        ]
        with pytest.raises(ImportRefused) as told:
            shifts_in(csv_file(tmp_path / "roster.csv", [NEEDED, *lines]), TREE)
        assert [problem.line for problem in told.value.problems] == [3, 4, 5, 6, 7, 8]
        assert "同一班写了两次" in str(told.value.problems[-1])
