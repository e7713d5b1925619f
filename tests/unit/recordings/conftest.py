"""A recording desk for every test of it."""

from pathlib import Path

import pytest

from core.database import Database
from tests.unit.recordings.given import Given


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return Given(database, folder)
