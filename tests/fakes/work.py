"""A hotline office at work: a desk for work orders, a few units, and the people who take steps."""

from datetime import datetime
from pathlib import Path
from random import Random

from core.database import Connection, Database
from core.events import TicketStepped
from core.ids import CallId, TicketNo
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear
from tests.fakes.organisation import unit
from tickets import store, unit_store
from tickets.flow_policy import read_flow
from tickets.limit_file import read_policy
from tickets.model import Ticket, Visit
from tickets.roles import Actor, Role
from tickets.tasks import Outcome
from tickets.wish import Action, Wish
from tickets.work_desk import Arrival, Policies, WorkDesk

PROFILE = Path(__file__).parents[2] / "profiles" / "default"
POLICIES = Policies(limits=read_policy(PROFILE), flow=read_flow(PROFILE))
SEAT = Actor(name="小李", role=Role.SEAT)
REVIEWER = Actor(name="派单王", role=Role.REVIEWER)
DIRECTOR = Actor(name="主任", role=Role.DIRECTOR)
LEADER = Actor(name="市长", role=Role.LEADER)
VISITOR = Actor(name="回访陈", role=Role.VISITOR)
SUPERVISOR = Actor(name="督办赵", role=Role.SUPERVISOR)
HOUSING = Actor(name="住建联络员", role=Role.CONTACT, unit="02")
WATER = Actor(name="水务联络员", role=Role.CONTACT, unit="03")
BELOW = Actor(name="物业科", role=Role.UNIT_THREE, unit="0201")
FIVE = {
    "name": "张三",
    "address": "和平路1号",
    "occurred_at": "昨晚",
    "cause": "水管破裂",
    "content": "楼道漏水",
    "demand_type": "投诉",
    "title": "楼道漏水",
}
UNITS = [
    unit("01", "热线办"),
    unit("02", "住建局", "01"),
    unit("03", "水务局", "01"),
    unit("0201", "物业科", "02"),
    unit("09", "旧局", "01", active=False),
]


def outcome(at: datetime, proof: str = "已电话答复来电人") -> Outcome:
    return Outcome(at=at, result="已修好", reply_proof=proof, signed_by_head="王局长")


class Office:
    """A desk with a clock, whose facts are heard."""

    def __init__(self, database: Database, policies: Policies = POLICIES) -> None:
        self.clock = StandingClock()
        self.database = database
        self.ear = Ear(TicketStepped)
        self.outbox = self.ear.connect(database)
        self.desk = WorkDesk(database, self.outbox, policies, Random(1))
        self.arrivals = 0

        def bring_units(connection: Connection) -> None:
            unit_store.put_units(connection, UNITS)

        database.now(bring_units)

    def arrival(self, **other: object) -> Arrival:
        self.arrivals += 1
        known: dict[str, object] = {
            "channel": "网站",
            "key": f"{self.arrivals}",
            "at": self.clock.now(),
            "actor": SEAT,
            "phone": "13812341234",
            "fields": FIVE,
        }
        return Arrival(**(known | other))  # type: ignore[arg-type]  # each under its own field's name

    async def opened(self, **other: object) -> Ticket:
        return await self.desk.open(self.arrival(**other))

    async def take(self, ticket: Ticket, action: Action, actor: Actor, **other: object) -> Ticket:
        """Take a step five minutes after the last."""
        self.clock.forward(300)
        at = self.clock.now()
        wish = Wish(action=action, actor=actor, at=at, **other)  # type: ignore[arg-type]  # as above
        return await self.desk.take(ticket.ticket_no, wish)

    async def submitted(self, **other: object) -> Ticket:
        return await self.take(await self.opened(**other), Action.SUBMIT, SEAT)

    async def dispatched(self, *assists: str, **other: object) -> Ticket:
        ticket = await self.submitted()
        return await self.take(ticket, Action.DISPATCH, REVIEWER, leads=("住建局",), assists=assists, **other)

    async def handling(self, *assists: str, **other: object) -> Ticket:
        return await self.take(await self.dispatched(*assists, **other), Action.SIGN, HOUSING)

    async def reported(self, ticket: Ticket) -> Ticket:
        return await self.take(ticket, Action.DONE, HOUSING, outcome=outcome(self.clock.now()))

    async def to_visit(self) -> Ticket:
        return await self.take(await self.reported(await self.handling()), Action.ACCEPT, REVIEWER)

    async def closed(self) -> Ticket:
        return await self.take(await self.to_visit(), Action.VISITED, VISITOR, visit=self.visit())

    def visit(self, handle_sat: str = "满意") -> Visit:
        return Visit(at=self.clock.now(), by=VISITOR.name, handle_sat=handle_sat, is_solved="解决")

    def kept(self, number: TicketNo) -> Ticket:
        found = self.database.now(lambda connection: store.ticket_by_number(connection, number))
        assert found is not None
        return found

    def of_call(self, call_id: CallId) -> Ticket | None:
        return self.database.now(lambda connection: store.ticket_of_call(connection, call_id))
