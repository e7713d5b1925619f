"""``./hotline simulate --fill``: what it says, and that it leaves a filled database alone."""

from datetime import date
from pathlib import Path

import pytest

from app.filling import filling_of
from app.work_clocks import policies_of
from core.database import Database
from queue_manager import store as calls
from simulator.fill import FillPlan, NotEmpty
from tests.fakes.work import POLICIES
from tickets import work_store
from tickets.model import ENDED
from tickets.work_store import Asked

PROFILES = Path(__file__).parents[3] / "profiles"
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


@pytest.mark.parametrize("city", sorted(folder.name for folder in PROFILES.iterdir()))
def test_by_every_citys_rules_work_orders_come_to_their_end(database: Database, city: str) -> None:
    plan = FillPlan(calls=120, tickets=60, until=date(2026, 3, 1), days=30)
    filling_of(plan, policies_of(PROFILES / city)).run(database, lambda _done, _of: None)
    ended = database.now(lambda connection: work_store.listing(connection, Asked(states=ENDED, most=60)))
    assert len(ended) > 10
