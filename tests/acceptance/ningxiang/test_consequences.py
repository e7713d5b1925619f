"""宁乡: heads of units with which citizens are not satisfied are called in; who is called to account."""

import pytest

from tests.acceptance.afterwards import STATIONED, Rules, Visits
from tests.acceptance.city import City
from tests.fakes.work import HOUSING, VISITOR
from tickets.consequences_desk import MayNotEnter, totals
from tickets.roles import May, may

YEAR = ("2026-01-01", "2026-12-31")


async def test_nx_25_low_satisfaction_calls_the_head_in_and_findings_are_kept(city: City) -> None:
    """Discipline/supervision offices periodically inspect tickets;

    问责 and circular; head of low-satisfaction units 约谈
    """
    city.at("2026-03-02 09:00")
    visits, rules = Visits(city), Rules(city)
    for _ in range(9):
        await visits.told("满意")
    first = await visits.told("不满意")
    assert rules.rows("NX-25", *YEAR) == []
    second = await visits.told("不满意")
    [row] = rules.rows("NX-25", *YEAR)
    assert (row.outcome, row.unit) == ("约谈", HOUSING.unit)
    assert row.tickets == (first.ticket_no, second.ticket_no)
    assert "评价11件, 不满意2件, 满意率81.82%" in row.why
    assert may(STATIONED, May.READ)
    rules.enter("问责", first, people=("王局长", "张三"))
    with pytest.raises(MayNotEnter):
        rules.enter("问责", first, actor=VISITOR)
    assert [one.outcome for one in rules.rows("NX-25", *YEAR)] == ["约谈", "问责"]
    assert totals(rules.material(*YEAR)).persons == {"问责": 2}
