"""Timers: every warning is told exactly once, whoever looks and however often."""

import pytest

from core.database import Database
from core.events import TicketStepped
from tests.fakes.work import FIVE, HOUSING, POLICIES, REVIEWER, Office
from tickets import work_store
from tickets.model import Ticket
from tickets.timers import Timers
from tickets.wish import Action


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def worker(office: Office) -> Timers:
    return Timers(office.database, office.outbox, POLICIES, office.clock)


def told(office: Office, ticket: Ticket) -> list[str]:
    warned = office.database.now(lambda c: work_store.warned_of(c, ticket.ticket_no))
    return [one.text for one in warned]


async def looked(office: Office, hours: float, workers: int = 1) -> None:
    """Let time pass in steps of ten minutes."""
    for _ in range(int(hours * 6)):
        office.clock.forward(600)
        for _ in range(workers):
            await worker(office).look()


async def test_a_warning_is_told_once_by_many_workers(office: Office) -> None:
    ticket = await office.handling()
    await looked(office, 24 * 9, workers=3)
    said = told(office, ticket)
    assert [one for one in said if one.startswith("办结")] == [
        "办结时限已用50%",
        "办结时限已用80%",
        "办结到期",
    ]
    await office.outbox.deliver_once()
    facts = [fact for fact in office.ear.heard if isinstance(fact, TicketStepped) and fact.action == "预警"]
    assert sorted(fact.about for fact in facts) == sorted(said)


async def test_what_was_missed_while_nobody_looked_is_told_afterwards(office: Office) -> None:
    ticket = await office.handling()
    office.clock.forward(9 * 86400)
    await worker(office).look()
    await worker(office).look()
    assert told(office, ticket).count("办结到期") == 1


async def test_nothing_is_told_of_what_is_closed(office: Office) -> None:
    ticket = await office.closed()
    before = told(office, ticket)
    await looked(office, 24 * 9)
    assert told(office, ticket) == before


async def test_an_urgent_one_that_nobody_takes_on_climbs_the_ladder_once(office: Office) -> None:
    ticket = await office.submitted(fields={**FIVE, "urgency": "特急"})
    ticket = await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))
    await looked(office, 0.5, workers=2)
    taken_on = [one for one in told(office, ticket) if one.startswith("接单未做")]
    assert taken_on == [
        "接单未做, 找经办电话 张三",
        "接单未做, 找值班室, 没有登记",
        "接单未做, 值班室脱岗, 找分管领导, 没有登记",
    ]


async def test_a_unit_that_is_done_is_left_in_peace(office: Office) -> None:
    ticket = await office.submitted(fields={**FIVE, "urgency": "特急"})
    ticket = await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))
    ticket = await office.reported(await office.take(ticket, Action.SIGN, HOUSING))
    await looked(office, 24)
    assert [one for one in told(office, ticket) if "到场" in one] == []
