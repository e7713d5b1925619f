"""A prepared statement does what the statement itself does, on both kinds of database."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from core.database import Connection, Database, DatabaseTrouble, Instant, insert_new
from core.prepared import Prepared

things = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", String(20), nullable=False),
    Column("at", Instant),
    Column("right", Boolean),
    Column("more", JSON),
)
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW = {"id": 1, "name": "路灯", "at": AT, "right": True, "more": {"words": ["不亮"]}}
PUT = Prepared(insert(things), *ROW)


@pytest.fixture
def tables(database: Database) -> Database:
    database.now(things.create)
    return database


def test_what_it_writes_is_read_as_any_other_row(tables: Database) -> None:
    others = ({**ROW, "id": 2, "at": None}, {**ROW, "id": 3, "more": None})
    tables.now(lambda c: PUT.execute(c, ROW))
    tables.now(lambda c: PUT.execute(c, *others))
    rows = tables.now(lambda c: c.execute(select(things).order_by(things.c.id)).mappings().all())
    assert [dict(row) for row in rows] == [ROW, *others]


def test_values_that_stand_in_the_statement_stay_there(tables: Database) -> None:
    tables.now(lambda c: PUT.execute(c, ROW))
    named = Prepared(update(things).where(things.c.id == bindparam("which")).values(name="井盖"))
    tables.now(lambda c: named.execute(c, {"which": 1}))
    found = Prepared(select(things.c.id).where(things.c.name == "井盖"))
    assert tables.now(lambda c: found.execute(c, {})) == [{"id": 1}]


def test_what_the_database_refuses_is_raised_as_from_any_other_statement(tables: Database) -> None:
    tables.now(lambda c: PUT.execute(c, ROW))
    with pytest.raises(DatabaseTrouble):
        tables.now(lambda c: PUT.execute(c, ROW))


def test_a_line_that_died_is_told_as_trouble_and_the_next_transaction_has_another(tables: Database) -> None:
    def cut_off(connection: Connection) -> None:
        line = connection.connection.driver_connection
        assert line is not None
        line.close()
        PUT.execute(connection, ROW)

    with pytest.raises(DatabaseTrouble):
        tables.now(cut_off)
    tables.now(lambda c: PUT.execute(c, ROW))
    assert tables.now(lambda c: c.scalar(select(things.c.name))) == "路灯"


def test_what_is_known_stays_as_it_is(tables: Database) -> None:
    assert tables.now(lambda c: insert_new(c, things, ROW, {**ROW, "name": "井盖"})) == 1
    assert tables.now(lambda c: insert_new(c, things, {**ROW, "id": 2}, ROW)) == 1
    assert tables.now(lambda c: insert_new(c, things)) == 0
    assert tables.now(lambda c: c.scalars(select(things.c.name)).all()) == ["路灯", "路灯"]
