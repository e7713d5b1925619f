"""录音室: what an instance's recordings lie on, for the engine and for commands."""

from app.call_book import JournalBook
from app.instance import Instance
from core.clock import Clock
from core.database import Database
from recordings.registry import Archive
from recordings.shelf import Shelf

MEGABYTE = 1024 * 1024


def archive_of(instance: Instance, database: Database, clock: Clock) -> Archive:
    """Give the recordings of an instance."""
    shelf = Shelf(
        node=instance.settings.node,
        folder=instance.recordings,
        free_bytes=instance.settings.recordings.free_mb * MEGABYTE,
        flac=instance.places.program("flac"),
    )
    return Archive(database=database, clock=clock, shelf=shelf, book=JournalBook())
