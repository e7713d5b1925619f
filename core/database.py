"""数据库: the one door to SQLite or PostgreSQL, on threads of its own, never on the call path."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    ClauseElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import SQLAlchemyError as DatabaseTrouble
from sqlalchemy.types import TypeDecorator, TypeEngine

from core.clock import SHANGHAI
from core.errors import HotlineError
from core.prepared import Prepared

__all__ = [
    "Connection",
    "Database",
    "DatabaseTrouble",
    "Instant",
    "insert_into",
    "insert_new",
    "metadata",
    "upsert",
]

metadata = MetaData()
"""Every room's ``store.py`` puts its tables here."""

Result = TypeVar("Result")
MIGRATIONS = Path(__file__).parent / "migrations"
SQLITE_WAIT_SECONDS = 15
CHECKPOINT_PAGES = 8000
"""So much (32 MB) is gathered before SQLite waits for the disk; a process that dies loses none of it."""
POSTGRES_THREADS = 4
CONNECT_SECONDS = 10
"""A server that takes a connection and says nothing is away, too."""


class _SqliteInstant(sqlite.DATETIME):
    """The text that SQLAlchemy keeps, written by the interpreter itself: a fifth of the time."""

    def bind_processor(self, _dialect: Dialect) -> Callable[[datetime | None], str | None]:
        return _as_text


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _from_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(SHANGHAI)


