"""A city's hotline: the real desk with the city's own profile; the folder of a test names the city."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.database import Database
from tests.acceptance.city import City
from tests.fakes.database import fresh_database
from tests.house.tree import ROOT


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/hotline.db") as fresh:
        yield fresh


@pytest.fixture
def profile(request: pytest.FixtureRequest) -> Path:
    return ROOT / "profiles" / request.path.parent.name


@pytest.fixture
def city(database: Database, profile: Path) -> City:
    return City(database, profile)
