"""Studies on either database: nothing is changed or deleted, and nobody is reminded twice by two engines."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest

from console.sms_store import messages_known
from console.unit_notices import notify_unit
from core.clock import SHANGHAI
from core.database import Database, DatabaseTrouble
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import unit
from tests.fakes.work import DIRECTOR, POLICIES, PROFILE
from tickets import unit_store
from tickets.study import Study, StudyKind
from tickets.study_desk import Entry, StudiedAlready, StudyDesk
from tickets.study_policy import read_study
from tickets.study_reminders import StudyReminders
from tickets.study_store import Asked

NEAR_THE_END = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)
UNITS = [unit(f"{number:03d}", f"第{number}局") for number in range(120)]
ENTRY = Entry(
    unit="第7局", kind=StudyKind.STUDY, day=date(2026, 3, 2), topic="热线工作", chair="王局长", people=9
)


@pytest.fixture
def engines(url: str, database: Database) -> Iterator[list[Database]]:
    """Three more engines on the same database, where units are known."""
    database.now(lambda connection: unit_store.put_units(connection, UNITS))
    more = [Database(url) for _ in range(3)]
    yield more
    for one in more:
        one.close()


@pytest.fixture
def desk(database: Database, engines: list[Database]) -> StudyDesk:
    assert engines
    return StudyDesk(database, StandingClock(NEAR_THE_END))


def test_an_entry_comes_back_as_it_was_with_its_withdrawal(desk: StudyDesk) -> None:
    entered = desk.add(ENTRY, DIRECTOR)
    assert desk.studies(Asked(), None, DIRECTOR) == [entered]
    gone = desk.withdraw(entered.number, "没有开成", DIRECTOR)
    assert desk.studies(Asked(first=ENTRY.day), "第7局", DIRECTOR) == [gone]


async def test_nobody_changes_what_was_entered_withdrawn_or_reminded(
    database: Database, desk: StudyDesk
) -> None:
    desk.withdraw(desk.add(ENTRY, DIRECTOR).number, "没有开成", DIRECTOR)
    await reminders(database).look(StandingClock(NEAR_THE_END))
    for table, column in (
        ("study_records", "topic"),
        ("study_withdrawals", "why"),
        ("study_reminders", "unit"),
    ):
        for verb in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):  # noqa: S608 - names of ours
            with pytest.raises(DatabaseTrouble, match="append-only"):
                database.now(lambda connection, words=verb: connection.exec_driver_sql(words))  # type: ignore[misc]


def test_of_those_who_enter_the_same_at_once_one_is_taken(engines: list[Database]) -> None:
    def enter(one: Database) -> Study | None:
        try:
            return StudyDesk(one, StandingClock(NEAR_THE_END)).add(ENTRY, DIRECTOR)
        except StudiedAlready:
            return None

    with ThreadPoolExecutor(len(engines)) as threads:
        taken = [study for study in threads.map(enter, engines) if study]
    assert len(taken) == 1


def reminders(database: Database) -> StudyReminders:
    return StudyReminders(
        database, replace(read_study(PROFILE), remind_days=15), POLICIES.limits.office, notify_unit
    )


async def test_engines_that_look_at_once_remind_every_unit_once(
    database: Database, engines: list[Database]
) -> None:
    clock = StandingClock(NEAR_THE_END)
    numbers = [0]
    while sum(numbers) < len(UNITS):
        numbers += await asyncio.gather(*(reminders(one).look(clock) for one in engines))
    assert sum(numbers) == len(UNITS)
    assert await reminders(database).look(clock) == 0
    messages = database.now(lambda connection: messages_known(connection, None, 1000))
    assert len(messages) == len(UNITS)
