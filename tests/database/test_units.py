"""Organisation: a whole city's units in and out of either database, quickly, and never half."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from core.database import Database
from core.errors import HotlineError
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.organisation import HEADINGS, city, csv_file, unit
from tests.unit.tickets.office import at
from tests.unit.tickets.test_unit_register import BELOW, TOP, registered
from tickets.roster_import import NEEDED
from tickets.unit_file import ImportRefused
from tickets.unit_register import UnitRegister
from tickets.units import NoSuchUnit, Person, Post, UnitId

WINDOW = (at("2026-05-01 00:00"), at("2026-05-02 00:00"))


def test_a_unit_comes_back_as_it_was(database: Database) -> None:
    register = registered(database)
    full = replace(
        BELOW,
        aliases=("住建", "'); DROP TABLE units; --"),
        people=(
            Person(post=Post.HEAD, name="王局", phone="1"),
            *BELOW.people,
            Person(post=Post.CONTACT, name="<b>李四</b>", phone="2"),
        ),
    )
    register.put(full)
    assert register.tree().unit(full.unit_id) == full
    made, changed = register.history(full.unit_id)
    assert set(changed.diff) == {"aliases", "people"}
    assert made.at == changed.at == NINE_O_CLOCK


def test_a_city_of_more_than_1230_units_is_brought_in_shown_and_changed_in_a_second(
    database: Database, tmp_path: Path
) -> None:
    register = UnitRegister(database, StandingClock(), "王主任")
    lines = list(city())
    assert len(lines) == 1450
    began = time.monotonic()
    assert register.import_units(csv_file(tmp_path / "units.csv", [HEADINGS, *reversed(lines)])) == (1450, 0)
    imported = time.monotonic()
    tree = register.tree()
    assert max(depth for depth, _ in tree.walk()) == 4
    assert tree.path(tree.find(lines[-1][0])).count("/") == 4
    assert register.import_units(csv_file(tmp_path / "units.csv", [HEADINGS, *lines])) == (0, 0)
    assert imported - began < 5
    assert time.monotonic() - imported < 3


def test_an_import_with_one_mistake_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    register = registered(database)
    lines = [
        *city((1, 3, 3)),
        ("77", "甲局", "78", "市直", "张三", "12345"),
        ("78", "乙局", "77", "市直", "张三", "12345"),
    ]
    with pytest.raises(ImportRefused):
        register.import_units(csv_file(tmp_path / "units.csv", [HEADINGS, *lines]))
    assert sorted(one.unit_id for one in register.tree()) == ["01", "0203"]


def test_two_people_cannot_tie_a_circle_between_them(database: Database) -> None:
    """Each change alone is right; only together would they make a circle."""
    register = registered(database)
    one, other = unit("0301", "甲局", "01"), unit("0302", "乙局", "01")
    register.put(one)
    register.put(other)
    changes = [replace(one, parent=other.unit_id), replace(other, parent=one.unit_id)] * 5

    def change(number: int) -> None:
        try:
            register.put(changes[number])
        except HotlineError:
            return

    with ThreadPoolExecutor(4) as people:
        list(people.map(change, range(len(changes))))
    assert len(register.tree()) == 4


def test_a_roster_and_its_gaps_come_back(database: Database, tmp_path: Path) -> None:
    register = registered(database)
    lines = [
        ("住建局", "2026-05-01", "00:00", "08:30", "张三", "12345"),
        ("住建局", "2026-05-01", "09:00", "00:00", "李四", "12345"),
    ]
    file = csv_file(tmp_path / "roster.csv", [NEEDED, *lines])
    for _ in range(2):
        assert register.import_roster(file) == {"0203": 2}
    assert [one.name for one in register.shifts(*WINDOW)] == ["张三", "李四"]
    [gap] = register.gaps(*WINDOW)
    assert (gap.begins, gap.ends) == (at("2026-05-01 08:30"), at("2026-05-01 09:00"))


def test_checks_of_duty_rooms_come_back(database: Database) -> None:
    register = registered(database)
    checks = [register.note_check("住建局", "", answered=answered) for answered in (True, False)]
    assert register.checks(NINE_O_CLOCK, WINDOW[1]) == checks
    with pytest.raises(NoSuchUnit):
        register.note_check("水利局", "", answered=False)


def test_what_the_register_holds_is_what_was_put_in(database: Database) -> None:
    assert {one.unit_id for one in registered(database).tree()} == {TOP.unit_id, UnitId("0203")}
