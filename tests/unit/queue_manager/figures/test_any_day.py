"""任意一天: whatever happens, rates are rates, parts make the whole, and order does not matter."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.ids import CallId, QueueName
from queue_manager.figures.facts import Arrival, Result, Stay
from queue_manager.figures.figure import Figure
from queue_manager.figures.report import Report, Seen, report_of
from tests.unit.queue_manager.figures.made import DAY, ENTERPRISE, INTAKE, POLICY, after, arrival, stay

IN_A_QUEUE = [result for result in Result if result is not Result.PROMPT_HANGUP]
WAIT = st.integers(min_value=0, max_value=400)
STAY = st.builds(stay, st.sampled_from(IN_A_QUEUE), WAIT, st.sampled_from([INTAKE, ENTERPRISE]))
CALL = st.builds(
    lambda stays, minutes, flag: (tuple(stays), minutes, flag),
    st.lists(STAY, max_size=3),
    st.integers(min_value=0, max_value=24 * 60 - 1),
    st.sampled_from(["", "", "", "test", "robot"]),
)
Call = tuple[tuple[Stay, ...], int, str]


def day(calls: list[Call]) -> list[Arrival]:
    return [
        arrival(f"call-{n}", *stays, at=after(seconds=60 * minutes), flag=flag)
        for n, (stays, minutes, flag) in enumerate(calls)
    ]


def report(arrivals: list[Arrival], queue: QueueName | None = None) -> Report:
    return report_of(Seen(window=DAY, as_of=DAY.until, arrivals=tuple(arrivals)), queue, POLICY)


def number(figures: Mapping[str, Figure], key: str) -> float:
    value = figures[key].value
    assert value is not None
    return value


def all_figures(told: Report) -> list[Figure]:
    groups = [told.calls, told.rolling, *told.queues.values(), *told.seats.values()]
    return [figure for group in groups for figure in group.values()]


@settings(max_examples=50)
@given(st.lists(CALL, max_size=30))
def test_a_rate_lies_between_0_and_100_and_is_its_numerator_by_its_denominator(calls: list[Call]) -> None:
    for figure in all_figures(report(day(calls))):
        if figure.unit == "%" and figure.value is not None:
            assert 0 <= figure.value <= 100
            assert figure.num is not None
            assert figure.den
            assert abs(figure.value - 100 * figure.num / figure.den) <= 0.005 + 1e-9


@settings(max_examples=50)
@given(st.lists(CALL, max_size=30), st.sampled_from([None, INTAKE, ENTERPRISE]))
def test_parts_sum_up_to_the_whole(calls: list[Call], queue: QueueName | None) -> None:
    figures = report(day(calls), queue).calls
    outcomes = sum(number(figures, result) for result in IN_A_QUEUE)
    assert number(figures, "requests") == outcomes
    turned_away = number(figures, "requests") - number(figures, "entered")
    assert 0 <= turned_away <= number(figures, "blocked") + number(figures, "saturated")
    assert number(figures, "short_abandoned") <= number(figures, "abandoned")
    if queue is None:
        assert number(figures, "distinct_calls") == outcomes + number(figures, "prompt_hangup")
        assert figures["connect_rate"].value == figures["hotline_connect_rate"].value


@settings(max_examples=50)
@given(st.lists(CALL, max_size=30))
def test_queues_together_are_all_stays(calls: list[Call]) -> None:
    arrivals = day(calls)
    stays = [one for call in arrivals if DAY.holds(call.at) and not call.flag for one in call.stays]
    queues = report(arrivals).queues
    assert sum(number(figures, "requests") for figures in queues.values()) == len(stays)
    answered = [one for one in stays if one.result is Result.ANSWERED]
    assert sum(number(figures, "answered") for figures in queues.values()) == len(answered)


@settings(max_examples=50)
@given(st.lists(CALL, max_size=30), st.randoms(use_true_random=False))
def test_the_order_in_which_calls_are_read_changes_nothing(calls: list[Call], chance: random.Random) -> None:
    arrivals = day(calls)
    shuffled = arrivals.copy()
    chance.shuffle(shuffled)
    assert report(shuffled) == report(arrivals)


@settings(max_examples=50)
@given(st.lists(CALL, max_size=20), CALL, st.sampled_from([DAY.until, DAY.since - timedelta(microseconds=1)]))
def test_a_call_of_another_day_changes_nothing(calls: list[Call], another: Call, at: datetime) -> None:
    arrivals = day(calls)
    other = replace(day([another])[0], at=at, call_id=CallId("other"))
    before, along = report(arrivals), report([*arrivals, other])
    assert (along.calls, along.queues, along.seats) == (before.calls, before.queues, before.seats)


@settings(max_examples=50)
@given(st.lists(CALL, max_size=20), WAIT)
def test_one_more_answered_call_changes_what_it_should(calls: list[Call], wait: int) -> None:
    arrivals = day(calls)
    more = arrival("more", stay(Result.ANSWERED, wait), at=DAY.since)
    before, along = report(arrivals).calls, report([*arrivals, more]).calls
    one_more = {"distinct_calls", "human_requests", "requests", "entered", "answered"}
    for key, figure in along.items():
        if figure.den is None:
            assert number(along, key) == number(before, key) + (key in one_more), key
    assert _not_lower(before["connect_rate"], along["connect_rate"])
    in_time = [figures["answered_in_15s"].num for figures in (before, along)]
    assert in_time[1] == (in_time[0] or 0) + (wait <= 15)
    assert along["mean_wait_abandoned"].value == before["mean_wait_abandoned"].value


def _not_lower(before: Figure, after_: Figure) -> bool:
    return before.value is None or (after_.value is not None and after_.value >= before.value)


@settings(max_examples=50)
@given(st.lists(CALL, max_size=20), STAY)
def test_a_flagged_call_changes_only_how_many_are_not_counted(calls: list[Call], one: Stay) -> None:
    arrivals = day(calls)
    machine = arrival("machine", one, at=DAY.since, flag="robot")
    before, along = report(arrivals), report([*arrivals, machine])
    assert number(along.calls, "excluded") == number(before.calls, "excluded") + 1
    same = {key for key in along.calls if key != "excluded"}
    assert {key: along.calls[key] for key in same} == {key: before.calls[key] for key in same}
    assert (along.seats, along.rolling, along.staffing) == (before.seats, before.rolling, before.staffing)
