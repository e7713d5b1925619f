"""What becomes true of a call, told once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    CallMarkedUrgent,
    CallQueued,
    CallRungInVain,
    CallTransferred,
    EndReason,
    KeptFact,
    Party,
)
from queue_manager.journal import news
from queue_manager.model import CallStory
from queue_manager.sightings import Seen, Sighting
from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import (
    ENDS,
    FIRST,
    HOME,
    INTAKE,
    SECOND,
    arrived,
    gone,
    offered,
    passed_on_after_asking,
    passed_on_blindly,
    queued,
    refused,
    refused_then_answered,
    rung_out,
    seen,
    vanished,
    whole_call,
)


def told_one_by_one(sightings: list[Sighting]) -> list[KeptFact]:
    facts: list[KeptFact] = []
    before: CallStory | None = None
    for number in range(len(sightings)):
        after = story_of(CALL, sightings[: number + 1], HOME)
        facts += news(before, after)
        before = after
    return facts


def kinds(facts: list[KeptFact]) -> list[type[KeptFact]]:
    return [type(fact) for fact in facts]


def test_an_ordinary_call_is_told_in_its_order() -> None:
    assert kinds(told_one_by_one(whole_call())) == [CallArrived, CallQueued, CallAnswered, CallEnded]


def test_everything_at_once_tells_the_same() -> None:
    assert list(news(None, story_of(CALL, whole_call(), HOME))) == told_one_by_one(whole_call())


def test_the_end_sums_up_the_call() -> None:
    *_, ended = told_one_by_one(passed_on_blindly())
    assert isinstance(ended, CallEnded)
    assert (ended.talk_seconds, ended.waited_seconds, ended.hold_seconds) == (91.0, 4.0, 10.0)
    assert (ended.seats, ended.ended_by) == ((FIRST, SECOND), Party.SEAT)


@pytest.mark.parametrize(
    ("call", "to"), [(passed_on_blindly(), ("seat-8002", "")), (passed_on_after_asking(), ("", SECOND))]
)
def test_a_transfer_is_told_and_the_second_seat_is_no_second_answer(
    call: list[Sighting], to: tuple[str, str]
) -> None:
    facts = told_one_by_one(call)
    [transfer] = [fact for fact in facts if isinstance(fact, CallTransferred)]
    assert (transfer.from_seat, (transfer.to_queue, transfer.to_seat)) == (FIRST, to)
    assert kinds(facts).count(CallAnswered) == 1


def test_every_telephone_that_rang_in_vain_is_told_once_with_how_it_ended() -> None:
    facts = told_one_by_one(refused_then_answered())
    in_vain = [fact for fact in facts if isinstance(fact, CallRungInVain)]
    assert [(fact.seat, fact.queue, fact.refused) for fact in in_vain] == [
        (FIRST, INTAKE, True),
        (SECOND, INTAKE, False),
    ]
    assert kinds(facts).index(CallQueued) < kinds(facts).index(CallRungInVain)


def rung(facts: list[KeptFact]) -> list[tuple[str, bool]]:
    return [(fact.seat, fact.refused) for fact in facts if isinstance(fact, CallRungInVain)]


def test_a_refusal_that_asterisk_reports_first_as_no_answer_is_told_as_one() -> None:
    call = [arrived(), queued(), offered(), rung_out(at=8), refused(at=8.001), offered(at=9, seat=SECOND)]
    assert rung(told_one_by_one(call)) == [(FIRST, True)]


def test_a_telephone_that_the_citizen_silenced_by_hanging_up_is_no_missed_one() -> None:
    call = [arrived(), queued(), offered(at=6), rung_out(at=10), gone(at=10.3)]
    assert rung(told_one_by_one(call)) == []
    assert rung(told_one_by_one([*call[:-1], offered(at=11, seat=SECOND)])) == [(FIRST, False)]


def test_a_ringing_that_two_witnesses_date_differently_is_told_once() -> None:
    call = [
        arrived(),
        queued(),
        rung_out(at=21),
        offered(at=22, seat=SECOND),
        offered(at=5.4),
        rung_out(at=20.4),
    ]
    assert rung(told_one_by_one(call)) == [(FIRST, False)]


def test_a_seat_that_refuses_twice_in_a_row_is_told_twice() -> None:
    twice = [offered(at=6), refused(at=6.2), offered(at=7.2), refused(at=7.4), offered(at=8.4, seat=SECOND)]
    assert rung(told_one_by_one([arrived(), queued(), *twice])) == [(FIRST, True), (FIRST, True)]


def test_urgency_is_told_once() -> None:
    marks = [seen(Seen.MARKED, 30, seat=SECOND), seen(Seen.MARKED, 31, seat=FIRST)]
    facts = told_one_by_one([*whole_call()[:4], *marks])
    assert [fact.seat for fact in facts if isinstance(fact, CallMarkedUrgent)] == [SECOND]


def test_an_end_of_which_nobody_saw_the_beginning_is_told_with_one() -> None:
    assert kinds(told_one_by_one([gone()])) == [CallArrived, CallEnded]
    assert kinds(told_one_by_one([queued(), gone(), arrived()])) == [CallQueued, CallArrived, CallEnded]


def test_a_reason_that_is_learnt_later_is_told_again() -> None:
    facts = told_one_by_one([arrived(), vanished(), gone(at=3)])
    reasons = [fact.end_reason for fact in facts if isinstance(fact, CallEnded)]
    assert reasons == [EndReason.UNKNOWN_END, EndReason.HUNG_UP_IN_PROMPT]


@given(st.data())
def test_in_any_order_each_is_told_once_and_the_last_end_is_the_right_one(data: st.DataObject) -> None:
    reason = data.draw(st.sampled_from(sorted(ENDS)))
    call = data.draw(st.sampled_from(ENDS[reason]))(CALL)
    facts = told_one_by_one(data.draw(st.permutations(call)))
    for kind in (CallArrived, CallQueued, CallAnswered):
        assert kinds(facts).count(kind) <= 1
    assert kinds(facts).count(CallArrived) == 1
    assert [fact.end_reason for fact in facts if isinstance(fact, CallEnded)][-1] is reason


def test_nothing_new_is_no_news() -> None:
    told = story_of(CALL, whole_call(), HOME)
    assert list(news(told, told)) == []
