"""An office with its visit group: citizens are asked afterwards."""

from datetime import timedelta

from core.database import Database
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.work import PROFILE, VISITOR, Office
from tickets.model import Ticket, Visit
from tickets.roles import Actor
from tickets.visits_desk import Asking, VisitDesk
from tickets.visits_policy import read_visits
from tickets.visits_rates import Satisfaction, satisfaction

POLICY = read_visits(PROFILE)
UNREASONABLE = "不合理诉求"
NEXT_YEAR = NINE_O_CLOCK + timedelta(days=365)


class VisitOffice(Office):
    """The office with its visit group."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.visits = VisitDesk(database, self.desk, POLICY)

    def told(self, handle: str = "满意", **other: object) -> Visit:
        self.clock.forward(300)
        known: dict[str, object] = {"at": self.clock.now(), "by": VISITOR.name, "handle_sat": handle}
        return Visit(**(known | other))  # type: ignore[arg-type]  # each under its own field's name

    def in_vain(self) -> Visit:
        return self.told("", reached=False, note="无人接听")

    def asking(self, actor: Actor = VISITOR, **other: object) -> Asking:
        self.clock.forward(300)
        known: dict[str, object] = {"actor": actor, "at": self.clock.now(), "reason": UNREASONABLE}
        return Asking(**({**known, "note": "要求赔偿十倍"} | other))  # type: ignore[arg-type]  # as above

    async def recorded(self, handle: str, **other: object) -> Ticket:
        ticket = await self.to_visit()
        return await self.visits.record(ticket.ticket_no, self.told(handle, **other), VISITOR)

    async def rates(self) -> tuple[Satisfaction, ...]:
        return satisfaction(await self.visits.rated(NINE_O_CLOCK, NEXT_YEAR), POLICY)
