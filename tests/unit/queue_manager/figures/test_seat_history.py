"""座席历史: the states share out the log-in time to the second, whatever a seat did."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.ids import CallId, SeatNo
from queue_manager.figures.facts import Period, SeatTime, Second
from queue_manager.figures.seat_history import Line, SeatHistory, history_of
from queue_manager.seat_state import NO_CALL, SeatState
from tests.unit.queue_manager.figures.made import SEAT

OFF, READY, RINGING, TALKING, WRAP_UP, PAUSED = SeatState
OTHER = SeatNo("8002")
CALL = CallId("hotline-1.1")


def lines(*did: tuple[Second, SeatState], before: SeatState = OFF, seat: SeatNo = SEAT) -> list[Line]:
    """A seat's history: from then on it did that."""
    states = [before, *(state for _, state in did)]
    return [
        Line(seat, at, left, entered, CALL)
        for (at, _), (left, entered) in zip(did, pairwise(states), strict=True)
    ]


def told(*parts: list[Line], window: tuple[Second, Second] = (0, 1000), now: Second = 2000) -> SeatHistory:
    return history_of([line for part in parts for line in part], {}, (*window, now))


def lengths(periods: list[Period]) -> list[tuple[Second, Second]]:
    return [(period.since, period.until) for period in periods]


class TestTime:
    def test_runs_from_line_to_line(self) -> None:
        found = told(lines((100, READY), (300, TALKING), (360, WRAP_UP), (380, PAUSED), (900, OFF)))
        assert found.spent[SEAT] == {
            SeatTime.READY: 200,
            SeatTime.TALK: 60,
            SeatTime.ACW: 20,
            SeatTime.PAUSE: 520,
        }
        assert (lengths(found.logins), lengths(found.duty)) == ([(100, 900)], [(100, 380)])

    def test_before_the_first_line_is_that_of_the_state_it_led_away_from(self) -> None:
        found = told(lines((100, READY), before=PAUSED))
        assert found.spent[SEAT] == {SeatTime.PAUSE: 100, SeatTime.READY: 900}
        assert (lengths(found.logins), lengths(found.duty)) == ([(0, 1000)], [(100, 1000)])

    def test_after_the_window_does_not_count(self) -> None:
        found = told(lines((100, READY), (1500, OFF), (1600, READY)))
        assert (found.spent[SEAT], lengths(found.logins)) == ({SeatTime.READY: 900}, [(100, 1000)])

    def test_goes_on_until_now_at_the_most(self) -> None:
        found = told(lines((100, READY)), now=400)
        assert (found.spent[SEAT], lengths(found.logins)) == ({SeatTime.READY: 300}, [(100, 400)])

    def test_of_a_seat_without_lines_is_that_of_what_it_does(self) -> None:
        found = history_of([], {SEAT: READY, OTHER: OFF}, (0, 1000, 400))
        assert set(found.spent) == {SEAT}
        assert (found.spent[SEAT], lengths(found.logins)) == ({SeatTime.READY: 400}, [(0, 400)])

    def test_is_missing_where_a_line_is_missing(self) -> None:
        torn = [*lines((100, READY)), Line(SEAT, 300, PAUSED, TALKING, CALL)]
        assert told(torn).spent[SEAT] == {SeatTime.TALK: 700}
        assert lengths(told(torn).logins) == [(100, 1000)]

    def test_of_one_seat_is_not_that_of_another(self) -> None:
        found = told(lines((100, READY), (200, OFF)), lines((500, PAUSED), seat=OTHER))
        assert found.spent == {SEAT: {SeatTime.READY: 100}, OTHER: {SeatTime.PAUSE: 500}}

    @given(
        st.lists(st.tuples(st.integers(0, 300), st.sampled_from(SeatState)), min_size=1, max_size=30),
        st.sampled_from(SeatState),
        st.integers(0, 3000),
        st.integers(0, 3000),
    )
    def test_of_all_states_is_the_log_in_time_exactly(
        self, steps: list[tuple[int, SeatState]], before: SeatState, lasts: int, more: int
    ) -> None:
        at, did = 0, []
        for step, state in steps:
            at += step
            did.append((at, state))
        found = told(lines(*did, before=before), window=(0, lasts), now=max(at, lasts) + more)
        logged_in = sum(period.until - period.since for period in found.logins)
        assert found.spent[SEAT].total() == logged_in <= lasts
        on_duty = sum(period.until - period.since for period in found.duty)
        assert on_duty == logged_in - found.spent[SEAT][SeatTime.PAUSE]


class TestWrapUp:
    def test_belongs_to_the_call_before_it_also_after_a_ringing_in_vain(self) -> None:
        rest = [Line(SEAT, 90, WRAP_UP, RINGING, CallId("another")), Line(SEAT, 95, RINGING, READY, NO_CALL)]
        again = [Line(SEAT, 95, READY, WRAP_UP, NO_CALL), Line(SEAT, 105, WRAP_UP, READY, NO_CALL)]
        found = told([*lines((10, TALKING), (70, WRAP_UP)), *rest, *again])
        assert found.wrap_ups == Counter({(CALL, SEAT): 30})

    def test_is_known_after_the_window_too_and_while_it_lasts(self) -> None:
        assert told(lines((900, TALKING), (1100, WRAP_UP), (1130, READY))).wrap_ups[CALL, SEAT] == 30
        assert told(lines((900, TALKING), (1100, WRAP_UP)), now=1107).wrap_ups[CALL, SEAT] == 7
