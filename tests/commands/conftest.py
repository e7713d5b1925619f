"""A hotline of its own for every test of commands, and nothing of it left behind."""

from collections.abc import Iterator

import pytest

from app.instance import Instance
from app.parts import database_url
from app.seat_list import add_seats
from core.database import Database
from core.ids import CallId, SeatNo
from core.settings import load_settings
from queue_manager.journal_store import put
from queue_manager.story import story_of
from tests.commands.command_line import CommandLine, own_command_line
from tests.fakes.sightings import ENDS, HOME
from tests.instances import free_settings

SEAT = SeatNo("8001")


@pytest.fixture
def line() -> Iterator[CommandLine]:
    own = own_command_line("test")
    try:
        yield own
        assert own.processes() == []
        assert own.ports.taken() == []
    finally:
        own.clean_up()


@pytest.fixture
def started(line: CommandLine) -> CommandLine:
    """As after a first ``up``: an instance with tables, and nothing running."""
    instance = Instance(name="up", folder=line.instance_folder, settings=free_settings(), places=line.places)
    instance.make_folders()
    instance.save()
    database = Database(database_url(instance))
    database.migrate()
    database.close()
    return line


@pytest.fixture
def journal(line: CommandLine) -> CommandLine:
    """A hotline that ran once and has a seat, and a call of every kind on one day."""
    line.settle()
    settings = load_settings(line.settings_file)
    instance = Instance(name="up", folder=line.instance_folder, settings=settings, places=line.places)
    instance.make_folders()
    instance.save()
    add_seats(instance, [SEAT])
    database = Database(database_url(instance), inline=True)
    database.migrate()
    calls = [way for ways in ENDS.values() for way in ways]
    for number, way in enumerate(calls):
        call_id = CallId(f"hotline-{number}.0")
        story = story_of(call_id, way(call_id), HOME)
        database.now(lambda connection, story=story: put(connection, story))  # type: ignore[misc]
    database.close()
    instance.give_tree(instance.folder)
    return line
