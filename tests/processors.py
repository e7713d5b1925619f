"""宿主机: names the host as the cause of a failure, where it had taken the processors away meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.processors import STAT, TOO_MUCH, Processors


class ProcessorsTaken(Exception):
    """宿主机抢占了处理器:实时的声音因此中断,这一次不能作数。"""


lived_again = pytest.mark.flaky(reruns=2, only_rerun=[ProcessorsTaken])
"""So often, at most, what happens in real time happens again; red for any other reason it is red at once."""


@contextmanager
def naming_the_host(stat: Path = STAT) -> Iterator[None]:
    """Raise ProcessorsTaken from what failed within, if the host may have been the cause of it."""
    before = Processors.now(stat)
    try:
        yield
    except Exception as error:
        share = Processors.now(stat).taken_since(before)
        if share >= TOO_MUCH:
            raise ProcessorsTaken(f"宿主机占去了这段时间所需处理器的 {share:.0%}") from error
        raise
