"""海口: the registers of what was supervised, exposed and called to account."""

import pytest

from tests.acceptance.afterwards import STATIONED, Rules
from tests.acceptance.city import City
from tests.fakes.work import DIRECTOR, SUPERVISOR
from tickets.consequences_desk import MayNotEnter, totals
from tickets.wish import Action

YEAR = ("2026-01-01", "2026-12-31")


async def test_hk_17_what_was_supervised_exposed_and_called_to_account_is_counted(city: City) -> None:
    """561 items supervised, 42 typical cases exposed, 46 units, 213 accountability cases / 322 persons"""
    city.at("2026-03-02 09:00")
    rules = Rules(city)
    tickets = [await city.dispatched() for _ in range(3)]
    for ticket in tickets[:2]:
        await city.take(ticket, Action.SUPERVISE, SUPERVISOR, text="限期办结")
    rules.enter("曝光", tickets[0], actor=SUPERVISOR)
    rules.enter("问责", tickets[0], people=("王局长", "张三"))
    rules.enter("问责", tickets[1], people=("李四",))
    with pytest.raises(MayNotEnter):
        rules.enter("问责", tickets[2], actor=DIRECTOR)
    added = totals(rules.material(*YEAR))
    assert (added.supervised, added.units) == (2, 1)
    assert dict(added.entries) == {"曝光": 1, "问责": 2}
    assert dict(added.persons) == {"曝光": 1, "问责": 3}
    accounted = [row for row in rules.judged(*YEAR).rows if row.outcome == "问责"]
    assert [row.tickets for row in accounted] == [(ticket.ticket_no,) for ticket in tickets[:2]]
    assert {entry.role for entry in rules.material(*YEAR).entries} == {STATIONED.role, SUPERVISOR.role}
