"""The register: the tree is checked whole, nothing is half written, and who changed what is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import tickets.unit_store  # noqa: F401 - brings its tables
from core.database import Database
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.database import fresh_database
from tests.fakes.organisation import HEADINGS, city, csv_file, unit
from tests.unit.tickets.office import at
from tickets.roster_import import NEEDED
from tickets.unit_file import ImportRefused
from tickets.unit_register import UnitRegister
from tickets.units import (
    ContactsWrong,
    NoSuchUnit,
    Person,
    Post,
    SameName,
    Unit,
    UnitId,
    UnitsInACircle,
)

TOP, BELOW = (
    unit("01", "热线办"),
    unit("0203", "住建局", "01", round_the_clock=True, duty_phone="0735-2222222"),
)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[UnitRegister]:
    with fresh_database(f"sqlite:///{tmp_path}/units.db") as database:
        yield registered(database)


def registered(database: Database) -> UnitRegister:
    one = UnitRegister(database, StandingClock(), "王主任")
    one.put(TOP)
    one.put(BELOW)
    return one


def test_what_was_put_in_comes_out(register: UnitRegister) -> None:
    assert sorted(register.tree(), key=lambda one: one.unit_id) == [TOP, BELOW]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (unit("01", "热线办", "0203"), UnitsInACircle),
        (unit("0299", "甲局", "99"), NoSuchUnit),
        (unit("0299", "住建局", "01"), SameName),
        (unit("0299", "甲局", "01", people=()), ContactsWrong),
    ],
    ids=["circle", "parent", "name", "contacts"],
)
def test_what_does_not_fit_the_whole_leaves_everything_as_it_was(
    register: UnitRegister, wrong: Unit, error: type[Exception]
) -> None:
    with pytest.raises(error):
        register.put(wrong)
    assert len(register.tree()) == 2
    assert len(register.history(UnitId("01"))) == 1


def test_who_changed_what_is_kept(register: UnitRegister) -> None:
    register.put(unit("0203", "住房局", "01", round_the_clock=True, duty_phone="0735-2222222"))
    made, changed = register.history(UnitId("0203"))
    assert (made.by, made.at, made.diff["name"]) == ("王主任", NINE_O_CLOCK, (None, "住建局"))
    assert dict(changed.diff) == {"name": ("住建局", "住房局")}


def test_put_in_again_nothing_is_changed_nor_written_down(register: UnitRegister) -> None:
    register.put(BELOW)
    assert len(register.history(UnitId("0203"))) == 1


class TestImport:
    def lines(self) -> list[tuple[str, ...]]:
        return [HEADINGS, *city((1, 2, 2))]

    def test_new_and_changed_ones_are_told_apart_and_the_same_again_is_neither(
        self, register: UnitRegister, tmp_path: Path
    ) -> None:
        file = csv_file(tmp_path / "units.csv", self.lines())
        assert register.import_units(file) == (6, 1)
        assert register.import_units(file) == (0, 0)

    def test_with_one_mistake_nothing_is_taken(self, register: UnitRegister, tmp_path: Path) -> None:
        lines = [*self.lines(), ("0199", "甲局", "77", "市直", "张三", "12345")]
        with pytest.raises(ImportRefused):
            register.import_units(csv_file(tmp_path / "units.csv", lines))
        assert len(register.tree()) == 2


class TestPeople:
    def test_contacts_are_named_anew_and_others_stay(self, register: UnitRegister) -> None:
        head = Person(post=Post.HEAD, name="王局", phone="12345")
        register.set_people("住建局", Post.HEAD, [head])
        new = Person(post=Post.CONTACT, name="李四", phone="12345")
        changed = register.set_people("住建局", Post.CONTACT, [new])
        assert register.tree().find("住建局") == changed
        assert changed.people == (head, new)

    def test_not_more_than_two(self, register: UnitRegister) -> None:
        with pytest.raises(ContactsWrong):
            register.set_people(
                "住建局", Post.CONTACT, [Person(post=Post.CONTACT, name="甲", phone="123")] * 3
            )


class TestDuty:
    WINDOW = (at("2026-05-01 00:00"), at("2026-05-02 00:00"))

    def bring(self, register: UnitRegister, folder: Path, *lines: tuple[str, ...]) -> dict[UnitId, int]:
        return register.import_roster(csv_file(folder / "roster.csv", [NEEDED, *lines]))

    def test_units_that_must_always_be_there_are_looked_at_and_no_others(
        self, register: UnitRegister
    ) -> None:
        assert [gap.unit_id for gap in register.gaps(*self.WINDOW)] == ["0203"]

    def test_a_roster_takes_the_place_of_what_stood_there(
        self, register: UnitRegister, tmp_path: Path
    ) -> None:
        self.bring(register, tmp_path, ("住建局", "2026-05-01", "00:00", "24:00", "张三", "12345"))
        assert register.gaps(*self.WINDOW) == []
        halves = (
            ("住建局", "2026-05-01", "00:00", "12:00", "李四", "12345"),
            ("住建局", "2026-05-01", "13:00", "24:00", "王五", "12345"),
        )
        assert self.bring(register, tmp_path, *halves) == {"0203": 2}
        assert [one.name for one in register.shifts(*self.WINDOW)] == ["李四", "王五"]
        [gap] = register.gaps(*self.WINDOW)
        assert (gap.begins, gap.ends) == (at("2026-05-01 12:00"), at("2026-05-01 13:00"))

    def test_who_brought_a_roster_is_kept(self, register: UnitRegister, tmp_path: Path) -> None:
        self.bring(register, tmp_path, ("住建局", "2026-05-01", "00:00", "24:00", "张三", "12345"))
        brought = register.history(UnitId("0203"))[-1]
        assert brought.by == "王主任"
        assert dict(brought.diff) == {"roster": (None, "2026-05-01 00:00 至 2026-05-02 00:00, 1 班")}

    def test_other_days_stay(self, register: UnitRegister, tmp_path: Path) -> None:
        self.bring(register, tmp_path, ("住建局", "2026-05-01", "00:00", "24:00", "张三", "12345"))
        self.bring(register, tmp_path, ("住建局", "2026-05-02", "00:00", "24:00", "李四", "12345"))
        assert [one.name for one in register.shifts(at("2026-05-01 00:00"), at("2026-05-03 00:00"))] == [
            "张三",
            "李四",
        ]

    def test_a_duty_room_that_nobody_answers_is_on_record(self, register: UnitRegister) -> None:
        check = register.note_check("住建局", "", answered=False, note="响铃 60 秒")
        assert (check.phone, check.by, check.at) == ("0735-2222222", "王主任", NINE_O_CLOCK)
        assert register.checks(NINE_O_CLOCK, at("2026-05-01 00:00")) == [check]
        assert register.checks(at("2026-05-01 00:00"), at("2026-05-02 00:00")) == []
