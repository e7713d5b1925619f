"""海口: satisfaction apart for what is urgent, and spot checks of every unit."""

from random import Random

from tests.acceptance.afterwards import Visits
from tests.acceptance.city import City
from tests.fakes.work import SUPERVISOR
from tickets.circulars.period import Kind
from tickets.model import TicketState
from tickets.visits_rates import satisfaction_by
from tickets.wish import Action


async def test_hk_04_closing_and_satisfaction_apart_for_what_is_urgent(city: City) -> None:
    """Closing rate 99.42 %; satisfaction 48 % → 92 %, urgent items 99 %"""
    city.at("2026-03-02 09:00")
    visits = Visits(city)
    for handle in ("满意", "不满意"):
        await visits.told(handle)
    for _ in range(3):
        await visits.told("满意", urgency="紧急", urgency_reason="漏气")
    apart = satisfaction_by(await visits.rated(), visits.policy, lambda one: one.urgency)
    assert {name: found[0].after.rate for name, found in apart.items()} == {"一般": 5000, "紧急": 10000}
    assert (await visits.rate()).after.rate == 8000
    assert city.circular(Kind.MONTHLY).figure("closing_rate").figure.working == "4 ÷ 5"


async def test_hk_21_spot_checks_are_drawn_and_what_does_not_hold_is_opened_again(city: City) -> None:
    """Quality by spot check; if citizen not satisfied → dept re-handles"""
    since = city.at("2026-03-02 09:00")
    visits = Visits(city)
    closed = [await visits.told("满意") for _ in range(21)]
    drawn = await visits.desk.sample(since, city.clock.forward(1), Random(1))
    assert len(drawn) == 2
    assert {number for number, _ in drawn} <= {ticket.ticket_no for ticket in closed}
    ticket = city.kept(drawn[0][0])
    again = await city.take(ticket, Action.LOOK_BACK, SUPERVISOR, text="没有修好", passed=False)
    assert again.state is TicketState.REOPENED
