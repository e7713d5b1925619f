"""A call's row, whatever order the sightings come in."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import CallAnswered, CallEnded, EndReason
from queue_manager.journal import Sighting, absorb, close_vanished, news
from queue_manager.model import CallRow, Gone, OfferEnded
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, after, answered, arrived, gone, offered, queued, whole_call


def row_of(*seen: Sighting) -> CallRow:
    row: CallRow | None = None
    for sighting in seen:
        row = absorb(row, sighting)
    assert row is not None
    return row


@given(st.data())
def test_any_order_and_any_repetition_give_the_same_row(data: st.DataObject) -> None:
    seen = whole_call()
    doubled = seen + data.draw(st.lists(st.sampled_from(seen), max_size=8))
    shuffled = data.draw(st.permutations(doubled))
    assert row_of(*shuffled) == row_of(*seen)


@given(st.data())
def test_an_ended_call_has_exactly_one_reason_and_it_is_told_at_the_latest_with_the_last_sighting(
    data: st.DataObject,
) -> None:
    row: CallRow | None = None
    told = []
    for sighting in data.draw(st.permutations(whole_call())):
        changed = absorb(row, sighting)
        told += list(news(row, changed))
        row = changed
    ends = [fact for fact in told if isinstance(fact, CallEnded)]
    assert ends[-1].end_reason is EndReason.ANSWERED
    assert sum(isinstance(fact, CallAnswered) for fact in told) == 1


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ([arrived(), gone(at=3)], EndReason.HUNG_UP_IN_PROMPT),
        ([arrived(), queued(), gone(at=20)], EndReason.HUNG_UP_WAITING),
        ([arrived(), queued(), offered(at=6), gone(at=9)], EndReason.HUNG_UP_RINGING),
        (
            [
                arrived(),
                queued(),
                offered(at=6),
                OfferEnded(call_id=CALL, at=NINE_O_CLOCK + after(21)),
                gone(at=40),
            ],
            EndReason.HUNG_UP_WAITING,
        ),
        (whole_call(), EndReason.ANSWERED),
    ],
)
def test_the_end_reason_says_how_far_the_citizen_came(seen: list[Sighting], reason: EndReason) -> None:
    assert row_of(*seen).end_reason is reason


def test_waiting_counts_from_the_queue_and_talking_from_the_answer() -> None:
    row = row_of(*whole_call())
    assert (row.waited_seconds, row.talk_seconds) == (4.0, 60.0)


def test_a_call_that_vanished_unseen_ends_unknown_and_a_later_certain_sighting_corrects_it() -> None:
    row = row_of(arrived(), queued())
    [vanished] = close_vanished([row], frozenset(), NINE_O_CLOCK + after(100))
    unknown = absorb(row, vanished)
    assert unknown.end_reason is EndReason.UNKNOWN_END
    assert absorb(unknown, gone(at=30)).end_reason is EndReason.HUNG_UP_WAITING
    assert absorb(row_of(arrived(), gone(at=30)), vanished).gone_certain


def test_a_living_call_is_not_closed() -> None:
    assert close_vanished([row_of(arrived())], frozenset({CALL}), NINE_O_CLOCK) == []


def test_nothing_new_is_no_news() -> None:
    row = row_of(*whole_call())
    assert list(news(row, absorb(row, answered()))) == []
    assert replace(row) == row
    assert list(news(row, absorb(row, Gone(call_id=CALL, at=NINE_O_CLOCK + after(500))))) == []
