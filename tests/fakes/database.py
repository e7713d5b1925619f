"""A fresh embedded database in memory, written to at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import queue_manager.seat_store
import queue_manager.store  # noqa: F401 - brings its tables
import tickets.file_store
import tickets.meeting_store
import tickets.store
import tickets.user_store  # noqa: F401 - the last of them, all bring their tables
from core.database import Database, metadata
from core.events import KeptFact
from core.outbox import Listener, Outbox


@contextmanager
def fresh_database(url: str) -> Iterator[Database]:
    database = Database(url, inline=True)
    database.now(metadata.create_all)
    try:
        yield database
    finally:
        database.close()


class Ear:
    """An outbox listener that remembers what it was told."""

    def __init__(self, *kinds: type[KeptFact]) -> None:
        self.heard: list[KeptFact] = []
        self.kinds = kinds

    async def hear(self, fact: KeptFact) -> None:
        self.heard.append(fact)

    def connect(self, database: Database) -> Outbox:
        outbox = Outbox(database)
        outbox.connect(Listener(name="ear", wants=dict.fromkeys(self.kinds, self.hear)))
        return outbox
