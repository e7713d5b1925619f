"""来电指标: what counts where; each line of the table of formulas on small sets of calls."""

import pytest

from queue_manager.figures.facts import Arrival, Result
from queue_manager.figures.figure import Number
from queue_manager.figures.scope import CallSide
from tests.unit.queue_manager.figures.made import ENTERPRISE, INTAKE, POLICY, arrival, stay


def values(arrivals: list[Arrival], *, of_intake: bool = False) -> dict[str, Number | None]:
    queue = INTAKE if of_intake else None
    return {key: reading.value for key, reading in CallSide(arrivals).readings(queue, POLICY).items()}


def calls(result: Result, *waits: int) -> list[Arrival]:
    return [arrival(f"{result}-{wait}", stay(result, wait)) for wait in waits]


@pytest.mark.parametrize(("wait", "in_time"), [(14, 100.0), (15, 100.0), (16, 0.0)])
def test_a_wait_of_just_the_limit_is_in_time(wait: int, in_time: float) -> None:
    assert values(calls(Result.ANSWERED, wait))["answered_in_15s"] == in_time


@pytest.mark.parametrize(("wait", "short"), [(5, 1), (6, 0)])
def test_a_hang_up_at_just_the_limit_is_a_short_one(wait: int, short: int) -> None:
    assert values(calls(Result.ABANDONED, wait))["short_abandoned"] == short


@pytest.mark.parametrize(
    ("result", "key"),
    [
        (Result.TIMEOUT, "timeout"),
        (Result.CALLBACK, "callback"),
        (Result.BLOCKED, "blocked"),
        (Result.SATURATED, "saturated"),
        (Result.WITHDRAWN, "withdrawn"),
        (Result.TRANSFERRED, "transferred"),
        (Result.SYSTEM_FAILURE, "system_failure"),
        (Result.UNKNOWN_END, "unknown_end"),
        (Result.CUT_OFF, "cut_off"),
        (Result.LIVING, "living"),
    ],
)
def test_what_is_not_the_citizens_own_hang_up_is_never_abandoned(result: Result, key: str) -> None:
    found = values(calls(result, 20))
    assert (found[key], found["abandoned"], found["answered"]) == (1, 0, 0)
    assert (found["requests"], found["connect_rate"]) == (1, 0.0)


@pytest.mark.parametrize("result", [Result.BLOCKED, Result.SATURATED])
def test_who_is_turned_away_at_the_door_asked_but_did_not_enter(result: Result) -> None:
    found = values(calls(result, 0))
    assert (found["requests"], found["entered"], found["max_wait"]) == (1, 0, None)


def test_a_hang_up_in_the_greeting_is_an_arrival_and_no_request() -> None:
    found = values([arrival("one")])
    assert (found["distinct_calls"], found["prompt_hangup"], found["requests"]) == (1, 1, 0)
    assert found["connect_rate"] is None


def test_a_transferred_call_is_one_arrival_and_two_stays() -> None:
    moved = arrival("moved", stay(wait=8), stay(wait=20, queue=ENTERPRISE))
    whole, intake = values([moved]), values([moved], of_intake=True)
    assert (whole["requests"], whole["answered"], whole["mean_wait_answered"]) == (1, 1, 8.0)
    assert (intake["requests"], intake["answered"], intake["mean_wait_answered"]) == (1, 1, 8.0)
    enterprise = CallSide([moved]).readings(ENTERPRISE, POLICY)
    assert enterprise["mean_wait_answered"].value == 20.0
    assert CallSide([moved]).readings(None, POLICY)["handle_time"].den == 2


def test_who_is_passed_on_after_too_long_a_wait_is_answered_for_the_hotline_only() -> None:
    passed = arrival("passed", stay(Result.TIMEOUT, 60), stay(wait=10, queue=ENTERPRISE))
    whole, intake = values([passed]), values([passed], of_intake=True)
    assert (whole["answered"], whole["timeout"], whole["mean_wait_answered"]) == (1, 0, 70.0)
    assert (intake["answered"], intake["timeout"], intake["connect_rate"]) == (0, 1, 0.0)


def test_who_still_waits_counts_in_the_longest_wait_and_in_no_other_suites_rate() -> None:
    found = values([*calls(Result.ANSWERED, 3), *calls(Result.LIVING, 99)])
    assert found["max_wait"] == 99
    assert (found["requests"], found["connect_rate"]) == (2, 50.0)
    assert found["service_level_vonage_breakouts"] == 100.0


def test_from_arrival_the_greeting_counts_too() -> None:
    found = values(calls(Result.ANSWERED, 9, 10, 11))
    assert (found["answered_in_15s"], found["answered_in_15s_from_arrival"]) == (100.0, 66.67)


def test_without_any_instant_of_arrival_nothing_is_said_about_it() -> None:
    unknown = [
        Arrival(call_id=one.call_id, at=one.at, result=one.result) for one in calls(Result.ANSWERED, 3)
    ]
    assert values(unknown)["answered_in_15s_from_arrival"] is None


def test_talk_that_goes_on_is_not_yet_handle_time() -> None:
    ended, going_on = stay(), stay()
    object.__setattr__(going_on, "finished", False)
    found = CallSide([arrival("a", ended), arrival("b", going_on)]).readings(None, POLICY)
    assert (found["handle_time"].num, found["handle_time"].den) == (60, 1)
    assert found["answered"].value == 2


@pytest.mark.parametrize("flag", ["test", "robot"])
def test_flagged_calls_are_shown_and_counted_nowhere(flag: str) -> None:
    citizens = [*calls(Result.ANSWERED, 3, 20), *calls(Result.ABANDONED, 9)]
    machine = arrival("machine", stay(wait=1), flag=flag)
    without, along = values(citizens), values([*citizens, machine])
    assert along["excluded"] == 1
    assert {**along, "excluded": 0} == without
