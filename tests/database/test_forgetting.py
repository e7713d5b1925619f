"""Old sightings go in the same way on either database."""

from datetime import timedelta

from core.database import Database
from core.ids import CallId
from queue_manager import journal_store
from queue_manager.sightings import Seen
from queue_manager.story import story_of
from tests.fakes.sightings import HOME, moment, whole_call

FIRST, SECOND = CallId("hotline-1772413200.1"), CallId("hotline-1772413200.2")


def test_calls_are_gone_through_in_order_and_their_details_removed(database: Database) -> None:
    for call_id in (FIRST, SECOND):
        told = whole_call(call_id)
        database.now(lambda c, told=told: journal_store.keep(c, told))  # type: ignore[misc]  # bound at once
        story = story_of(call_id, told, HOME)
        database.now(lambda c, story=story: journal_store.put(c, story))  # type: ignore[misc]  # the same
    late = moment(0) + timedelta(days=1)
    [first] = database.now(lambda c: journal_store.ended_before(c, late, after=None, most=1))
    [second] = database.now(lambda c: journal_store.ended_before(c, late, after=first, most=9))
    assert (first[1], second[1]) == (FIRST, SECOND)
    counted = database.now(lambda c: journal_store.count_details(c, [FIRST, SECOND], late))
    assert database.now(lambda c: journal_store.forget_details(c, [FIRST, SECOND], late)) == counted > 0
    left = database.now(lambda c: journal_store.sightings_of(c, [FIRST, SECOND]))
    assert {one.kind for seen in left.values() for one in seen} == {Seen.ARRIVED, Seen.GONE}
