"""只读账号: lets other programs read the views of our own PostgreSQL, and nothing else.

What keeps them out is what they were not given: no right on any table, none to make anything. That
their transactions are read-only and end after a while is set beside it, against accidents: a reader
who forgets an open transaction would keep an upgrade waiting.
"""

from typing import Any

from core.database import Connection
from core.views import READER, grant_to_reader, has_reader

MOST_CONNECTIONS = 20
PATIENCE_SECONDS = 60
_FOR_EVERYBODY_BY_DEFAULT = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC",
    "REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC",
)
"""Rights that PostgreSQL gives to everyone who may connect: to write, somewhere."""


def admit_readers(connection: Connection, password: str) -> None:
    """Make the role, or give it this password and these rights again; as superuser of our own server."""
    if not has_reader(connection):
        connection.exec_driver_sql(f"CREATE ROLE {READER}")
    for statement in (*_FOR_EVERYBODY_BY_DEFAULT, *_rights(_scrambled(connection, password))):
        connection.exec_driver_sql(statement)
    database = connection.exec_driver_sql("SELECT quote_ident(current_database())").scalar_one()
    connection.exec_driver_sql(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC")
    connection.exec_driver_sql(f"GRANT CONNECT ON DATABASE {database} TO {READER}")


def rights_by_hand(database: str) -> list[str]:
    """Give what the owner of another server runs there, to let readers in; the password is his."""
    return [
        f"CREATE ROLE {READER} LOGIN",
        *_limits(),
        f"GRANT CONNECT ON DATABASE {database} TO {READER}",
        grant_to_reader(),
    ]


def _rights(password: str) -> list[str]:
    nothing_else = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
    return [
        f"ALTER ROLE {READER} LOGIN {nothing_else} CONNECTION LIMIT {MOST_CONNECTIONS} PASSWORD '{password}'",
        *_limits(),
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {READER}",
        grant_to_reader(),
    ]


def _limits() -> list[str]:
    settings = {
        "default_transaction_read_only": "on",
        "statement_timeout": f"{PATIENCE_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{PATIENCE_SECONDS}s",
        "timezone": "Asia/Shanghai",
    }
    return [f"ALTER ROLE {READER} SET {name} = '{value}'" for name, value in settings.items()]


def _scrambled(connection: Connection, password: str) -> str:
    """Give the verifier that the server keeps, so that no statement, and no log, holds the password."""
    driver: Any = connection.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(password.encode(), READER.encode(), b"scram-sha-256")
    return str(verifier.decode())
