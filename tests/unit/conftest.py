"""A database and a clock for tests without sockets."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from tests.fakes.database import fresh_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/hotline.db") as fresh:
        yield fresh
