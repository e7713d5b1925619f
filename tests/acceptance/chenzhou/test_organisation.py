"""郴州: units, people, duty and seats."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from core.database import Database
from queue_manager.seat_rules import read_seat_rules
from queue_manager.seats import SeatRegister
from tests.acceptance.city import City
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import HEADINGS, city, csv_file, unit
from tests.fakes.work import DIRECTOR, HOUSING, SEAT
from tickets.deadlines import UnitClass
from tickets.roles import Actor, May, Role, may
from tickets.roster import Duty
from tickets.study import CENTRE, StudyKind
from tickets.study_desk import Entry, StudyDesk
from tickets.study_store import Asked
from tickets.transitions import NotYourRole
from tickets.unit_import import units_in
from tickets.unit_register import UnitRegister
from tickets.units import ContactsWrong, Person, Post
from tickets.wish import Action


@pytest.fixture
def register(database: Database) -> UnitRegister:
    return UnitRegister(database, StandingClock(), "主任")


def contacts(number: int) -> tuple[Person, ...]:
    return tuple(Person(post=Post.CONTACT, name=f"联络员{one}", phone=f"0735-{one}") for one in range(number))


def test_cz_07_network_members_are_of_four_classes(register: UnitRegister) -> None:
    """Network members: counties/districts, municipal departments, central & provincial bodies in the

    city, public-service enterprises
    """
    members = {
        "北湖区": UnitClass.DISTRICT,
        "市住建局": UnitClass.CITY,
        "市税务局": UnitClass.CENTRAL,
        "市自来水公司": UnitClass.PUBLIC,
    }
    for number, (name, unit_class) in enumerate(members.items()):
        register.put(unit(f"{number}", name, unit_class=unit_class))
    assert {one.name: one.unit_class for one in register.tree()} == members


def test_cz_08_all_units_stand_in_one_tree(tmp_path: Path) -> None:
    """130 second-level units, 1,100+ third-level units"""
    rows = list(city((130, 9)))
    units = units_in(csv_file(tmp_path / "units.csv", [HEADINGS, *rows]), {})
    assert sum(one.parent is None for one in units) == 130
    assert sum(one.parent is not None for one in units) >= 1100


def test_cz_09_seats_are_added_while_the_hotline_serves(database: Database, profile: Path) -> None:
    """Operators 5 → +10 recruited = 15; more seats"""
    seats = SeatRegister(database, StandingClock(), tuple(read_seat_rules(profile).queues))
    for number in range(8001, 8006):
        seats.add(f"{number}")
    assert len(seats.all()) == 5
    for number in range(8006, 8016):
        seats.add(f"{number}")
    assert len(seats.all()) == 15
    assert all(list(seat.skills) == ["intake"] for seat in seats.all())


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_cz_10_a_unit_names_one_or_two_contacts(register: UnitRegister, number: int) -> None:
    """Each 2nd/3rd-level unit must assign 1–2 staff for hotline work"""
    named = unit("02", "市住建局", people=contacts(number))
    if number in (1, 2):
        assert register.put(named).people_as(Post.CONTACT) == contacts(number)
        return
    with pytest.raises(ContactsWrong):
        register.put(named)


def test_cz_13_who_is_on_duty_is_on_record_and_gaps_are_found(register: UnitRegister, tmp_path: Path) -> None:
    """Internal rules: management, assessment, training, duty"""
    register.put(unit("02", "市住建局", round_the_clock=True))
    roster = csv_file(
        tmp_path / "roster.csv",
        [
            ("单位", "日期", "开始", "结束", "姓名", "电话", "身份"),
            ("市住建局", "2026-03-02", "00:00", "17:30", "张三", "0735-1", "值班员"),
            ("市住建局", "2026-03-02", "00:00", "00:00", "李局", "0735-2", "带班领导"),
        ],
    )
    register.import_roster(roster)
    day = StandingClock().at.replace(hour=0)
    shifts = register.shifts(day, day + timedelta(days=1))
    assert {shift.duty for shift in shifts} == {Duty.WATCH, Duty.LEADER}
    (gap,) = register.gaps(day, day + timedelta(days=1))
    assert (gap.begins.hour, gap.begins.minute) == (17, 30)


def test_cz_13_who_was_trained_in_what_is_on_record_and_nothing_is_rubbed_out(
    city: City,
) -> None:
    """Internal rules: management, assessment, training, duty"""
    city.at("2013-09-24 17:00")
    desk = StudyDesk(city.database, city.clock)
    held = Entry(
        unit=None,
        kind=StudyKind.TRAINING,
        day=date(2013, 9, 24),
        topic="新座席上岗培训",
        chair="副主任",
        people=15,
    )
    first = desk.add(held, DIRECTOR)
    desk.add(replace(held, unit="住建局", people=40), HOUSING)
    desk.withdraw(first.number, "人数写错", DIRECTOR)
    city.at("2013-09-25 09:00")
    desk.add(replace(held, people=10), DIRECTOR)
    log = desk.studies(Asked(kind=StudyKind.TRAINING), None, DIRECTOR)
    assert [(one.unit, one.people, one.entered_by) for one in log] == [
        (CENTRE, 10, DIRECTOR.name),
        ("02", 40, HOUSING.name),
        (CENTRE, 15, DIRECTOR.name),
    ]
    withdrawn = log[-1].withdrawn
    assert withdrawn is not None
    assert (withdrawn.by, withdrawn.why, f"{withdrawn.at:%F}") == (DIRECTOR.name, "人数写错", "2013-09-24")


async def test_cz_18_director_and_deputy_direct_what_operators_take_down(city: City) -> None:
    """Office staff 17 = 15 operators + director + deputy; the two do scheduling, coordination, on-site

    supervision
    """
    ticket = await city.submitted()
    for operator in (SEAT, HOUSING):
        with pytest.raises(NotYourRole):
            await city.take(ticket, Action.SUPERVISE, operator, text="现场督办")
    deputy = Actor(name="副主任", role=Role.DEPUTY)
    ticket = await city.take(ticket, Action.SUPERVISE, deputy, text="现场督办")
    ticket = await city.sent(ticket)
    assert [one.by for one in ticket.work.supervisions] == ["副主任"]
    assert all(may(actor, May.CALL_MEETING) for actor in (DIRECTOR, deputy))
    assert not may(SEAT, May.CALL_MEETING)
