"""While the engine runs, is killed and comes back: deadlines are told once, and so is what commands did."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from random import Random

from app.rehearsal_world import DATE
from core.database import Connection, Database
from core.outbox import Outbox
from tests.fakes.clock import StandingClock
from tests.fakes.work import FIVE, POLICIES, REVIEWER, UNITS, Office
from tests.properties.test_chaos import rehearsed
from tickets import work_store
from tickets.guards import WorkRules
from tickets.model import Ticket
from tickets.timers import points
from tickets.units import UnitTree
from tickets.wish import Action
from tickets.work_desk import WorkDesk

STRIKES = 12
HALF_PAST = DATE.replace(minute=30)
TREE = UnitTree(UNITS)
RULES = WorkRules(limits=POLICIES.limits, flow=POLICIES.flow, units=lambda: TREE)


async def dispatched_before_midnight(database: Database) -> Ticket:
    """By the command line, which has no listeners, while the engine is not there yet."""
    office = Office(database)
    office.clock = StandingClock(DATE)
    office.clock.forward(-900)
    office.desk = WorkDesk(database, Outbox(database), POLICIES, Random(1))
    ticket = await office.submitted(fields={**FIVE, "urgency": "特急"})
    return await office.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",))


def told_of(database: Database, ticket: Ticket) -> Counter[str]:
    """What the outbox was given to tell about it."""

    def work(connection: Connection) -> Counter[str]:
        rows = connection.exec_driver_sql("SELECT body FROM outbox WHERE name = 'TicketStepped'").scalars()
        facts = [json.loads(body) for body in rows]
        return Counter(
            fact.get("about") or fact["action"] for fact in facts if fact["ticket_no"] == ticket.ticket_no
        )

    return database.now(work)


def logged_of(folder: Path, ticket: Ticket) -> Counter[str]:
    """The lines about it in the call log."""
    lines = [
        json.loads(line) for file in folder.rglob("calls.jsonl") for line in file.read_text().splitlines()
    ]
    return Counter(f"{line['result']}" for line in lines if ticket.ticket_no in json.dumps(line))


def test_each_is_told_once_however_often_the_engine_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hotline.db"
    database = Database(url, inline=True)
    database.migrate()
    ticket = asyncio.run(dispatched_before_midnight(database))
    outcome = rehearsed(tmp_path, seed=1, chaos=STRIKES, database=url)
    assert outcome.kills > 0
    warned = database.now(lambda connection: work_store.warned_of(connection, ticket.ticket_no))
    owed = {(point.task, point.name) for point in points(ticket, RULES) if point.at <= HALF_PAST}
    assert len(owed) > 6
    assert owed <= {(one.task, one.name) for one in warned}
    told = told_of(database, ticket)
    assert {text: told[text] for text in told if text in ("登记", "提交", "派单")} == {
        "登记": 1,
        "提交": 1,
        "派单": 1,
    }
    assert sum(told.values()) == len(warned) + 3
    logged = logged_of(tmp_path, ticket)
    assert (logged["登记"], logged["提交"], logged["派单"]) == (1, 1, 1)
    assert logged["预警"] + logged["升级"] == len(warned)
    assert asyncio.run(Outbox(database).waiting()) == {}
    database.close()
