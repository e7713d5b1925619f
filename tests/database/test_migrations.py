"""Migrations: from nothing to exactly the tables that the rooms work with, on either database."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import asr.store
import classifier.store
import console.key_store
import console.sms_store
import console.webhook_store
import core.outbox
import queue_manager.seat_store
import queue_manager.sheet_store
import queue_manager.store
import recordings.keeping_store
import recordings.store
import tickets.consequences_store
import tickets.fact_store
import tickets.file_store
import tickets.meeting_store
import tickets.numbers_store
import tickets.store
import tickets.study_store
import tickets.unit_store
import tickets.user_store
import tickets.visits_store
import tickets.work_store
from core.database import (
    Connection,
    Database,
    DatabaseAway,
    DatabaseBroken,
    DatabaseTooNew,
    metadata,
)
from core.events import EndReason
from queue_manager import journal_store, store
from queue_manager.story import Home, story_of
from tests.database.cluster import tables_of
from tests.database.revisions import upgraded_to

STORES = (
    asr.store,
    classifier.store,
    console.key_store,
    console.sms_store,
    console.webhook_store,
    core.outbox,
    queue_manager.seat_store,
    queue_manager.sheet_store,
    queue_manager.store,
    recordings.keeping_store,
    recordings.store,
    tickets.consequences_store,
    tickets.fact_store,
    tickets.file_store,
    tickets.meeting_store,
    tickets.numbers_store,
    tickets.store,
    tickets.study_store,
    tickets.unit_store,
    tickets.user_store,
    tickets.visits_store,
    tickets.work_store,
)


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_from_nothing_the_tables_are_those_of_the_rooms(database: Database) -> None:
    assert len(STORES) == 22
    assert database.now(_differences) == []


def test_every_table_is_there_and_no_other(database: Database) -> None:
    assert tables_of(database) - {"alembic_version", "sqlite_sequence"} == set(metadata.tables)


def test_migrating_twice_changes_nothing_and_keeps_what_was_written(database: Database) -> None:
    database.now(lambda connection: connection.exec_driver_sql("INSERT INTO ticket_sequence VALUES (1, 41)"))
    database.migrate()
    [[last]] = database.now(
        lambda connection: connection.exec_driver_sql("SELECT last FROM ticket_sequence").fetchall()
    )
    assert last == 41
    assert database.now(_differences) == []


FIRST_VERSION = """INSERT INTO calls VALUES
('hotline-1772413200.1', 'hotline', '13812345678', '12345', '/r/1.raw', '2026-03-02 01:00:00+00:00',
 'intake', 1, '2026-03-02 01:00:05+00:00', '8001', '2026-03-02 01:00:06+00:00', NULL,
 '2026-03-02 01:00:09+00:00', '2026-03-02 01:01:09+00:00', TRUE, 'answered', 4.0, 60.0),
('hotline-1772413200.2', 'hotline', '', '12345', '/r/2.raw', '2026-03-02 01:00:01+00:00', 'intake', 2,
 '2026-03-02 01:00:05+00:00', NULL, '2026-03-02 01:00:06+00:00', NULL, NULL,
 '2026-03-02 01:00:09+00:00', TRUE, 'hung_up_ringing', 4.0, 0.0),
('hotline-1772413200.3', 'hotline', '', '12345', '/r/3.raw', '2026-03-02 01:00:02+00:00', 'intake', 1,
 '2026-03-02 01:00:05+00:00', NULL, '2026-03-02 01:00:06+00:00', '2026-03-02 01:00:21+00:00', NULL,
 '2026-03-02 01:00:29+00:00', TRUE, 'hung_up_waiting', 24.0, 0.0),
('hotline-1772413200.4', 'hotline', '', '12345', '/r/4.raw', '2026-03-02 01:00:03+00:00', NULL, 0,
 NULL, NULL, NULL, NULL, NULL, NULL, TRUE, NULL, 0.0, 0.0)"""


def _to_first_version(connection: Connection) -> None:
    upgraded_to(connection, "0001")
    values = FIRST_VERSION
    if connection.dialect.name == "sqlite":
        values = values.replace("+00:00", ".000000")
    connection.exec_driver_sql(values)


def test_calls_of_the_first_version_keep_their_figures_and_follow_from_sightings_now(url: str) -> None:
    database = Database(url)
    database.now(_to_first_version)
    database.migrate()
    home = Home(node="hotline", recordings="/recordings")
    rows = database.now(lambda connection: store.latest_calls(connection, 10))
    assert [(row.end_reason, row.waited_seconds, row.talk_seconds) for row in rows] == [
        (None, 0.0, 0.0),
        (EndReason.HUNG_UP_WAITING, 24.0, 0.0),
        (EndReason.HUNG_UP_RINGING, 4.0, 0.0),
        (EndReason.ANSWERED, 4.0, 60.0),
    ]
    seen = database.now(lambda c: journal_store.sightings_of(c, [row.call_id for row in rows]))
    stories = [story_of(row.call_id, seen[row.call_id], home) for row in rows]
    assert rows == [told.call for told in stories]
    for told in stories:
        call_id = told.call.call_id
        found = database.now(lambda c, i=call_id: (store.segments_of(c, i), store.offers_of(c, i)))  # type: ignore[misc]  # bound at once
        assert found == (list(told.segments), list(told.offers))
    database.close()


def _to_running_numbers(connection: Connection) -> None:
    upgraded_to(connection, "0010")
    connection.exec_driver_sql("INSERT INTO ticket_sequence VALUES (1, 41)")


def test_after_an_upgrade_the_numbers_of_work_orders_go_on_after_the_last(url: str) -> None:
    database = Database(url)
    database.now(_to_running_numbers)
    database.migrate()
    assert [database.now(tickets.numbers_store.next_number) for _ in range(2)] == [42, 43]
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(database: Database) -> None:
    database.now(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '2031'"))
    before = tables_of(database)
    with pytest.raises(DatabaseTooNew, match="2031"):
        database.migrate()
    assert tables_of(database) == before


def test_a_database_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    away = Database(f"postgresql+psycopg://hotline:top-secret@/postgres?host={tmp_path}")
    with pytest.raises(DatabaseAway) as told:
        away.migrate()
    assert "top-secret" not in str(told.value)
    assert str(tmp_path) in str(told.value)


def test_a_sqlite_file_in_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path}/missing/hotline.db")
    with pytest.raises(DatabaseAway, match="missing"):
        away.migrate()


@pytest.mark.parametrize("kind", ["garbage", "torn"])
def test_a_broken_sqlite_file_is_named(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "hotline.db"
    if kind == "garbage":
        file.write_bytes(b"this is no database\n" * 1000)
    else:
        whole = Database(f"sqlite:///{file}")
        whole.migrate()
        whole.close()
        file.write_bytes(file.read_bytes()[:9000])
    with pytest.raises(DatabaseBroken, match=r"hotline\.db"):
        Database(f"sqlite:///{file}").migrate()
