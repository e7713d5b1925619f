"""Other programs: they read the views while a call runs, see no number, and are refused everything else."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from core.bus import Bus
from core.database import Connection, Database
from core.ids import TicketNo
from core.outbox import Outbox
from core.privacy import masked_number
from core.readers import admit_readers
from core.views import READER, VIEWS
from queue_manager.desk import JournalDesk, Node
from tests.database.cluster import Cluster, tables_of
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.facts import CALL, CALLER
from tests.fakes.sightings import FIRST, answered, arrived, gone, queued
from tests.fakes.work import SEAT, Office
from tickets import store as tickets
from tickets.model import Ticket, TicketState
from tickets.wish import Action

NOT_ALLOWED = "InsufficientPrivilege"
PASSWORD = "a password, 'quoted'; and long"
PROGRAM = """
import json, sys, psycopg

def answer(query):
    try:
        with psycopg.connect(sys.argv[1]) as connection:
            return {"rows": [list(row) for row in connection.execute(query).fetchall()]}
    except psycopg.Error as error:
        return {"refused": type(error).__name__, "said": str(error)}

print(json.dumps([answer(query) for query in json.loads(sys.argv[2])], default=str))
"""
FORBIDDEN = (
    "UPDATE calls SET seat = '8009'",
    "DELETE FROM tickets",
    "INSERT INTO v_calls (call_id) VALUES ('x')",
    "UPDATE v_tickets SET urgency = '特急'",
    "DELETE FROM v_calls",
    "DROP VIEW v_calls",
    "TRUNCATE calls",
    "CREATE TABLE mine (x int)",
    "CREATE TEMPORARY TABLE mine (x int)",
    "SELECT lo_create(0)",
    "SELECT pg_read_file('/etc/passwd')",
    "COPY v_calls TO PROGRAM 'cat'",
    "CREATE ROLE another",
    "ALTER ROLE hotline_reader SUPERUSER",
    "SET ROLE hotline",
    "SELECT rolpassword FROM pg_authid",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherProgram:
    """A process of its own that knows nothing of us but how to connect."""

    address: str

    def asks(self, *queries: str) -> list[dict[str, Any]]:
        """Ask one after the other, each on a connection of its own."""
        argv = [sys.executable, "-c", PROGRAM, self.address, json.dumps(queries)]
        done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)
        said: list[dict[str, Any]] = json.loads(done.stdout)
        return said

    def reads(self, query: str) -> object:
        [said] = self.asks(query)
        assert "rows" in said, said
        return said["rows"]

    def is_refused(self, query: str) -> str:
        [said] = self.asks(query)
        return str(said["refused"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Our database, and the other program."""

    database: Database
    program: OtherProgram

    def journal(self, folder: Path) -> JournalDesk:
        node = Node(name="hotline", logs=folder, recordings=folder)
        return JournalDesk(self.database, Outbox(self.database), Bus(), node, StandingClock())


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[Shared]:
    url = cluster.fresh()
    database = Database(url)
    database.migrate()
    database.now(lambda connection: admit_readers(connection, PASSWORD))
    address = psycopg.conninfo.make_conninfo(
        host=str(cluster.instance.run), user=READER, password=PASSWORD, dbname=make_url(url).database
    )
    yield Shared(database=database, program=OtherProgram(address=address))
    database.close()


async def test_another_program_reads_a_call_while_it_runs(shared: Shared, tmp_path: Path) -> None:
    query = "SELECT call_id, caller, queue, seat, ended_at IS NULL, end_reason FROM v_calls"
    stays = "SELECT number, seat, talk_seconds, end_reason FROM v_segments"
    journal = shared.journal(tmp_path)
    await journal.note(arrived(), queued())
    assert shared.program.reads(query) == [[CALL, "138****5678", "intake", None, True, None]]
    await journal.note(answered())
    assert shared.program.reads(query) == [[CALL, "138****5678", "intake", "8001", True, None]]
    assert shared.program.reads(stays) == [[1, "8001", 0.0, None]]
    await journal.note(gone())
    assert shared.program.reads(stays) == [[1, "8001", 60.0, "talk_over"]]
    assert shared.program.reads(query) == [[CALL, "138****5678", "intake", "8001", False, "answered"]]


def test_times_are_those_of_the_hotline(shared: Shared) -> None:
    assert shared.program.reads("SHOW timezone") == [["Asia/Shanghai"]]


def test_every_table_is_closed(shared: Shared) -> None:
    tables = sorted(tables_of(shared.database))
    said = shared.program.asks(*(f"TABLE {table}" for table in tables))
    assert [one for one in zip(tables, said, strict=True) if one[1].get("refused") != NOT_ALLOWED] == []


def test_nothing_can_be_written_or_made(shared: Shared) -> None:
    said = shared.program.asks(*FORBIDDEN)
    assert [one for one in said if one.get("refused") not in (NOT_ALLOWED, "ReadOnlySqlTransaction")] == []


