"""济宁: a score sheet of three parts."""

from core.database import Connection
from tests.acceptance.afterwards import Rules, bring_units, reported
from tests.acceptance.city import City
from tests.fakes.work import REVIEWER
from tickets import unit_store
from tickets.roster import DutyCheck
from tickets.units import UnitId
from tickets.wish import Action


async def test_jn_18_organisation_acceptance_and_handling_are_scored(city: City) -> None:
    """Assessment method: organisation, acceptance, handling → scoring"""
    rules = Rules(city)
    assert [part.name for part in rules.policy.part] == ["组织", "受理", "办理"]
    city.at("2026-03-02 09:00")
    good, bad = bring_units(city, 2)
    for actor in (good, bad):
        ticket = await city.submitted()
        ticket = await city.take(ticket, Action.DISPATCH, REVIEWER, leads=(actor.unit,))
        if actor is bad:
            city.at("2026-03-27 09:00")
        await reported(city, ticket, actor)

    def ring(connection: Connection) -> None:
        at = city.clock.now()
        unanswered = DutyCheck(unit_id=UnitId(bad.unit), at=at, phone="1", answered=False, by="督办赵")
        unit_store.add_check(connection, unanswered)

    city.database.now(ring)
    sheets = {sheet.unit: sheet for sheet in rules.judged("2026-01-01", "2026-03-31").sheets}
    assert (sheets["u00"].score, sheets["u00"].ledger) == (100, ())
    assert dict(sheets["u01"].parts) == {"组织": 18, "受理": 29, "办理": 48}
    assert sheets["u01"].score == 95
