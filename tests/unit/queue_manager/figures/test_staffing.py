"""座席配置建议: half hours that are over, needs by own arrivals, and who was really there."""

from datetime import datetime, time, timedelta

import pytest

from core.ids import SeatNo
from queue_manager.figures.facts import Period
from queue_manager.figures.figure import Window
from queue_manager.figures.staffing import Basis, HalfHour, staffing
from tests.unit.queue_manager.figures.made import DAY, after, second

BASIS = Basis(handle_seconds=180, threshold_seconds=15)


def half_hours(
    requests: list[datetime],
    *duty: Period,
    window: Window = DAY,
    basis: Basis = BASIS,
) -> dict[time, HalfHour]:
    return {one.begins: one for one in staffing(requests, duty or None, window, basis)}


def on_duty(number: str, since: float, until: float) -> Period:
    return Period(seat=SeatNo(number), since=second(since), until=second(until))


def test_a_day_has_48_and_only_whole_ones_count() -> None:
    assert len(half_hours([])) == 48
    morning = Window(since=after(8.2), until=after(10.4))
    assert list(half_hours([], window=morning)) == [time(8, 30), time(9), time(9, 30)]
    assert half_hours([], window=Window(since=after(8.1), until=after(8.9))) == {}


def test_the_need_follows_from_own_arrivals_and_own_handle_time() -> None:
    busy = half_hours([after(9, seconds=one) for one in range(170)])[time(9)]
    assert (busy.requests, busy.load, busy.seats) == (170, 17.0, (21, 24))


def test_several_days_are_averaged() -> None:
    requests = [after(9), after(24 + 9), after(24 + 9.2), after(9.6)]
    two_days = Window(since=DAY.since, until=DAY.until + timedelta(days=1))
    found = half_hours(requests, window=two_days)
    assert (found[time(9)].requests, found[time(9)].days) == (1.5, 2)
    assert found[time(9, 30)].requests == 0.5


@pytest.mark.parametrize("requests", [[], [after(9)]])
def test_without_a_handle_time_nothing_is_suggested(requests: list[datetime]) -> None:
    unknown = Basis(handle_seconds=None, threshold_seconds=15)
    found = half_hours(requests, basis=unknown)[time(9)]
    assert (found.load, found.seats) == (None, None)


def test_who_is_on_duty_is_there() -> None:
    found = half_hours(
        [],
        on_duty("8001", 8.75, 9.25),
        on_duty("8002", 9, 12),
        on_duty("8003", -3, 9.1),
        window=Window(since=DAY.since, until=after(10)),
    )
    assert [found[time(8, 30)].staffed, found[time(9)].staffed, found[time(9, 30)].staffed] == [1.5, 1.7, 1.0]
    assert found[time(0)].staffed == 1.0


def test_without_any_states_nobody_knows_who_was_there() -> None:
    assert half_hours([])[time(9)].staffed is None
