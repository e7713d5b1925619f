"""A rehearsed day under blows holds on either database."""

from pathlib import Path

import pytest

from tests.properties.test_chaos import STRIKES, held, rehearsed

AT_ONCE = "&options=-csynchronous_commit%3Doff"
"""The server is not killed here: nothing need be on the disk before the next transaction."""


@pytest.fixture
def quick_url(url: str) -> str:
    return f"{url}{AT_ONCE}" if url.startswith("postgresql") else url


def test_a_day_under_blows_loses_and_doubles_nothing(tmp_path: Path, quick_url: str) -> None:
    assert held(rehearsed(tmp_path, seed=3, chaos=STRIKES, database=quick_url))
