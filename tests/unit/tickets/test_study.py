"""Studies and trainings: what is entered is kept for ever, and says who still owes a study."""

from dataclasses import replace
from datetime import date

import pytest

from core.database import Database
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import unit
from tests.fakes.work import BELOW, DIRECTOR, HOUSING, LEADER, PROFILE, REVIEWER, SEAT, UNITS, VISITOR
from tickets import unit_store
from tickets.deadlines import UnitClass
from tickets.study import CENTRE, Study, StudyKind
from tickets.study_desk import (
    Entry,
    MayNotStudy,
    NoSuchStudy,
    StudiedAlready,
    StudyDesk,
    StudyInTheFuture,
    StudyUnclear,
    WhyWithdrawn,
    WithdrawnAlready,
)
from tickets.study_policy import read_study
from tickets.study_store import Asked
from tickets.units import NoSuchUnit

POLICY = read_study(PROFILE)
TODAY = date(2026, 3, 2)
ENTRY = Entry(
    unit="住建局", kind=StudyKind.STUDY, day=TODAY, topic="一季度热线工作", chair="王局长", people=9
)
TRAINING = replace(ENTRY, unit=None, kind=StudyKind.TRAINING, topic="新座席培训", chair="李老师")


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def desk(database: Database, clock: StandingClock) -> StudyDesk:
    database.now(lambda connection: unit_store.put_units(connection, UNITS))
    return StudyDesk(database, clock)


def known(desk: StudyDesk) -> list[Study]:
    return desk.studies(Asked(), None, DIRECTOR)


def who_owes(desk: StudyDesk, day: date = TODAY) -> list[str]:
    return [one.unit.name for one in desk.owing(day, POLICY, DIRECTOR)]


def test_a_study_is_kept_as_it_was_entered(desk: StudyDesk, clock: StandingClock) -> None:
    entered = desk.add(replace(ENTRY, topic="  一季度  热线工作 ", remark="党组会 "), REVIEWER)
    assert entered.number > 0
    assert (entered.unit, entered.topic, entered.remark) == ("02", "一季度 热线工作", "党组会")
    assert (entered.entered_by, entered.entered_at) == (REVIEWER.name, clock.now())
    assert known(desk) == [entered]


def test_a_training_may_be_held_by_the_centre_itself(desk: StudyDesk) -> None:
    assert desk.add(TRAINING, DIRECTOR).unit == CENTRE
    assert [one.chair for one in known(desk)] == ["李老师"]


def test_a_unit_that_there_is_not_is_refused(desk: StudyDesk) -> None:
    with pytest.raises(NoSuchUnit):
        desk.add(replace(ENTRY, unit="外星局"), DIRECTOR)
    with pytest.raises(NoSuchUnit):
        desk.studies(Asked(), "外星局", DIRECTOR)


def test_nobody_has_studied_tomorrow(desk: StudyDesk) -> None:
    with pytest.raises(StudyInTheFuture):
        desk.add(replace(ENTRY, day=date(2026, 3, 3)), DIRECTOR)
    assert known(desk) == []


@pytest.mark.parametrize(
    "unclear",
    [{"topic": " "}, {"topic": "长" * 201}, {"chair": ""}, {"chair": "长" * 41}, {"people": 0}],
    ids=["no topic", "a long topic", "no chair", "a long chair", "no people"],
)
def test_what_is_missing_or_too_long_is_refused(desk: StudyDesk, unclear: dict[str, object]) -> None:
    with pytest.raises(StudyUnclear):
        desk.add(replace(ENTRY, **unclear), DIRECTOR)  # type: ignore[arg-type]  # each under its own name


def test_the_same_study_is_not_entered_twice_unless_the_first_was_withdrawn(desk: StudyDesk) -> None:
    first = desk.add(ENTRY, DIRECTOR)
    with pytest.raises(StudiedAlready, match=f"number={first.number}"):
        desk.add(replace(ENTRY, topic=f" {ENTRY.topic}", people=3), HOUSING)
    for other in ({"unit": "水务局"}, {"day": date(2026, 3, 1)}, {"topic": "另一个主题"}):
        desk.add(replace(ENTRY, **other), DIRECTOR)
    desk.withdraw(first.number, "人数写错", DIRECTOR)
    assert desk.add(replace(ENTRY, people=8), DIRECTOR).number > first.number


def test_what_is_withdrawn_keeps_who_when_and_why_and_no_longer_counts(
    desk: StudyDesk, clock: StandingClock
) -> None:
    entered = desk.add(ENTRY, HOUSING)
    assert "住建局" not in who_owes(desk)
    at = clock.forward(60)
    desk.withdraw(entered.number, " 没有开成 ", REVIEWER)
    [kept] = known(desk)
    assert replace(kept, withdrawn=None) == entered
    assert kept.withdrawn is not None
    assert (kept.withdrawn.at, kept.withdrawn.by, kept.withdrawn.why) == (at, REVIEWER.name, "没有开成")
    assert "住建局" in who_owes(desk)


