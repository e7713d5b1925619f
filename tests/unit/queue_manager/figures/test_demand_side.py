"""诉求指标: whether one call was enough."""

from datetime import timedelta

import pytest

from queue_manager.figures.demand_side import readings
from queue_manager.figures.facts import Contact, Demand
from queue_manager.figures.figure import Number
from tests.unit.queue_manager.figures.made import MIDNIGHT

LI, WANG = "13900000001", "13900000002"


def contact(days: float, number: str = LI) -> Contact:
    return Contact(number=number, at=MIDNIGHT + timedelta(days=days))


def values(*demands: Demand) -> dict[str, Number | None]:
    return {key: reading.value for key, reading in readings(demands).items()}


def test_answered_directly_is_closed_without_dispatch_of_all_that_are_valid() -> None:
    found = values(
        Demand(demand_id="1", contacts=(), closed=True),
        Demand(demand_id="2", contacts=(), closed=True, dispatched=True),
        Demand(demand_id="3", contacts=()),
        Demand(demand_id="4", contacts=(), valid=False, closed=True),
    )
    assert found["direct_answer_rate"] == 33.33


@pytest.mark.parametrize(("days", "settled"), [((0,), 100.0), ((0, 7), 0.0), ((0, 7.1), 100.0)])
def test_settled_at_once_means_no_second_call_within_seven_days(
    days: tuple[float, ...], settled: float
) -> None:
    contacts = tuple(contact(day) for day in reversed(days))
    demand = Demand(demand_id="1", contacts=contacts, closed=True)
    assert values(demand)["first_contact_resolution"] == settled


def test_a_repeated_call_is_of_the_same_number_within_thirty_days() -> None:
    contacts = (contact(0), contact(1, WANG), contact(30), contact(61))
    assert values(Demand(demand_id="1", contacts=contacts))["repeat_call_rate"] == 25.0


def test_who_withholds_the_number_is_not_taken_for_the_last_who_did() -> None:
    contacts = (contact(0, ""), contact(1, ""), contact(2), contact(3))
    assert values(Demand(demand_id="1", contacts=contacts))["repeat_call_rate"] == 25.0


def test_without_demands_there_is_no_figure() -> None:
    assert set(values().values()) == {None}
