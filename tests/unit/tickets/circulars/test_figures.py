"""通报口径."""

from datetime import timedelta

from tests.unit.tickets.circulars.made_up import HOUR, MONDAY, ticket
from tickets.circulars.facts import TicketFact, VisitFact
from tickets.circulars.figure import Figure, change, decimal, figure_of, half_up
from tickets.circulars.period import Kind, period_of
from tickets.circulars.rule_book import BY_KEY, RULES
from tickets.circulars.sieve import Sifted

WEEK = period_of(Kind.WEEKLY, MONDAY.date())


def figure(key: str, *tickets: TicketFact) -> Figure:
    return figure_of(BY_KEY[key], Sifted(tickets, WEEK))


def visited(number: int, satisfaction: str, *, counted: bool = True) -> TicketFact:
    return ticket(number, visit=VisitFact(at=MONDAY, satisfaction=satisfaction, counted=counted))


def sent(number: int, **known: object) -> TicketFact:
    return ticket(number, **{"unit": "0201", "dispatched_at": MONDAY + 10 * HOUR} | known)


def _took(one: TicketFact) -> timedelta:
    assert one.closed_at is not None
    return one.closed_at - one.received_at


def test_halves_are_rounded_up() -> None:
    assert [half_up(1, 2), half_up(1, 3), half_up(2, 3), half_up(0, 5), half_up(1, 0)] == [1, 0, 1, 0, None]


def test_a_rate_without_anything_to_divide_by_is_not_a_number() -> None:
    nothing = figure("satisfaction")
    assert (nothing.text, nothing.hundredths, nothing.den) == ("—", None, 0)


def test_who_gives_no_rating_is_not_in_the_satisfaction_rate_and_is_shown() -> None:
    rated = [visited(1, "满意"), visited(2, "基本满意"), visited(3, "不满意"), visited(4, "不予评价")]
    assert figure("satisfaction", *rated).text == "66.67%"
    assert figure("satisfaction_strict", *rated).text == "33.33%"
    assert figure("unrated", *rated).num == 1


def test_satisfaction_is_shown_before_and_after_what_two_persons_excluded() -> None:
    rated = [visited(1, "满意"), visited(2, "不满意", counted=False)]
    assert figure("satisfaction", *rated).text == "100.00%"
    assert figure("satisfaction_raw", *rated).text == "50.00%"
    assert figure("excluded_rate", *rated).text == "50.00%"


def test_on_time_is_told_with_and_without_extensions() -> None:
    due = MONDAY + 30 * HOUR
    extended = sent(1, first_due=due, due=due + 24 * HOUR, closed_at=due + HOUR)
    assert figure("on_time_rate", extended).text == "100.00%"
    assert figure("on_time_rate_first", extended).text == "0.00%"


def test_what_is_due_and_still_open_is_late() -> None:
    open_one = sent(1, first_due=MONDAY + HOUR, due=MONDAY + HOUR)
    assert figure("late_rate", open_one).working == "1 ÷ 1"


def test_the_closing_rate_counts_what_was_open_at_the_beginning() -> None:
    old = sent(1, received_at=MONDAY - 9 * HOUR, closed_at=MONDAY + HOUR)
    still = sent(2, received_at=MONDAY - 9 * HOUR)
    gone = sent(3, received_at=MONDAY - 9 * HOUR, closed_at=MONDAY - HOUR)
    rate = figure("closing_rate", old, still, gone)
    assert (rate.working, rate.ids, rate.base_ids) == ("1 ÷ 2", (old.no,), (old.no, still.no))


def test_the_mean_time_is_in_hours() -> None:
    one, other = (sent(number, closed_at=MONDAY + hours * HOUR) for number, hours in ((1, 10), (2, 11)))
    assert figure("mean_hours", one, other).text == "1.50"
    longest = figure("longest_hours", one, other)
    assert (longest.text, longest.ids) == ("2.00", (max((one, other), key=_took).no,))
    assert figure("longest_hours").text == "—"


def test_what_was_closed_on_the_day_of_receipt_is_known_until_midnight() -> None:
    received = MONDAY + 9 * HOUR
    today, tomorrow = (sent(n, received_at=received, closed_at=MONDAY + n * 24 * HOUR - HOUR) for n in (1, 2))
    assert figure("same_day_rate", today, tomorrow).working == "1 ÷ 2"
    assert figure("same_day_rate", today, tomorrow).ids == (today.no,)


def test_what_was_withdrawn_is_registered_and_not_valid() -> None:
    demands = [ticket(1), ticket(2, withdrawn=True), ticket(3, invalid=True)]
    assert [figure(key, *demands).num for key in ("received", "valid", "left_out")] == [3, 1, 2]


def test_a_week_ends_at_midnight() -> None:
    last = ticket(1, received_at=MONDAY + timedelta(days=7) - timedelta(microseconds=1))
    assert figure("received", last, ticket(2, received_at=MONDAY + timedelta(days=7))).ids == (last.no,)


def test_how_a_figure_changed_is_told_in_its_own_unit() -> None:
    few, many = figure("received", ticket(1)), figure("received", ticket(1), ticket(2), ticket(3))
    assert (change(many, few), change(few, many)) == ("+200.00%", "-66.67%")
    good, half = (figure("satisfaction", visited(1, "满意"), visited(2, last)) for last in ("满意", "不满意"))
    assert change(half, good) == "-50.00个百分点"
    assert change(half, figure("satisfaction")) == "—"


def test_numbers_are_printed_with_two_places() -> None:
    assert [decimal(value) for value in (9740, 5, -5, 123_456_00, None)] == [
        "97.40",
        "0.05",
        "-0.05",
        "123,456.00",
        "—",
    ]


def test_every_rule_has_a_key_of_its_own_and_says_how_it_is_worked_out() -> None:
    assert list(BY_KEY.values()) == list(RULES)
    assert all(rule.formula for rule in RULES)
