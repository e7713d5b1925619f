"""座席指标: log-in time is shared out without a rest; offers that were taken back are nobody's fault."""

from dataclasses import replace
from fractions import Fraction

from core.ids import SeatNo
from queue_manager.figures.facts import Offer, Offered, Period, SeatTime, Sheet, Shift, Spent, Stay
from queue_manager.figures.figure import Number
from queue_manager.figures.seat_side import SeatDay, SeatFacts, readings, seat_days
from tests.unit.queue_manager.figures.made import SEAT, second, stay


def day_of(facts: SeatFacts, *stays: Stay) -> SeatDay:
    [day] = seat_days(facts, stays)
    return day


def values(day: SeatDay) -> dict[str, Number | None]:
    return {key: reading.value for key, reading in readings(day).items()}


def logged_in(since: float, until: float) -> Period:
    return Period(seat=SEAT, since=second(since), until=second(until))


def spent(**seconds: int) -> tuple[Spent, ...]:
    return tuple(Spent(seat=SEAT, state=SeatTime(name), seconds=lasted) for name, lasted in seconds.items())


class TestTime:
    def test_of_a_shift_is_shared_out(self) -> None:
        states = spent(ready=900, offer=10, talk=890, acw=900, pause=900)
        found = values(day_of(SeatFacts(logins=(logged_in(8, 9),), spent=states)))
        assert (found["login"], found["available"], found["busy"]) == (3600, 2700, 890 + 900)
        assert (found["occupancy"], found["utilisation"]) == (66.3, 49.72)
        assert found["unaccounted"] == 0

    def test_of_several_log_ins_adds_up(self) -> None:
        facts = SeatFacts(
            logins=(logged_in(8, 9), logged_in(13, 14)), spent=spent(ready=3600) + spent(ready=3600)
        )
        found = values(day_of(facts))
        assert (found["login"], found["ready"], found["unaccounted"]) == (7200, 7200, 0)

    def test_that_no_state_covers_is_shown(self) -> None:
        found = values(day_of(SeatFacts(logins=(logged_in(8, 9),), spent=spent(ready=1800))))
        assert found["unaccounted"] == 1800

    def test_of_a_seat_that_was_never_there_is_none(self) -> None:
        found = values(day_of(SeatFacts(), stay()))
        assert (found["login"], found["occupancy"], found["calls_per_hour"]) == (0, None, None)


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
        facts = SeatFacts(logins=(logged_in(8, 10),))
        long = replace(stay(), talk=300, hold=40, acw=30)
        found = values(day_of(facts, stay(), stay(), long, replace(stay(), finished=False)))
        assert (found["calls_answered"], found["calls_per_hour"]) == (4, 2.0)
        assert (found["handle_time"], found["mean_acw"], found["mean_hold"]) == (150.0, 10.0, 13.33)

    def test_go_to_the_seat_that_answered(self) -> None:
        other = replace(stay(), seat=SeatNo("8002"))
        days = seat_days(SeatFacts(), [stay(), other, other])
        assert {day.seat: len(day.stays) for day in days} == {SEAT: 1, SeatNo("8002"): 2}


class TestSchedule:
    def test_is_kept_by_working_in_a_shift_and_resting_in_a_break(self) -> None:
        facts = SeatFacts(
            duty=(logged_in(8, 9), logged_in(9, 9.5)),
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


def test_quality_of_sheets_that_are_no_whole_numbers_is_exact() -> None:
    sheets = tuple(Sheet(seat=SEAT, marks=Fraction(451, 5)) for _ in range(3))
    reading = readings(day_of(SeatFacts(sheets=sheets)))["quality"]
    assert (reading.num, reading.den, reading.value) == (270.6, 3, 90.2)
