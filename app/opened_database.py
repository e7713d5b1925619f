"""打开数据库: for a command that reads or writes the rows of a hotline which was started before."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from app.instance import Instance
from app.parts import database_url
from core.database import Database


@contextmanager
def opened_database(instance: Instance, *, inline: bool = False) -> Iterator[Database]:
    """Give an instance's database after a look at it, closed at the end; raises what its check raises."""
    with closing(Database(database_url(instance), inline=inline)) as database:
        database.check()
        yield database
