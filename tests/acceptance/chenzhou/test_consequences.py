"""郴州: points for what was not handled in time, the last five percent, and two years in a row."""

import pytest

from tests.acceptance.afterwards import Rules, bring_units, reported
from tests.acceptance.city import City
from tests.fakes.work import REVIEWER
from tickets.model import Ticket
from tickets.roles import Actor
from tickets.wish import Action

UNITS = 21


@pytest.fixture
def rules(city: City) -> Rules:
    return Rules(city)


async def handed_to(city: City, actor: Actor) -> Ticket:
    ticket = await city.submitted()
    return await city.take(ticket, Action.DISPATCH, REVIEWER, leads=(actor.unit,))


async def year_of(city: City, year: int, bureaus: list[Actor], late: set[str]) -> None:
    """Every bureau gets a matter in March; those named report long after it was due."""
    city.at(f"{year}-03-02 09:00")
    tickets = [(actor, await handed_to(city, actor)) for actor in bureaus]
    for actor, ticket in tickets:
        if actor.unit not in late:
            await reported(city, ticket, actor)
    city.at(f"{year}-05-20 09:00")
    for actor, ticket in tickets:
        if actor.unit in late:
            await reported(city, ticket, actor)


async def test_cz_21_what_is_not_handled_in_time_costs_points(city: City, rules: Rules) -> None:
    """Hotline work counted in annual performance; points deducted for not handling in time"""
    bureaus = bring_units(city, 2)
    await year_of(city, 2026, bureaus, {"u01"})
    judged = rules.judged("2026-01-01", "2026-12-31")
    assert {sheet.unit: sheet.score for sheet in judged.sheets} == {"u00": 100, "u01": 99}
    [late] = [sheet for sheet in judged.sheets if sheet.unit == "u01"]
    [row] = late.ledger
    assert (row.rule, len(row.tickets), row.points) == ("CZ-21", 1, 1)
    assert city.kept(row.tickets[0]).lead is not None


async def test_cz_22_the_last_five_percent_rounded_up_fail(city: City, rules: Rules) -> None:
    """Bottom 5 % in the year-end ranking = fail"""
    await year_of(city, 2026, bring_units(city, UNITS), {"u03", "u17"})
    found = rules.rows("CZ-22", "2026-01-01", "2026-12-31")
    assert [(row.unit, row.outcome) for row in found] == [("u03", "不合格"), ("u17", "不合格")]
    assert found[0].persons[0].name == "第3局局长"
    assert rules.rows("CZ-22", "2026-01-01", "2026-06-30") == []


async def test_cz_23_two_years_in_a_row_and_the_head_goes(city: City, rules: Rules) -> None:
    """Fails 2 consecutive years → head dismissed"""
    bureaus = bring_units(city, UNITS)
    await year_of(city, 2025, bureaus, {"u03", "u04"})
    await year_of(city, 2026, bureaus, {"u03", "u17"})
    assert rules.rows("CZ-23", "2025-01-01", "2025-12-31") == []
    [row] = rules.rows("CZ-23", "2026-01-01", "2026-12-31")
    assert (row.unit, row.outcome, row.persons[0].name) == ("u03", "主要负责人免职", "第3局局长")
    assert "2026年参与排名21个单位, 第20名;2025年参与排名21个单位, 第20名" in row.why
