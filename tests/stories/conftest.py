"""One hotline for many stories; each story has citizens of its own.

In the whole test run two hotlines live them side by side (``tests/lanes.py``); in a part of it, one. A story
that is red while the host had taken the processors away is lived again, and says so (tests/processors.py).
"""

from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from core.logs import set_up_logs
from tests.processors import lived_again, naming_the_host
from tests.stories.hotline import Hotline, instance_with_a_way_out, running

HERE = Path(__file__).parent
SUMMING_UP = HERE / "test_in_the_end.py"
LAST_LINES = 60
"""So much of each log is told with a story that failed; its folder is gone when somebody reads of it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories live on one event loop, the hotline's; they come last, their summing-up at the end."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(lived_again)
    items.sort(key=lambda item: (item.path.parent == HERE, item.path == SUMMING_UP))


FAILED = pytest.StashKey[bool]()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hotline(worker_id: str) -> AsyncIterator[Hotline]:
    set_up_logs("stories")
    async with running(instance_with_a_way_out(f"stories-{worker_id}")) as house:
        yield house


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nobody_stays(request: pytest.FixtureRequest) -> AsyncIterator[None]:
    """A story that failed leaves no seat logged in: the next one, or the same again, begins as ever."""
    yield
    lived = request.node.funcargs.get("hotline")
    if request.node.stash.get(FAILED, False) and isinstance(lived, Hotline):
        # a host that took the processors from the story may take them from this, too
        with naming_the_host():
            await lived.everybody_goes_home()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Name the host as the cause where it is one; the failure itself is told beneath."""
    with naming_the_host():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a story that failed what was written down last: by the engine, the queues and the journal."""
    report = yield
    lived = getattr(item, "funcargs", {}).get("hotline")
    item.stash[FAILED] = report.failed
    if report.failed and isinstance(lived, Hotline):
        for log in (lived.instance.logs / "engine.jsonl", lived.instance.asterisk / "log" / "queue_log"):
            lines = log.read_text(encoding="utf-8").splitlines()
            report.sections.append((log.name, "\n".join(lines[-LAST_LINES:])))
        report.sections.append(("the last call", lived.records.of_last_call()))
    return report
