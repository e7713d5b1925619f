"""A day of calls as Asterisk tells of it, in any order, twice, or in part: the figures still add up."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from core.bus import Bus
from core.database import Database
from core.events import KEPT, CallAnswered, CallArrived, CallEnded, CallQueued, EndReason, KeptFact
from core.ids import CallId
from queue_manager import journal_store, store
from queue_manager.ami_events import instant_of, sightings_of
from queue_manager.desk import JournalDesk, Node
from queue_manager.model import Blind, CallRow, CallStory, Heard, OfferRow, SegmentRow
from queue_manager.reconciler import Reconciler
from queue_manager.reconciliation import BlindTime
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes import story_rules
from tests.fakes.ami_calls import SCRIPTS, AmiCall, Event
from tests.fakes.asterisk_look import AskedAsterisk
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear, fresh_database
from tests.fakes.sightings import HOME, moment

EVENING = moment(12 * 3600)
LOST_TOUCH = BlindTime(began=moment(0), why=Blind.ASTERISK_AWAY)


@dataclass(frozen=True, kw_only=True)
class Day:
    """How each call really ended, and every event in the order in which Asterisk sent it."""

    ends: dict[CallId, EndReason]
    events: list[Event]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the journal holds in the evening, and what was told of it."""

    stories: dict[CallId, CallStory]
    seen: dict[CallId, set[Sighting]]
    told: list[KeptFact]


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A few calls of every kind at the same time."""
    chance = Random(draw(st.integers(0, 2**32)))
    ends: dict[CallId, EndReason] = {}
    events: list[Event] = []
    for number, reason in enumerate(draw(st.lists(st.sampled_from(sorted(SCRIPTS)), min_size=1, max_size=6))):
        call = AmiCall(number, chance)
        draw(st.sampled_from(SCRIPTS[reason]))(call)
        ends[call.call_id] = reason
        events += call.events
    return Day(ends=ends, events=sorted(events, key=lambda event: event["timestamp"]))


def _rows(database: Database) -> dict[CallId, CallStory]:
    def stored(call: CallRow, segments: list[SegmentRow], offers: list[OfferRow]) -> CallStory:
        return CallStory(
            call=call, segments=tuple(segments), offers=tuple(offers), arrival_seen=True, end_seen=True
        )

    calls = database.now(lambda c: store.calls_between(c, moment(-86400), moment(86400)))
    return {
        call.call_id: stored(
            call,
            database.now(lambda c, i=call.call_id: store.segments_of(c, i)),  # type: ignore[misc]  # bound at once
            database.now(lambda c, i=call.call_id: store.offers_of(c, i)),  # type: ignore[misc]  # the same
        )
        for call in calls
    }


async def _in_the_evening(events: list[Event], batch: int, blind: BlindTime = LOST_TOUCH) -> Outcome:
    with tempfile.TemporaryDirectory() as folder, fresh_database("sqlite://") as database:
        ear = Ear(*KEPT)
        outbox = ear.connect(database)
        node = Node(name=HOME.node, logs=Path(folder), recordings=Path(HOME.recordings))
        desk = JournalDesk(database, outbox, Bus(), node, StandingClock(EVENING))
        seen = [sighting for event in events for sighting in sightings_of(event, HOME.recordings)]
        for first in range(0, len(seen), batch):
            await desk.note(*seen[first : first + batch])
        heard = Heard(at=EVENING, booted_at=None)
        with structlog.testing.capture_logs():
            await Reconciler(desk).reconcile(AskedAsterisk(at=EVENING), blind, heard)
        await outbox.deliver_once()
        rows = _rows(database)
        kept = database.now(lambda c: journal_store.sightings_of(c, list(rows)))
        return Outcome(stories=rows, seen=kept, told=ear.heard)


def _assert_it_adds_up(outcome: Outcome) -> None:
    ends = [fact for fact in outcome.told if isinstance(fact, CallEnded)]
    reasons = {call_id: story.call.end_reason for call_id, story in outcome.stories.items()}
    assert None not in reasons.values()
    assert {fact.call_id: fact.end_reason for fact in ends} == reasons
    for kind in (CallArrived, CallQueued, CallAnswered):
        assert max(Counter(f.call_id for f in outcome.told if isinstance(f, kind)).values(), default=1) == 1
    for call_id, story in outcome.stories.items():
        story_rules.hold(story)
        told = story_of(call_id, outcome.seen[call_id], HOME)
        assert (told.call, told.segments, told.offers) == (story.call, story.segments, story.offers)


@settings(max_examples=30)
@given(day=days(), batch=st.integers(1, 40), data=st.data())
def test_in_any_order_and_twice_every_arrival_ends_as_it_did_and_the_reasons_add_up(
    day: Day, batch: int, data: st.DataObject
) -> None:
    doubles = data.draw(st.lists(st.sampled_from(day.events), max_size=20))
    outcome = asyncio.run(_in_the_evening(data.draw(st.permutations(day.events + doubles)), batch))
    _assert_it_adds_up(outcome)
    assert {call_id: story.call.end_reason for call_id, story in outcome.stories.items()} == day.ends
    assert Counter(day.ends.values()) == Counter(s.call.end_reason for s in outcome.stories.values())
    answers = [fact for fact in outcome.told if isinstance(fact, CallAnswered)]
    assert len(answers) == sum(reason is EndReason.ANSWERED for reason in day.ends.values())
    assert outcome.stories == asyncio.run(_in_the_evening(day.events, 200)).stories


@settings(max_examples=40)
@given(day=days(), batch=st.integers(1, 40), data=st.data())
def test_in_part_every_arrival_that_left_a_trace_has_one_end_and_none_has_two(
    day: Day, batch: int, data: st.DataObject
) -> None:
    part = data.draw(st.lists(st.sampled_from(day.events), min_size=1))
    outcome = asyncio.run(_in_the_evening(part, batch))
    _assert_it_adds_up(outcome)
    assert set(outcome.stories) <= set(day.ends)
    assert (
        outcome.stories == asyncio.run(_in_the_evening(sorted(part, key=lambda e: e["timestamp"]), 7)).stories
    )


@settings(max_examples=25)
@given(day=days(), lost=st.floats(0, 1))
def test_a_gap_in_the_middle_loses_no_call_that_was_seen_before_or_after(day: Day, lost: float) -> None:
    middle = len(day.events) // 2
    gap = int(lost * middle)
    outcome = asyncio.run(
        _in_the_evening(day.events[: middle - gap // 2] + day.events[middle + gap // 2 :], 9)
    )
    _assert_it_adds_up(outcome)


@settings(max_examples=25)
@given(day=days(), share=st.floats(0.05, 0.95))
def test_when_asterisk_restarts_in_the_middle_those_who_were_with_us_were_cut_off_and_no_other(
    day: Day, share: float
) -> None:
    until = max(1, int(share * len(day.events)))
    at = instant_of(day.events[until - 1])
    assert at is not None
    restart = BlindTime(began=at, why=Blind.ASTERISK_AWAY, restarted=at + timedelta(seconds=2))
    outcome = asyncio.run(_in_the_evening(day.events[:until], 9, restart))
    _assert_it_adds_up(outcome)
    over = {e["uniqueid"] for e in day.events[:until] if e["event"] == "Hangup"}
    for call_id, story in outcome.stories.items():
        if call_id in over:
            assert story.call.end_reason is day.ends[call_id]
        elif story.call.answered_at is None and day.ends[call_id] is not EndReason.TRANSFERRED:
            assert story.call.end_reason is EndReason.SYSTEM_FAILURE
