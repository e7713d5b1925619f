"""座席指标: log-in time is shared out without a rest; offers that were taken back are nobody's fault."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.ids import SeatNo
from queue_manager.figures.facts import Login, Offer, Offered, SeatTime, Second, Sheet, Shift, Span, Stay
from queue_manager.figures.figure import Number, Window, floored
from queue_manager.figures.seat_side import SeatDay, SeatFacts, readings, seat_days, seconds_in
from tests.unit.queue_manager.figures.made import DAY, MIDNIGHT, SEAT, after, second, stay


def span(state: SeatTime, since: Second, until: Second | None) -> Span:
    return Span(seat=SEAT, state=state, since=since, until=until)


def day_of(facts: SeatFacts, *stays: Stay, window: Window = DAY, as_of: datetime = DAY.until) -> SeatDay:
    [day] = seat_days(facts, stays, window, as_of)
    return day


def values(day: SeatDay) -> dict[str, Number | None]:
    return {key: reading.value for key, reading in readings(day).items()}


class TestTime:
    def test_of_a_shift_is_shared_out(self) -> None:
        facts = SeatFacts(
            logins=(Login(seat=SEAT, since=second(8), until=second(9)),),
            spans=(
                span(SeatTime.READY, second(8), second(8.25)),
                span(SeatTime.OFFER, second(8.25), second(8.25, seconds=10)),
                span(SeatTime.TALK, second(8.25, seconds=10), second(8.5)),
                span(SeatTime.ACW, second(8.5), second(8.75)),
                span(SeatTime.PAUSE, second(8.75), second(9)),
            ),
        )
        found = values(day_of(facts))
        assert (found["login"], found["available"], found["busy"]) == (3600, 2700, 890 + 900)
        assert (found["occupancy"], found["utilisation"]) == (66.3, 49.72)
        assert found["unaccounted"] == 0

    def test_outside_the_window_does_not_count(self) -> None:
        night = SeatFacts(
            logins=(Login(seat=SEAT, since=second(-2), until=second(1)),),
            spans=(span(SeatTime.READY, second(-2), second(1)),),
        )
        assert values(day_of(night))["login"] == 3600

    def test_goes_on_until_now_while_it_lasts(self) -> None:
        facts = SeatFacts(
            logins=(Login(seat=SEAT, since=second(8), until=None),),
            spans=(span(SeatTime.READY, second(8), None),),
        )
        found = values(day_of(facts, as_of=after(10)))
        assert (found["login"], found["ready"], found["unaccounted"]) == (7200, 7200, 0)

    def test_that_no_state_covers_is_shown(self) -> None:
        facts = SeatFacts(
            logins=(Login(seat=SEAT, since=second(8), until=second(9)),),
            spans=(span(SeatTime.READY, second(8), second(8.5)),),
        )
        assert values(day_of(facts))["unaccounted"] == 1800

    def test_before_the_window_began_is_none(self) -> None:
        assert not seat_days(SeatFacts(), [], DAY, after(-5))

    @given(
        st.lists(
            st.tuples(st.sampled_from(SeatTime), st.floats(min_value=0, max_value=5000)),
            min_size=1,
            max_size=40,
        ),
        st.floats(min_value=-9000, max_value=9000),
        st.floats(min_value=0, max_value=50000),
    )
    def test_of_all_states_sums_up_to_the_log_in_time_exactly(
        self, states: list[tuple[SeatTime, float]], begins: float, lasts: float
    ) -> None:
        at = began = after(seconds=begins)
        spans = []
        for state, seconds in states:
            spans.append(span(state, floored(at), floored(at + timedelta(seconds=seconds))))
            at += timedelta(seconds=seconds)
        window = Window(since=MIDNIGHT, until=after(seconds=lasts))
        login = Login(seat=SEAT, since=floored(began), until=floored(at))
        day = day_of(SeatFacts(spans=tuple(spans), logins=(login,)), window=window)
        assert day.unaccounted == 0
        assert day.times.total() == seconds_in(window.seconds, login.since, login.until)


class TestOffers:
    def test_taken_back_by_the_citizen_are_not_charged_to_the_seat(self) -> None:
        outcomes = (
            (Offered.ACCEPTED, 6),
            (Offered.REJECTED, 1),
            (Offered.RUNG_OUT, 1),
            (Offered.RESCINDED, 9),
            (Offered.UNKNOWN, 2),
        )
        offers = [Offer(seat=SEAT, outcome=outcome, times=times) for outcome, times in outcomes]
        found = values(day_of(SeatFacts(offers=tuple(offers))))
        assert (found["non_response"], found["answer_rate"]) == (2, 75.0)


class TestCalls:
    def test_per_hour_and_their_lengths(self) -> None:
        facts = SeatFacts(logins=(Login(seat=SEAT, since=second(8), until=second(10)),))
        long = replace(stay(), talk=300, hold=40, acw=30)
        found = values(day_of(facts, stay(), stay(), long, replace(stay(), finished=False)))
        assert (found["calls_answered"], found["calls_per_hour"]) == (4, 2.0)
        assert (found["handle_time"], found["mean_acw"], found["mean_hold"]) == (150.0, 10.0, 13.33)

    def test_go_to_the_seat_that_answered(self) -> None:
        other = replace(stay(), seat=SeatNo("8002"))
        days = seat_days(SeatFacts(), [stay(), other, other], DAY, DAY.until)
        assert {day.seat: len(day.stays) for day in days} == {SEAT: 1, SeatNo("8002"): 2}


class TestSchedule:
    def test_is_kept_by_working_in_a_shift_and_resting_in_a_break(self) -> None:
        facts = SeatFacts(
            spans=(
                span(SeatTime.READY, second(8), second(9)),
                span(SeatTime.TALK, second(9), second(9.5)),
                span(SeatTime.PAUSE, second(9.5), second(10)),
            ),
            shifts=(
                Shift(seat=SEAT, works=True, since=second(8), until=second(10)),
                Shift(seat=SEAT, works=False, since=second(10), until=second(10.5)),
            ),
        )
        reading = readings(day_of(facts))["adherence"]
        assert (reading.num, reading.den, reading.value) == (7200, 9000, 80.0)

    def test_without_a_schedule_there_is_no_adherence(self) -> None:
        assert values(day_of(SeatFacts(), stay()))["adherence"] is None


def test_quality_is_the_mean_of_the_sheets() -> None:
    sheets = (Sheet(seat=SEAT, marks=90), Sheet(seat=SEAT, marks=81))
    assert values(day_of(SeatFacts(sheets=sheets)))["quality"] == 85.5
