"""The engine's watch over deadlines looks by itself; neither a bad file nor a lost database ends it."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import structlog

from app.commands.status import _limits
from app.work_clocks import WorkClocks, policies_of
from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.instance import an_instance
from tests.fakes.work import PROFILE, Office
from tickets import timers, work_store
from tickets.profile import PolicyWrong


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.timers.PAUSE_SECONDS", 0.0)
    monkeypatch.setattr("app.work_clocks.AGAIN_SECONDS", 0.0)


def watch(office: Office, profile: Path = PROFILE) -> WorkClocks:
    return WorkClocks(profile, office.database, office.outbox, office.clock)


async def watched(clocks: WorkClocks, until: Callable[[], bool]) -> None:
    """Let it run until something has come true; whatever ends it is raised here."""
    running = asyncio.create_task(clocks.run())
    while not until() and not running.done():  # noqa: ASYNC110 - nobody would set an event
        await asyncio.sleep(0)
    running.cancel()
    await asyncio.wait([running])
    if not running.cancelled():
        running.result()


async def test_what_comes_due_while_the_hotline_runs_is_told(office: Office) -> None:
    ticket = await office.handling()
    office.clock.forward(9 * 86400)

    def told() -> list[work_store.Warned]:
        return office.database.now(lambda c: work_store.warned_of(c, ticket.ticket_no))

    await watched(watch(office), lambda: bool(told()))
    assert "办结到期" in [one.text for one in told()]


async def test_it_lives_through_a_database_that_is_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await office.handling()
    office.clock.forward(9 * 86400)
    looks = []
    claimed = work_store.claimed_timers

    def away_at_first(connection: Connection, *others: object) -> list[object]:
        looks.append(connection)
        if len(looks) < 3:
            raise DatabaseTrouble
        return claimed(connection, *others)  # type: ignore[arg-type, return-value]  # handed on as they came

    monkeypatch.setattr(work_store, "claimed_timers", away_at_first)
    await watched(watch(office), lambda: len(looks) > 3)
    assert office.database.now(lambda c: work_store.warned_of(c, ticket.ticket_no))


async def test_a_work_order_that_cannot_be_counted_holds_up_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = await office.handling(), await office.handling()
    office.clock.forward(9 * 86400)
    points = timers.points

    def refusing(ticket: object, rules: object) -> object:
        if ticket == bad:
            raise HotlineError
        return points(ticket, rules)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(timers, "points", refusing)
    worker = timers.Timers(office.database, office.outbox, policies_of(PROFILE), office.clock)
    assert [await worker.look(), await worker.look()] == [2, 0]
    assert office.database.now(lambda c: work_store.warned_of(c, good.ticket_no))
    office.clock.forward(3601)
    assert await worker.look() == 1


async def test_a_bad_file_is_named_and_read_again_once_it_is_mended(office: Office, tmp_path: Path) -> None:
    profile = tmp_path / "profiles" / "default"
    shutil.copytree(PROFILE, profile)
    limits = (profile / "limits.toml").read_text()
    (profile / "limits.toml").write_text(limits.replace("percents", "prozente"))
    with pytest.raises(PolicyWrong, match="prozente"):
        policies_of(profile)
    said = _limits(an_instance(tmp_path))
    assert "来电不受影响" in said.said
    assert "prozente" in said.mend
    ticket = await office.handling()
    office.clock.forward(9 * 86400)
    with structlog.testing.capture_logs() as logged:

        def told_and_then_mended() -> bool:
            if len(logged) > 2:
                (profile / "limits.toml").write_text(limits)
            return bool(office.database.now(lambda c: work_store.warned_of(c, ticket.ticket_no)))

        await watched(watch(office, profile), told_and_then_mended)
    assert "prozente" in logged[0]["reason"]


@pytest.mark.parametrize(("month", "soon"), [(3, ""), (12, "下一年放假调休")])
def test_status_says_ahead_of_time_that_the_calendar_ends_and_calls_it_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, month: int, soon: str
) -> None:
    (tmp_path / "profiles").symlink_to(PROFILE.parent)
    monkeypatch.setattr("core.clock.SystemClock.now", lambda _clock: NINE_O_CLOCK.replace(month=month))
    found = _limits(an_instance(tmp_path))
    assert (soon in found.soon, bool(found.soon), found.mend) == (True, bool(soon), "")


@pytest.mark.parametrize(("day", "alarmed"), [(NINE_O_CLOCK, False), (NINE_O_CLOCK.replace(month=12), True)])
async def test_the_end_of_the_calendar_is_told_ahead_of_time(
    database: Database, day: object, alarmed: bool
) -> None:
    office = Office(database)
    office.clock = StandingClock(day)  # type: ignore[arg-type]  # one of the two above
    with structlog.testing.capture_logs() as logged:
        clocks = watch(office)
        looked = asyncio.create_task(clocks.run())
        for _ in range(20):
            await asyncio.sleep(0)
        looked.cancel()
        await asyncio.wait([looked])
    assert ["工作日历" in line["event"] for line in logged] == [True] * alarmed
