"""滚动接通率: any 24 hours, and the warning that comes while something can still be done."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_manager.figures.figure import Window
from queue_manager.figures.rolling import Outlook, Request, expected_requests, lowest, outlook, rolling_rate
from tests.unit.queue_manager.figures.made import DAY, NOON, after

TARGET = 95


def asked(number: int, answered: int, at: datetime) -> list[Request]:
    """So many requests, a second apart."""
    return [Request(at=at + timedelta(seconds=n), answered=n < answered) for n in range(number)]


class TestRate:
    def test_is_of_the_24_hours_before_half_open(self) -> None:
        requests = [
            Request(at=after(-12), answered=True),
            Request(at=after(-12, seconds=-0.000001), answered=False),
            Request(at=NOON, answered=False),
        ]
        reading = rolling_rate(requests, NOON)
        assert (reading.num, reading.den) == (1, 1)

    def test_of_nobody_is_none(self) -> None:
        assert rolling_rate([], NOON).value is None
        assert lowest([], DAY).at is None


class TestLowest:
    def test_is_found_with_its_instant(self) -> None:
        requests = [*asked(10, 10, after(1)), *asked(10, 0, after(2)), *asked(30, 30, after(3))]
        found = lowest(requests, DAY)
        assert found.reading.value == 50.0
        assert found.at == after(2, seconds=9.000001)

    def test_may_come_because_good_calls_of_yesterday_are_over(self) -> None:
        requests = [*asked(90, 90, after(-20)), *asked(10, 0, after(-1))]
        found = lowest(requests, Window(since=after(0), until=after(5)))
        assert found.reading.value == 0.0
        assert found.at == after(4, seconds=89.000001)

    @given(
        st.lists(
            st.tuples(st.integers(min_value=-24 * 6, max_value=24 * 6), st.booleans()),
            min_size=1,
            max_size=40,
        )
    )
    def test_no_instant_is_lower(self, calls: list[tuple[int, bool]]) -> None:
        requests = [Request(at=after(seconds=600 * at), answered=answered) for at, answered in calls]
        found = lowest(requests, DAY)
        instants = [after(seconds=300 * step) for step in range(2 * 24 * 6 + 1)]
        seen = [reading.value for at in instants if (reading := rolling_rate(requests, at)).value is not None]
        if found.reading.value is None:
            assert not seen
        else:
            assert min(seen, default=100.0) == found.reading.value


class TestOutlook:
    def test_is_calm_when_the_target_is_kept(self) -> None:
        past = asked(100, 96, after(9))
        found = outlook(past, expected_requests([], [one.at for one in past]), NOON, TARGET)
        assert found == Outlook(expected=100)

    def test_warns_at_once_when_nothing_can_save_it_and_says_when_it_is_over(self) -> None:
        past = [*asked(80, 80, after(9)), *asked(20, 10, after(10))]
        expected = [*(after(13, seconds=n) for n in range(200)), *(after(33, seconds=n) for n in range(80))]
        found = outlook(past, expected, NOON, TARGET)
        assert (found.misses_from, found.worst, found.expected) == (NOON, 90.0, 280)
        assert found.recovers_at == after(13, seconds=120)

    def test_warns_before_it_falls_though_all_is_well_now(self) -> None:
        past = [*asked(1000, 1000, after(-10)), *asked(50, 10, after(9))]
        now = rolling_rate(past, NOON).value
        assert now is not None
        assert now > TARGET
        found = outlook(past, [after(15, seconds=n) for n in range(360)], NOON, TARGET)
        assert found.misses_from is not None
        assert after(14) < found.misses_from < after(14, seconds=1000)
        assert found.recovers_at is not None
        assert found.recovers_at > after(33)

    def test_calls_expected_later_than_a_day_do_not_help(self) -> None:
        assert outlook(asked(10, 0, after(9)), [NOON + timedelta(hours=24)], NOON, TARGET).expected == 0

    def test_counts_nothing_that_lies_after_now_as_past(self) -> None:
        assert outlook(asked(10, 0, after(13)), [], NOON, TARGET) == Outlook()


class TestExpected:
    def test_is_what_came_a_week_ago(self) -> None:
        assert expected_requests([after(9)], [after(8), after(9)]) == [after(9) + timedelta(days=7)]

    def test_is_what_came_a_day_ago_when_last_week_says_little(self) -> None:
        last_day = [after(8), after(9), after(10)]
        assert expected_requests([after(9)], last_day) == [at + timedelta(days=1) for at in last_day]
