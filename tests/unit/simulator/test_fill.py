"""``./hotline simulate --fill``: what it says, and that it leaves a filled database alone."""

from datetime import date

import pytest

from app.filling import filling_of
from core.database import Database
from queue_manager import store as calls
from simulator.fill import FillPlan, NotEmpty
from tests.fakes.work import POLICIES

PLAN = FillPlan(calls=30, tickets=9, until=date(2026, 3, 1), days=3)


def test_days_are_written_one_by_one_and_only_into_an_empty_database(database: Database) -> None:
    told: list[tuple[int, int]] = []
    filling_of(PLAN, POLICIES).run(database, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert database.now(calls.number_of_calls) == 30
    with pytest.raises(NotEmpty):
        filling_of(PLAN, POLICIES).run(database, lambda _done, _of: None)


def test_the_numbers_are_nobodys(database: Database) -> None:
    filling_of(PLAN, POLICIES).run(database, lambda _done, _of: None)
    assert all(one.caller.startswith("100") for one in database.now(lambda c: calls.latest_calls(c, 30)))