def test_not_even_by_one_who_switches_off_that_he_only_reads(shared: Shared) -> None:
    boldly = "SET default_transaction_read_only = off; COMMIT; "
    said = shared.program.asks(*(boldly + statement for statement in FORBIDDEN))
    assert [one for one in said if one.get("refused") != NOT_ALLOWED] == []


def test_without_the_password_nobody_comes_in(shared: Shared) -> None:
    wrong = OtherProgram(address=shared.program.address.replace("a password", "no password"))
    assert wrong.is_refused("SELECT 1") == "OperationalError"


def test_admitted_again_with_another_password_only_that_one_counts(shared: Shared) -> None:
    shared.database.now(lambda connection: admit_readers(connection, "another"))
    assert shared.program.is_refused("SELECT 1") == "OperationalError"
    shared.database.now(lambda connection: admit_readers(connection, PASSWORD))
    assert shared.program.reads("SELECT 1") == [[1]]


def test_an_upgrade_leaves_readers_their_rights(shared: Shared) -> None:
    shared.database.now(lambda c: c.exec_driver_sql("DROP VIEW v_tickets"))
    shared.database.migrate()
    assert shared.program.reads("SELECT count(*) FROM v_tickets") == [[0]]


def test_views_and_columns_say_what_they_are(shared: Shared) -> None:
    query = (
        "SELECT c.relname, count(*), count(col_description(c.oid, a.attnum)) FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relkind = 'v' AND c.relname LIKE 'v!_%' ESCAPE '!'"
        " GROUP BY c.relname ORDER BY c.relname"
    )
    assert shared.program.reads(query) == sorted(
        [view.name, len(view.columns), len(view.columns)] for view in VIEWS
    )


class TestViews:
    """On either database."""

    def test_every_view_has_the_columns_that_are_described(self, database: Database) -> None:
        for view in VIEWS:
            query = f"SELECT * FROM {view.name}"  # noqa: S608 - nobody's input
            names = database.now(lambda c, query=query: list(c.exec_driver_sql(query).keys()))  # type: ignore[misc]  # bound at once
            assert names == [column.name for column in view.columns]

    @pytest.mark.parametrize(
        "number", ["", "1", "12", "110", "1234567890", CALLER, "+8613812345678", "0" * 30]
    )
    def test_numbers_are_masked_as_everywhere(self, database: Database, number: str) -> None:
        ticket = Ticket(
            ticket_no=TicketNo("260302090009000001"),
            query_code="123456",
            state=TicketState.DRAFT,
            src_channel="电话",
            call_id=CALL,
            orig_did="12345",
            received_at=NINE_O_CLOCK,
            seat=FIRST,
            phone=number,
        )
        database.now(lambda c: tickets.put(c, ticket, TicketState.DRAFT))
        [[shown]] = database.now(lambda c: c.exec_driver_sql("SELECT phone FROM v_tickets").fetchall())
        assert shown == masked_number(number)

    async def test_who_leads_by_when_and_what_was_done_and_nobody_who_is_secret(
        self, database: Database
    ) -> None:
        office = Office(database)
        ticket = await office.take(await office.handling("水务局"), Action.CONFIDE, SEAT)

        def rows(query: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in database.now(lambda c: c.exec_driver_sql(query).fetchall())]

        [told] = rows("SELECT phone, lead_unit, matter, closing, confidential, due_at FROM v_tickets")
        assert told[:5] == ("", "02", "普通件", "", True)
        assert told[5] is not None
        tasks = rows("SELECT ticket_no, unit, part, state FROM v_ticket_tasks ORDER BY number")
        assert [task[1:] for task in tasks] == [("02", "主办", "办理中"), ("03", "协办", "待签收")]
        steps = rows("SELECT action, now FROM v_ticket_steps ORDER BY seq")
        assert steps[0] == ("登记", "draft")
        assert len(steps) == ticket.version

    async def test_instants_are_given_in_the_hotlines_time(self, database: Database, tmp_path: Path) -> None:
        shared = Shared(database=database, program=OtherProgram(address=""))
        await shared.journal(tmp_path).note(arrived())
        [[at, ended]] = database.now(
            lambda c: c.exec_driver_sql("SELECT arrived_at, ended_at FROM v_calls").fetchall()
        )
        if database.url.startswith("sqlite"):
            assert at == "2026-03-02T09:00:00.000+08:00"
        else:
            assert at == NINE_O_CLOCK
        assert ended is None

    def test_a_changed_view_is_made_anew(self, database: Database) -> None:
        def spoil(connection: Connection) -> None:
            connection.exec_driver_sql("DROP VIEW v_calls")
            connection.exec_driver_sql("CREATE VIEW v_calls AS SELECT 1 AS call_id")

        database.now(spoil)
        database.migrate()
        assert database.now(lambda c: len(c.exec_driver_sql("SELECT * FROM v_calls").keys())) > 1
