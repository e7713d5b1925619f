"""Reconciliation: whatever was missed while nobody listened, every call that was ever seen ends, once."""

import asyncio
import tempfile
from pathlib import Path

import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bus import Bus
from core.database import Connection
from core.events import KEPT, CallAnswered, CallArrived, CallEnded, CallQueued, EndReason, KeptFact
from core.ids import CallId
from queue_manager import store
from queue_manager.desk import JournalDesk, Node
from queue_manager.model import Blind, CallRow, Heard
from queue_manager.reconciler import Reconciler
from queue_manager.reconciliation import BlindTime
from queue_manager.sightings import Sighting
from tests.fakes.asterisk_look import AskedAsterisk, citizen
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.sightings import whole_call

CALLS = tuple(CallId(f"hotline-{number}.0") for number in range(4))


@st.composite
def what_was_seen(draw: st.DrawFn) -> list[Sighting]:
    """Any sightings of some calls, in any order; the rest was missed."""
    everything = [sighting for call in CALLS for sighting in whole_call(call)]
    return draw(st.lists(st.sampled_from(everything), min_size=1, max_size=16))


async def _rows_and_news(
    seen: list[Sighting], reconciled: int, living: list[CallId]
) -> tuple[list[CallRow], list[KeptFact]]:
    with tempfile.TemporaryDirectory() as folder, fresh_database("sqlite://") as database:
        ear = Ear(*KEPT)
        outbox = ear.connect(database)
        node = Node(name="hotline", logs=Path(folder), recordings=Path("/recordings"))
        desk = JournalDesk(database, outbox, Bus(), node, StandingClock())
        await desk.note(*seen[:reconciled])
        heard = Heard(at=NINE_O_CLOCK, booted_at=None)
        blind = BlindTime(began=NINE_O_CLOCK, why=Blind.ASTERISK_AWAY)
        reconciler = Reconciler(desk)
        await reconciler.reconcile(AskedAsterisk(*map(citizen, living)), blind, heard)
        await desk.note(*seen[reconciled:])
        await reconciler.reconcile(AskedAsterisk(), blind, heard)
        await outbox.deliver_once()

        def look(connection: Connection) -> list[CallRow]:
            return store.latest_calls(connection, 100)

        return database.now(look), ear.heard


@settings(max_examples=40)
@given(seen=what_was_seen(), reconciled=st.integers(0, 16), living=st.lists(st.sampled_from(CALLS)))
def test_every_call_that_was_ever_seen_ends_in_exactly_one_reason(
    seen: list[Sighting], reconciled: int, living: list[CallId]
) -> None:
    with structlog.testing.capture_logs():
        rows, news = asyncio.run(_rows_and_news(seen, reconciled, living))
    assert {row.call_id for row in rows} == {sighting.call_id for sighting in seen} | set(living)
    assert len(rows) == len({row.call_id for row in rows})
    reasons = {row.call_id: row.end_reason for row in rows}
    assert None not in reasons.values()
    last_told = {fact.call_id: fact.end_reason for fact in news if isinstance(fact, CallEnded)}
    assert last_told == reasons
    for kind in (CallArrived, CallQueued, CallAnswered):
        told = [fact.call_id for fact in news if isinstance(fact, kind)]
        assert len(told) == len(set(told))
    answered = {row.call_id for row in rows if row.answered_at is not None}
    assert {call for call, reason in reasons.items() if reason is EndReason.ANSWERED} == answered