def test_it_is_withdrawn_once_with_a_reason_and_only_if_it_is_there(desk: StudyDesk) -> None:
    number = desk.add(ENTRY, DIRECTOR).number
    with pytest.raises(WhyWithdrawn):
        desk.withdraw(number, " ", DIRECTOR)
    with pytest.raises(NoSuchStudy):
        desk.withdraw(number + 1, "写错", DIRECTOR)
    desk.withdraw(number, "写错", DIRECTOR)
    with pytest.raises(WithdrawnAlready):
        desk.withdraw(number, "写错", DIRECTOR)


def test_a_unit_enters_and_sees_its_own_only(desk: StudyDesk) -> None:
    assert [one.unit.unit_id for one in desk.owing(TODAY, POLICY, HOUSING)] == ["02"]
    own = desk.add(ENTRY, HOUSING)
    other = desk.add(replace(ENTRY, unit="水务局"), DIRECTOR)
    for entry in (replace(ENTRY, unit="水务局", topic="另"), TRAINING):
        with pytest.raises(MayNotStudy):
            desk.add(entry, HOUSING)
    with pytest.raises(MayNotStudy):
        desk.withdraw(other.number, "写错", HOUSING)
    with pytest.raises(MayNotStudy):
        desk.studies(Asked(), "水务局", HOUSING)
    with pytest.raises(MayNotStudy):
        desk.studies(Asked(unit=CENTRE), None, HOUSING)
    assert desk.studies(Asked(), None, HOUSING) == [own]
    assert desk.owing(TODAY, POLICY, HOUSING) == []


@pytest.mark.parametrize("actor", [SEAT, VISITOR, LEADER, BELOW], ids=lambda actor: actor.name)
def test_who_may_not_enter_is_refused(desk: StudyDesk, actor: object) -> None:
    with pytest.raises(MayNotStudy):
        desk.add(ENTRY, actor)  # type: ignore[arg-type]  # one of those above


def test_whoever_sees_no_work_orders_sees_no_studies(desk: StudyDesk) -> None:
    assert desk.studies(Asked(), None, LEADER) == []
    with pytest.raises(MayNotStudy):
        desk.studies(Asked(), None, SEAT)
    with pytest.raises(MayNotStudy):
        desk.owing(TODAY, POLICY, SEAT)


def test_entries_are_found_by_unit_kind_and_days_the_latest_first(desk: StudyDesk) -> None:
    early = desk.add(replace(ENTRY, day=date(2026, 1, 1)), DIRECTOR)
    late = desk.add(ENTRY, DIRECTOR)
    training = desk.add(TRAINING, DIRECTOR)
    assert known(desk) == [training, late, early]
    assert desk.studies(Asked(), "住建局", DIRECTOR) == [late, early]
    assert desk.studies(Asked(unit=CENTRE), None, DIRECTOR) == [training]
    assert desk.studies(Asked(kind=StudyKind.STUDY, first=TODAY), None, DIRECTOR) == [late]
    assert desk.studies(Asked(after=TODAY), None, DIRECTOR) == [early]
    assert desk.studies(Asked(most=1), None, DIRECTOR) == [training]


def test_a_study_counts_in_its_own_quarter_to_the_day(desk: StudyDesk, clock: StandingClock) -> None:
    clock.forward(60 * 86400)
    desk.add(replace(ENTRY, day=date(2026, 3, 31)), DIRECTOR)
    desk.add(replace(ENTRY, unit="水务局", day=date(2026, 4, 1)), DIRECTOR)
    assert who_owes(desk, date(2026, 1, 1)) == ["热线办", "水务局"]
    assert who_owes(desk, date(2026, 6, 30)) == ["热线办", "住建局"]


def test_a_training_is_no_study(desk: StudyDesk) -> None:
    desk.add(replace(ENTRY, kind=StudyKind.TRAINING), DIRECTOR)
    assert "住建局" in who_owes(desk)


def test_only_units_that_are_open_of_the_classes_and_levels_of_the_rule_owe_one(
    database: Database, desk: StudyDesk
) -> None:
    point = unit("04", "村联系点", "01", unit_class=UnitClass.CONTACT_POINT)
    database.now(lambda connection: unit_store.put_units(connection, [point]))
    assert who_owes(desk) == ["热线办", "住建局", "水务局"]
    all_of_them = replace(POLICY, deepest=0, unit_classes=tuple(UnitClass))
    names = [one.unit.name for one in desk.owing(TODAY, all_of_them, DIRECTOR)]
    assert names == ["热线办", "住建局", "物业科", "水务局", "村联系点"]


def test_who_has_to_study_twice_owes_until_the_second(desk: StudyDesk) -> None:
    twice = replace(POLICY, times=2)
    desk.add(ENTRY, DIRECTOR)
    [housing] = [one for one in desk.owing(TODAY, twice, DIRECTOR) if one.unit.unit_id == "02"]
    assert (housing.held, housing.reminded_at) == (1, None)
    desk.add(replace(ENTRY, topic="再研究"), DIRECTOR)
    assert "02" not in [one.unit.unit_id for one in desk.owing(TODAY, twice, DIRECTOR)]
