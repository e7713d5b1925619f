"""A hotline of its own for every test of commands, and nothing of it left behind."""

from collections.abc import Iterator

import pytest

from app.instance import Instance
from app.parts import database_url
from core.database import Database
from tests.commands.command_line import CommandLine, own_command_line
from tests.instances import free_settings


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
