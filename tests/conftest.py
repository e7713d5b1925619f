"""For every tier: what the tests need of the terminal that they are started from."""

import gc
import signal

import pytest
from hypothesis import settings
from xdist.remote import Producer

from app.processors import Processors
from tests.lanes import Lanes

# What a helper asserts is told with its values too, as in a test; to be said before any helper is imported.
pytest.register_assert_rewrite("tests.stories", "tests.fakes")

# A shell starts what it puts into the background with Ctrl-C ignored, and every program that we start
# would inherit that; with a handler of Python's own here, they get the default.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says more about the machine than about the code; speed is measured in benchmarks.
settings.register_profile("hotline", deadline=None)
settings.load_profile("hotline")

BEGAN = pytest.StashKey[Processors]()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes | None:
    """Share the tests out by lanes."""
    return Lanes(config, log) if config.option.dist == "load" else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begin to count what the host takes away."""
    session.config.stash[BEGAN] = Processors.now()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how much of the machine the tests had: red stories and slow rounds may come from the host."""
    share = Processors.now().taken_since(config.stash[BEGAN])
    terminalreporter.write_line(f"宿主机占去所需处理器时间的 {share:.1%}")


def pytest_collection_finish() -> None:
    """Do not look through what pytest keeps to the end again and again; it is a sixth of the fast tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
