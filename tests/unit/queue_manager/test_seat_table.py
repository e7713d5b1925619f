"""The table of seats' states: what leads where, and that time and order hold."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ids import CallId, SeatNo
from queue_manager.seat_state import EVENT_WORDS, STATE_WORDS, Happening, SeatEvent, SeatNow, SeatState
from queue_manager.seat_table import NEXT, diagram, step
from tests.fakes.clock import NINE_O_CLOCK

FRESH = SeatNow(seat=SeatNo("8001"), since=NINE_O_CLOCK, changed_at=NINE_O_CLOCK)


def what(event: SeatEvent, after: float = 1.0, **more: object) -> Happening:
    return replace(Happening(event=event, at=NINE_O_CLOCK + timedelta(seconds=after)), **more)  # type: ignore[arg-type]


def test_every_state_and_every_event_is_in_it_and_has_a_chinese_word() -> None:
    assert {state for state, _ in NEXT} == set(NEXT.values()) == set(SeatState) == set(STATE_WORDS)
    assert {event for _, event in NEXT} == set(SeatEvent) == set(EVENT_WORDS)


@pytest.mark.parametrize(
    ("state", "event"), [pair for pair in product(SeatState, SeatEvent) if pair not in NEXT]
)
def test_what_is_not_in_it_changes_nothing(state: SeatState, event: SeatEvent) -> None:
    assert step(replace(FRESH, state=state), what(event)) is None


@pytest.mark.parametrize(("state", "event"), NEXT)
def test_what_is_in_it_leads_there_and_leaves_a_line(state: SeatState, event: SeatEvent) -> None:
    stepped = step(replace(FRESH, state=state, version=7), what(event, reason="小休"))
    assert stepped is not None
    now, change = stepped
    assert now.state is change.after is NEXT[state, event]
    assert (change.before, change.event, change.version) == (state, event, now.version) == (state, event, 8)


@pytest.mark.parametrize(
    "event", [event for event in SeatEvent if event not in (SeatEvent.ANSWERED, SeatEvent.OFFERED)]
)
def test_only_a_call_leads_to_a_call(event: SeatEvent) -> None:
    """A seat talks only after it rang or picked up, and rings only when it is rung."""
    calls = {SeatState.RINGING, SeatState.TALKING}
    assert not [state for state in SeatState if NEXT.get((state, event)) in calls - {state}]


@given(st.lists(st.tuples(st.sampled_from(SeatEvent), st.floats(-100, 100))))
def test_history_never_goes_back(happenings: list[tuple[SeatEvent, float]]) -> None:
    now = FRESH
    for event, after in happenings:
        stepped = step(now, what(event, after))
        if stepped is not None:
            assert stepped[1].at >= now.changed_at
            now = stepped[0]


def test_a_wrap_up_counts_from_when_the_call_really_ended() -> None:
    talking = replace(FRESH, state=SeatState.TALKING, wrap_up_extra=30, call_id=CallId("hotline-1"))
    stepped = step(talking, what(SeatEvent.CALL_OVER, seconds=20))
    assert stepped is not None
    now, change = stepped
    assert now.wrap_up_until == NINE_O_CLOCK + timedelta(seconds=51)
    assert (now.idle_since, change.call_id) == (change.at, "hotline-1")


def test_a_paused_seat_that_is_rung_all_the_same_is_paused_again_afterwards() -> None:
    paused = replace(FRESH, state=SeatState.PAUSED, reason="用餐")
    stepped = step(paused, what(SeatEvent.OFFERED))
    assert stepped is not None
    assert (stepped[0].later, stepped[0].reason) == ("用餐", "")


def test_the_diagram_shows_every_state_by_its_chinese_name() -> None:
    drawn = diagram()
    assert all(f"{state.value}: {word}" in drawn for state, word in STATE_WORDS.items())
    assert "talking --> wrap_up: 通话结束" in drawn
