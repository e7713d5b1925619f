"""The same tests on SQLite and on a real PostgreSQL, which is started once for all of them."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.parts import database_part
from app.supervisor import Supervisor
from core.database import Database
from tests.database.cluster import Cluster
from tests.instances import free_settings, own_instance

OWN_POSTGRESQL = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one event loop, that of the server's supervisor."""
    for item in items:
        if "tests/database" in str(item.path) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster() -> AsyncIterator[Cluster]:
    with own_instance("database-tests", free_settings(OWN_POSTGRESQL)) as instance:
        supervisor = Supervisor()
        await supervisor.start(database_part(instance))
        try:
            yield Cluster(instance=instance, supervisor=supervisor)
        finally:
            await supervisor.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path, cluster: Cluster) -> str:
    """An empty database."""
    return cluster.fresh() if request.param == "postgresql" else f"sqlite:///{tmp_path}/hotline.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database brought to this version."""
    fresh = Database(url)
    fresh.migrate()
    yield fresh
    fresh.close()
