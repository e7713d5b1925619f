"""Migrations: from nothing to exactly the tables that the rooms work with, on either database."""

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import asr.store
import classifier.store
import core.outbox
import queue_manager.store
import recordings.store
import tickets.store
from core.database import Connection, Database, DatabaseAway, DatabaseBroken, DatabaseTooNew, metadata
from tests.database.cluster import tables_of

STORES = (asr.store, classifier.store, core.outbox, queue_manager.store, recordings.store, tickets.store)


def _differences(connection: Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_from_nothing_the_tables_are_those_of_the_rooms(database: Database) -> None:
    assert len(STORES) == 6
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
