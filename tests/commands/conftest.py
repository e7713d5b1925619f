"""A hotline of its own for every test of commands, and nothing of it left behind."""

from collections.abc import Iterator

import pytest

from tests.commands.command_line import CommandLine, own_command_line


@pytest.fixture
def line() -> Iterator[CommandLine]:
    own = own_command_line("test")
    try:
        yield own
        assert own.processes() == []
        assert own.ports.taken() == []
    finally:
        own.clean_up()
