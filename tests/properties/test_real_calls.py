"""Real calls, torn, doubled and out of order: what the journal makes of them holds together."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Party
from core.ids import CallId
from queue_manager.ami_events import sightings_of
from queue_manager.legs import Legs
from queue_manager.model import CallStory, Via
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes import story_rules
from tests.fakes.sightings import HOME
from tests.house.tree import ROOT

TRACES = sorted((ROOT / "tests/data/ami").glob("*.jsonl"))


def seen_in(trace: Path) -> list[Sighting]:
    legs = Legs()
    events = (legs.told(json.loads(line)) for line in trace.read_text(encoding="utf-8").splitlines())
    return [sighting for event in events for sighting in sightings_of(event, HOME.recordings)]


def story(seen: list[Sighting]) -> CallStory:
    return story_of(CallId(seen[0].call_id), seen, HOME)


def test_there_are_real_calls() -> None:
    assert TRACES


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
@settings(max_examples=30)
@given(data=st.data())
def test_order_and_doubles_change_nothing(trace: Path, data: st.DataObject) -> None:
    seen = seen_in(trace)
    story_rules.hold(story(seen))
    assert story(data.draw(st.permutations(seen + seen[::2]))) == story(seen)


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
@settings(max_examples=40)
@given(data=st.data())
def test_a_loss_leaves_rows_that_hold_together(trace: Path, data: st.DataObject) -> None:
    part = data.draw(st.lists(st.sampled_from(seen_in(trace)), min_size=1, unique=True))
    story_rules.hold(story(part))


def test_the_colleague_who_was_asked_is_seen_to_hang_up_first() -> None:
    asked, colleague = story(seen_in(ROOT / "tests/data/ami/attended_transfer.jsonl")).segments
    assert 5 < asked.hold_seconds < asked.talk_seconds
    assert (colleague.via, colleague.hold_seconds) == (Via.ATTENDED, 0)
    assert colleague.ended_by is Party.SEAT
