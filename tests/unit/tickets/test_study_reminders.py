"""Units that owe their study are reminded by day, once in each quarter, whatever was away meanwhile."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest
import structlog

from core.clock import SHANGHAI
from core.database import Connection, Database, DatabaseTrouble
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import unit
from tests.fakes.work import DIRECTOR, POLICIES, PROFILE, UNITS
from tickets import study_reminders, study_store, unit_store
from tickets.circulars.period import Kind, period_of
from tickets.study import StudyKind, remind_on
from tickets.study_desk import Entry, StudyDesk
from tickets.study_policy import StudyPolicy, read_study
from tickets.study_reminders import Notice, StudyReminders
from tickets.units import Unit

POLICY = replace(read_study(PROFILE), remind_days=15)
OFFICE = POLICIES.limits.office
FIRST_QUARTER = period_of(Kind.QUARTERLY, date(2026, 1, 1))


@dataclass(slots=True)
class Told:
    """Whoever keeps notices for units."""

    notices: list[Notice] = field(default_factory=list)
    fails_at: int = -1
    contacts: int = 1

    def __call__(self, _connection: Connection, _unit: Unit, notice: Notice) -> int:
        if len(self.notices) == self.fails_at:
            raise DatabaseTrouble
        self.notices.append(notice)
        return self.contacts


@pytest.fixture
def told(database: Database) -> Told:
    database.now(lambda connection: unit_store.put_units(connection, UNITS))
    return Told()


def at(written: str) -> StandingClock:
    return StandingClock(datetime.fromisoformat(written).replace(tzinfo=SHANGHAI))


def worker(database: Database, told: Told, policy: StudyPolicy = POLICY) -> StudyReminders:
    return StudyReminders(database, policy, OFFICE, told)


@pytest.mark.parametrize(
    ("now", "number"),
    [
        ("2026-03-13 17:00", 0),
        ("2026-03-16 08:00", 0),
        ("2026-03-16 09:00", 3),
        ("2026-03-16 17:29", 3),
        ("2026-03-16 17:30", 0),
        ("2026-03-17 03:30", 0),
        ("2026-03-21 10:00", 0),
        ("2026-03-31 17:29", 3),
        ("2026-04-01 09:00", 0),
    ],
)
async def test_one_reminds_in_office_hours_of_the_quarters_last_days(
    database: Database, told: Told, now: str, number: int
) -> None:
    assert await worker(database, told).look(at(now)) == number
    assert len(told.notices) == number


async def test_the_message_names_the_unit_the_quarter_and_the_last_day(
    database: Database, told: Told
) -> None:
    await worker(database, told).look(at("2026-03-16 09:00"))
    assert told.notices[1].text == (
        "【12345热线】住建局在2026年第一季度还没有研究热线工作的登记,请在03月31日前研究,并报热线办登记。"
    )
    assert len({notice.once for notice in told.notices}) == 3


async def test_nobody_is_reminded_twice_in_a_quarter_and_everybody_again_in_the_next(
    database: Database, told: Told
) -> None:
    clock = at("2026-03-16 09:00")
    looks = []
    for _ in range(4):
        looks.append(await worker(database, told).look(clock))
        clock.forward(86400)
    assert looks == [3, 0, 0, 0]
    assert await worker(database, told).look(at("2026-06-15 09:00")) == 3
    assert len({notice.once for notice in told.notices}) == 6


async def test_whoever_looked_before_another_had_committed_reminds_nobody_again(
    database: Database, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = at("2026-03-16 09:00")
    await worker(database, told).look(clock)
    monkeypatch.setattr(study_store, "reminded_in", lambda _connection, _period: {})
    assert await worker(database, told).look(clock) == 0
    assert len(told.notices) == 3


async def test_who_has_studied_is_left_in_peace(database: Database, told: Told) -> None:
    clock = at("2026-03-16 09:00")
    study = Entry(
        unit="住建局", kind=StudyKind.STUDY, day=date(2026, 1, 5), topic="热线", chair="王", people=5
    )
    StudyDesk(database, clock).add(study, DIRECTOR)
    await worker(database, told).look(clock)
    assert ["住建局" in notice.text for notice in told.notices] == [False, False]


async def test_who_is_reminded_is_shown_where_one_asks_who_owes(database: Database, told: Told) -> None:
    clock = at("2026-03-16 09:00")
    await worker(database, told).look(clock)
    owing = StudyDesk(database, clock).owing(date(2026, 3, 1), POLICY, DIRECTOR)
    assert [one.reminded_at for one in owing] == [clock.now()] * 3


async def test_a_database_that_went_away_in_the_middle_leaves_the_others_for_the_next_look(
    database: Database, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(study_reminders, "AT_A_TIME", 1)
    clock = at("2026-03-16 09:00")
    told.fails_at = 1
    with pytest.raises(DatabaseTrouble):
        await worker(database, told).look(clock)
    told.fails_at = -1
    assert await worker(database, told).look(clock) == 2
    assert len({notice.once for notice in told.notices}) == len(told.notices) == 3


async def test_what_was_not_committed_was_not_told(database: Database, told: Told) -> None:
    told.fails_at = 2
    with structlog.testing.capture_logs() as logged, pytest.raises(DatabaseTrouble):
        await worker(database, told).look(at("2026-03-16 09:00"))
    assert logged == []
    assert database.now(lambda connection: study_store.reminded_in(connection, FIRST_QUARTER)) == {}


async def test_many_units_are_reminded_in_small_steps(database: Database, told: Told) -> None:
    many = [unit(f"1{number:03d}", f"第{number}局", "01") for number in range(120)]
    database.now(lambda connection: unit_store.put_units(connection, many))
    assert await worker(database, told).look(at("2026-03-16 09:00")) == 123
    assert len({notice.once for notice in told.notices}) == 123


async def test_the_log_names_who_was_reminded_and_who_could_not_be(database: Database, told: Told) -> None:
    with structlog.testing.capture_logs() as logged:
        await worker(database, told).look(at("2026-03-16 09:00"))
        told.contacts = 0
        await worker(database, told).look(at("2026-06-16 09:00"))
    said = [(line["log_level"], line["unit"], line["period"]) for line in logged]
    assert said[:2] == [("info", "热线办", "2026年第一季度"), ("info", "住建局", "2026年第一季度")]
    assert said[4] == ("warning", "住建局", "2026年第二季度")
    assert "请打电话" in logged[4]["event"]


async def test_a_city_that_wants_no_reminders_gets_none(database: Database, told: Told) -> None:
    silent = replace(POLICY, remind_days=0)
    assert await worker(database, told, silent).look(at("2026-03-31 09:00")) == 0


@pytest.mark.parametrize(
    ("day", "days", "first"),
    [
        (date(2026, 2, 1), 15, date(2026, 3, 16)),
        (date(2026, 2, 1), 16, date(2026, 3, 13)),
        (date(2026, 11, 1), 4, date(2026, 12, 25)),
        (date(2035, 2, 1), 7, date(2035, 3, 23)),
    ],
    ids=["a monday", "a sunday comes earlier", "before the new year", "past the calendar by the week"],
)
def test_one_begins_so_many_days_before_the_end_and_never_on_a_holiday(
    day: date, days: int, first: date
) -> None:
    policy = replace(POLICY, remind_days=days)
    assert remind_on(policy.period_of(day), policy, OFFICE.calendar) == first


async def test_past_the_end_of_the_calendar_one_reminds_by_the_week(database: Database, told: Told) -> None:
    assert await worker(database, told).look(at("2035-03-24 09:00")) == 0
    assert await worker(database, told).look(at("2035-03-26 09:00")) == 3
