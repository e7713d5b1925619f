"""通报素材翻新: what older rules made is replaced on the way to a circular, and holds up nobody."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from app import circular_files
from app.circular_files import LEAST_PAUSE_SECONDS, make_facts_anew, next_edition
from core.database import Connection, Database, DatabaseTrouble
from core.ids import CallId, TicketNo
from tests.fakes.clock import EVER, NINE_O_CLOCK, StandingClock
from tests.fakes.work import PROFILE
from tests.properties.test_tickets import FRESH
from tickets import circular_store, store
from tickets.circulars.circular import asked_for
from tickets.circulars.period import Kind, period_of
from tickets.fact_store import facts, facts_between
from tickets.model import TicketState

HANDLED = replace(FRESH, state=TicketState.HANDLING)
THREE = tuple(
    replace(HANDLED, ticket_no=TicketNo(f"{number:018}"), call_id=CallId(f"{number}")) for number in range(3)
)


@pytest.fixture
def aged(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Three facts of an older rule, to be made anew one by one."""
    monkeypatch.setattr(circular_store, "RENEWED", 1)
    for ticket in THREE:
        database.now(partial(store.put, ticket=ticket, was=TicketState.DRAFT))
    database.now(lambda connection: connection.execute(update(facts).values(made_by=0)))
    return database


def outdated(database: Database) -> int:
    return len(database.now(lambda connection: facts_between(connection, *EVER))[1])


def test_others_write_between_one_bit_and_the_next(aged: Database) -> None:
    other, pauses = Database(aged.url), []

    def pause(seconds: float) -> None:
        pauses.append((outdated(aged), seconds >= LEAST_PAUSE_SECONDS))
        other.now(partial(store.put, ticket=THREE[0], was=TicketState.HANDLING))

    make_facts_anew(aged, *EVER, pause)
    assert pauses == ([(2, True), (1, True), (0, True)] if aged.one_writer else [])
    assert outdated(aged) == 0
    other.close()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_pause_is_as_long_as_what_went_before(aged: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def clock() -> Iterator[float]:
        yield from (0.0, 3.0, 10.0, 10.1, 20.0, 20.1, 30.0)

    monkeypatch.setattr(circular_files, "perf_counter", clock().__next__)
    pauses: list[float] = []
    make_facts_anew(aged, *EVER, pauses.append)
    assert pauses == [3.0, LEAST_PAUSE_SECONDS, LEAST_PAUSE_SECONDS]


def test_a_fact_without_its_work_order_is_left_as_it_is(aged: Database) -> None:
    def forget(connection: Connection) -> None:
        connection.execute(delete(store.tickets).where(store.tickets.c.ticket_no == THREE[0].ticket_no))
        connection.execute(delete(facts).where(facts.c.ticket_no != THREE[0].ticket_no))

    aged.now(forget)
    make_facts_anew(aged, *EVER, lambda _seconds: None)
    assert outdated(aged) == 1


def test_where_nothing_can_be_written_the_circular_comes_out_all_the_same(
    aged: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def disk_full(*_: object) -> bool:
        raise DatabaseTrouble

    monkeypatch.setattr(circular_files, "renew_facts", disk_full)
    now = NINE_O_CLOCK.replace(day=20)
    asked = asked_for(Kind.MONTHLY, now, period_of(Kind.MONTHLY, now.date()))
    edition = next_edition(aged, asked, PROFILE, tmp_path / "none.json", StandingClock(now))
    intake = edition.circular.groups[0]
    assert [line.figure.num for line in intake.lines if line.figure.key == "received"] == [3]
    assert outdated(aged) == 3
