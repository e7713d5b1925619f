"""The engine reminds units by itself; neither a bad file nor a lost database ends it."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import structlog

from app.study_watch import StudyWatch
from console.sms_store import ShortMessage, messages_known
from core.clock import SHANGHAI
from core.database import Connection, Database, DatabaseTrouble
from tests.fakes.clock import StandingClock
from tests.fakes.organisation import unit
from tests.fakes.work import PROFILE
from tickets import study_store, unit_store
from tickets.circulars.period import Kind, period_of
from tickets.units import Person, Post, UnitId

PATIENCE_SECONDS = 20
REMINDING = PROFILE.parent / "shijiazhuang"
NEAR_THE_END = datetime(2026, 3, 16, 9, 0, tzinfo=SHANGHAI)
CONTACTS = tuple(
    Person(post=Post.CONTACT, name=name, phone=phone)
    for name, phone in (("小周", "13900001111"), ("小郑", "未登记"))
)
HEAD = Person(post=Post.HEAD, name="王局长", phone="13900002222")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.study_watch.LOOK_SECONDS", 0.0)
    monkeypatch.setattr("app.study_watch.AGAIN_SECONDS", 0.0)


@pytest.fixture(autouse=True)
def housing(database: Database) -> None:
    one = unit("02", "住建局", people=(*CONTACTS, HEAD))
    database.now(lambda connection: unit_store.put_units(connection, [one]))


def watch(database: Database, profile: Path = REMINDING, *, sends: bool = True) -> StudyWatch:
    return StudyWatch(profile, database, StandingClock(NEAR_THE_END), sends=sends)


async def watched(one: StudyWatch, until: Callable[[], bool]) -> None:
    """Let it run until something has come true; whatever ends it is raised here."""
    running = asyncio.create_task(one.run())
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not until() and not running.done():  # noqa: ASYNC110 - nobody would set an event
            await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    if not running.cancelled():
        running.result()


def sent(database: Database) -> list[ShortMessage]:
    return database.now(lambda connection: messages_known(connection, None, 100))


def reminded(database: Database) -> list[UnitId]:
    quarter = period_of(Kind.QUARTERLY, NEAR_THE_END.date())
    return list(database.now(lambda connection: study_store.reminded_in(connection, quarter)))


async def test_a_units_contacts_get_a_short_message_and_nobody_else_does(database: Database) -> None:
    await watched(watch(database), lambda: bool(reminded(database)))
    [message] = sent(database)
    assert (message.phone, message.kind, message.ticket_no) == ("13900001111", "学习提醒", "")
    assert message.text.startswith("【12345热线】住建局在2026年第一季度")


async def test_engines_that_were_started_again_or_run_side_by_side_send_no_second(database: Database) -> None:
    for _ in range(2):
        await watched(watch(database), lambda: bool(reminded(database)))
    both = [asyncio.create_task(watched(watch(database), lambda: bool(sent(database)))) for _ in range(2)]
    await asyncio.gather(*both)
    assert len(sent(database)) == 1


async def test_without_the_part_that_sends_them_the_log_says_whom_to_ring(database: Database) -> None:
    with structlog.testing.capture_logs() as logged:
        await watched(watch(database, sends=False), lambda: bool(reminded(database)))
    assert sent(database) == []
    assert [(line["log_level"], line["unit"]) for line in logged] == [("warning", "住建局")]


async def test_it_lives_through_a_database_that_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = []
    times_studied = study_store.times_studied

    def away_at_first(connection: Connection, *others: object) -> object:
        looks.append(connection)
        if len(looks) < 3:
            raise DatabaseTrouble
        return times_studied(connection, *others)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(study_store, "times_studied", away_at_first)
    with structlog.testing.capture_logs() as logged:
        await watched(watch(database), lambda: bool(reminded(database)))
    assert [line.get("what") for line in logged] == ["学习提醒", "学习提醒", None]
    assert len(sent(database)) == 1


async def test_a_bad_file_is_named_and_read_again_once_it_is_mended(
    database: Database, tmp_path: Path
) -> None:
    profile = tmp_path / "profiles" / "default"
    shutil.copytree(PROFILE, profile)
    right = (profile / "study.toml").read_text().replace("remind_days = 0 ", "remind_days = 15 ")
    (profile / "study.toml").write_text(right.replace("remind_days", "remind_tage"))
    with structlog.testing.capture_logs() as logged:

        def mended() -> bool:
            if len(logged) > 2:
                (profile / "study.toml").write_text(right)
            return bool(reminded(database))

        await watched(watch(database, profile), mended)
    assert "来电不受影响" in logged[0]["event"]
    assert "remind_tage" in logged[0]["reason"]
