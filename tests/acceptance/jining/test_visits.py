"""济宁: closed in time, and citizens satisfied."""

from tests.acceptance.afterwards import Visits
from tests.acceptance.city import City
from tickets.circulars.period import Kind


async def test_jn_12_closed_in_time_and_satisfied_are_rates_of_their_own(city: City) -> None:
    """On-time closing rate 100 %, return-visit satisfaction > 90 %"""
    city.at("2026-03-02 09:00")
    visits = Visits(city)
    for _ in range(10):
        await visits.told("满意")
    await visits.told("不满意")
    found = await visits.rate()
    assert (found.after.good, found.after.den, found.after.rate) == (10, 11, 9091)
    late = await city.sent(await city.submitted())
    city.at("2026-03-31 17:00")
    figures = city.circular(Kind.MONTHLY)
    figure = figures.figure("on_time_rate").figure
    assert (figure.num, figure.den) == (10, 12)
    assert late.ticket_no in figure.base_ids
    assert late.ticket_no not in figure.ids