def _from_driver(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(SHANGHAI)


_SQLITE_INSTANT = _SqliteInstant()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


class Instant(TypeDecorator[datetime]):
    """An aware instant: kept in UTC, given back in Asia/Shanghai, on either database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Give SQLite's own way of writing; every other database's driver takes instants as they are."""
        return dialect.type_descriptor(_SQLITE_INSTANT if dialect.name == "sqlite" else self.impl)

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Write UTC; SQLite drops the zone, so the zone must always be the same."""
        return None if value is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        """Read back what was written as UTC; one call for each value, as a circular reads half a million."""
        del coltype
        return _from_text if dialect.name == "sqlite" else _from_driver


class DatabaseTooNew(HotlineError):
    """数据库是更新版本的热线系统建的:请升级本程序,或在 settings.toml 的 [database] 里换一个库。"""


class DatabaseAway(HotlineError):
    """数据库连不上:请检查它是否在运行(自带的随 ./hotline up 启动)、[database] url 与口令是否正确。"""


class DatabaseBroken(HotlineError):
    """数据库文件打不开或已损坏:请从备份恢复该文件,或在 settings.toml 的 [database] 里换一个库。"""


class DatabaseEmpty(HotlineError):
    """数据库还没有建表:请先运行 ./hotline up,它会自动建好。"""


class Database:
    """Runs functions in transactions; ``inline`` does so at once (virtual clock), else on own threads."""

    def __init__(self, url: str, *, inline: bool = False, for_a_day: bool = False) -> None:
        """Prepare, without connecting; ``url`` is SQLAlchemy's, for sqlite or postgresql+psycopg.

        What is only there ``for_a_day`` need not outlive a power failure: SQLite never waits for the disk.
        """
        self.url = url
        on_sqlite = self._on_sqlite = url.startswith("sqlite")
        patience = {"timeout": SQLITE_WAIT_SECONDS} if on_sqlite else {"connect_timeout": CONNECT_SECONDS}
        self._engine = create_engine(url, pool_pre_ping=not on_sqlite, connect_args=patience)
        if on_sqlite:
            _keep_sqlite_safe(self._engine, "OFF" if for_a_day else "NORMAL")
        # One writer is all that SQLite has; a second thread would only wait for its lock.
        threads = 1 if on_sqlite else POSTGRES_THREADS
        self._threads = None if inline else ThreadPoolExecutor(threads, thread_name_prefix="database")
        self._line: Connection | None = None

    @property
    def one_writer(self) -> bool:
        """Tell whether all writers wait for each other, as on SQLite."""
        return self._on_sqlite

    async def in_transaction(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work(connection)``; commit when it returns, roll back when it raises."""
        if self._threads is None:
            return self.now(work)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.now, work)

    def now(self, work: Callable[[Connection], Result]) -> Result:
        """Do the same in the calling thread, for command lines and tests."""
        if self._threads is not None or not self._on_sqlite:
            with self._engine.begin() as connection:
                return work(connection)
        # One caller, one file: asking the pool each time would cost more than most of the work.
        self._line = self._line or self._engine.connect()
        with self._line.begin():
            return work(self._line)

    def migrate(self) -> None:
        """Bring the tables to this version; raises DatabaseTooNew, DatabaseAway or DatabaseBroken."""
        with self._told_plainly(), self._engine.begin() as connection:
            _revision_of(connection)
            config = _migrations()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def check(self) -> None:
        """Look without changing anything; raises what :meth:`migrate` raises, or DatabaseEmpty."""
        file = self._engine.url.database if self._on_sqlite else None
        if file is not None and not Path(file).exists():
            raise DatabaseEmpty(database=self._shown())
        with self._told_plainly(), self._engine.begin() as connection:
            if _revision_of(connection) is None:
                raise DatabaseEmpty(database=self._shown())

    def answers(self) -> bool:
        """Whether it takes questions now: a server that only just starts refuses every connection."""
        try:
            with self._engine.connect():
                return True
        except OperationalError:
            return False

    def close(self) -> None:
        """Finish what runs and let go of every connection."""
        if self._threads is not None:
            self._threads.shutdown()
        if self._line is not None:
            self._line.close()
            self._line = None
        self._engine.dispose()

    @contextmanager
    def _told_plainly(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise DatabaseAway(database=self._shown()) from error
        except DatabaseError as error:
            raise DatabaseBroken(database=self._shown()) from error

    def _shown(self) -> str:
        return unquote(self._engine.url.render_as_string(hide_password=True))


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _revision_of(connection: Connection) -> str | None:
    """Give the version of the tables, None when there are none; raises DatabaseTooNew for one not ours."""
    found = MigrationContext.configure(connection).get_current_revision()
    known = {step.revision for step in ScriptDirectory.from_config(_migrations()).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTooNew(found=found)
    return found


def upsert(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows, or overwrite those with the same primary key: written twice equals written once.

    Every row must name the same columns.
    """
    if not rows:
        return
    kind = (table.name, tuple(rows[0]))
    if kind not in _UPSERTS:
        _UPSERTS[kind] = Prepared(partial(_upsert_of, table, tuple(rows[0])), *rows[0])
    _UPSERTS[kind].execute(connection, *rows)


def insert_new(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> int:
    """Insert rows, and leave those as they are of which the key is known; gives how many were new.

    Every row must name the same columns.
    """
    if not rows:
        return 0
    kind = (table.name, tuple(rows[0]))
    if kind not in _NEW:
        _NEW[kind] = Prepared(partial(_new_of, table), *rows[0])
    return _NEW[kind].change(connection, *rows)


_UPSERTS: dict[tuple[str, tuple[str, ...]], Prepared] = {}
_NEW: dict[tuple[str, tuple[str, ...]], Prepared] = {}


def insert_into(table: Table, dialect_name: str) -> postgresql.Insert | sqlite.Insert:
    """Give an insert that knows what to do on a conflict, which each kind of database says for itself."""
    return postgresql.insert(table) if dialect_name == "postgresql" else sqlite.insert(table)


def _new_of(table: Table, dialect_name: str) -> ClauseElement:
    return insert_into(table, dialect_name).on_conflict_do_nothing()


def _upsert_of(table: Table, names: tuple[str, ...], dialect_name: str) -> ClauseElement:
    row = insert_into(table, dialect_name)
    keys = [column.name for column in table.primary_key]
    rest = {name: row.excluded[name] for name in names if name not in keys}
    if not rest:
        return row.on_conflict_do_nothing(index_elements=keys)
    return row.on_conflict_do_update(index_elements=keys, set_=rest)


_BEGIN = Prepared(text("BEGIN IMMEDIATE"))


def _keep_sqlite_safe(engine: Engine, synchronous: str) -> None:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own untyped hook
        # Explicit BEGIN IMMEDIATE below; the driver's own implicit transactions would break it.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        _BEGIN.execute(connection, {})
