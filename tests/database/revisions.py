"""旧版本的库: brings a database to the tables of an earlier version, to see what an upgrade makes of them."""

from alembic import command

from core.database import Connection, _migrations


def upgraded_to(connection: Connection, revision: str) -> None:
    config = _migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
