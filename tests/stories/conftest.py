"""One hotline for all stories; each story has citizens of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.demo import demo_instance
from core.logs import set_up_logs
from tests.stories.hotline import Hotline, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories live on one event loop, that of the running hotline; what sums up all stories comes last."""
    for item in items:
        if "tests/stories" in str(item.path):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items.sort(key=lambda item: item.path.name == "test_in_the_end.py")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hotline() -> AsyncIterator[Hotline]:
    set_up_logs("stories")
    async with running(demo_instance("stories")) as house:
        yield house
