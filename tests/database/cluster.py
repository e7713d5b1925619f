"""测试库: a real PostgreSQL of our own, and fresh databases in it."""

import asyncio
import os
import signal
from dataclasses import dataclass

import psycopg

from app.instance import Instance
from app.parts import DATABASE_USER, database_url
from app.supervisor import Supervisor
from core.database import Database

BACK_SECONDS = 30.0
LOOK_SECONDS = 0.05


@dataclass(slots=True, kw_only=True)
class Cluster:
    """The server that ``up`` would start, and the databases made in it."""

    instance: Instance
    supervisor: Supervisor
    _made: int = 0

    def fresh(self) -> str:
        """Make an empty database; gives its URL."""
        self._made += 1
        name = f"test_{self._made}"
        with self._administer() as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        url, of_postgres, rest = database_url(self.instance).partition("/postgres?")
        assert of_postgres
        return f"{url}/{name}?{rest}"

    def kill(self) -> None:
        """Kill the server −9; the supervisor starts it again a moment later."""
        os.kill(self.supervisor.pid_of("database"), signal.SIGKILL)

    async def until_gone(self) -> None:
        await self._until(up=False)

    async def until_back(self) -> None:
        await self._until(up=True)

    async def _until(self, *, up: bool) -> None:
        until = asyncio.get_running_loop().time() + BACK_SECONDS
        while self._answers() is not up:
            assert asyncio.get_running_loop().time() < until, f"PostgreSQL: {up=} did not come true"
            await asyncio.sleep(LOOK_SECONDS)

    def _answers(self) -> bool:
        try:
            self._administer().close()
        except psycopg.OperationalError:
            return False
        return True

    def _administer(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.instance.run),
            user=DATABASE_USER,
            password=self.instance.secret("database"),
            dbname="postgres",
            autocommit=True,
        )


def tables_of(database: Database) -> set[str]:
    """The names of the tables that exist."""
    query = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if database.url.startswith("postgresql")
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    return set(database.now(lambda connection: connection.exec_driver_sql(query).scalars().all()))
