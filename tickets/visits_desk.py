"""回访台: records visits, and lets two persons together leave a work order out of what is rated."""

from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import store, visits_rated_store, visits_store
from tickets.circulars.fact_of_ticket import COUNTED
from tickets.model import ENDED, Ticket, TicketState, Visit
from tickets.roles import Actor
from tickets.visits import STEP_OF, Due, Verdict, check, complaints, due_of, verdict
from tickets.visits_policy import VisitPolicy
from tickets.visits_rates import Rated
from tickets.visits_sample import Drawn, drawn
from tickets.visits_store import Exclusion
from tickets.wish import Action, Wish
from tickets.work_desk import NoSuchTicket, Step, WorkDesk


class ReasonUnknown(HotlineError):
    """剔除理由要从配置档 visits.toml 的列表里选。"""


class NoteMissing(HotlineError):
    """要写明情况, 让批准的人看得懂。"""


class NotForYou(HotlineError):
    """这个角色不能申请或批准剔除。"""


class SamePerson(HotlineError):
    """申请剔除和批准剔除要是两个人。"""


class AlreadyAsked(HotlineError):
    """这张工单已有剔除申请在等批准:先用 ./hotline visit approve 或 decline 决定。"""


class NothingAsked(HotlineError):
    """这张工单没有等批准的剔除申请。"""


class NotRated(HotlineError):
    """只有回访时给过评价、现在还计入考核的工单可以申请剔除。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """剔除的请求: by whom, why by the profile's list, and in his own words."""

    actor: Actor
    at: datetime
    reason: str
    note: str


class VisitDesk:
    """Every use case in one transaction, together with the step of the work order that it takes."""

    def __init__(self, database: Database, desk: WorkDesk, policy: VisitPolicy) -> None:
        """``desk`` takes the steps."""
        self._database = database
        self._desk = desk
        self._policy = policy

    async def due(self, now: datetime, most: int) -> list[Due]:
        """待回访: those that are due first come first; whoever was tried in this half-day comes last."""
        found = await self._database.in_transaction(lambda c: visits_rated_store.to_visit(c, most))
        waiting = [due_of(ticket, now) for ticket in found]
        return sorted(waiting, key=lambda one: (one.next_try is not None, one.due or now))

    async def record(self, number: TicketNo, visit: Visit, actor: Actor) -> Ticket:
        """登记回访: closes, sends back for a redo, or counts an attempt, as the answers say.

        Raises what :func:`tickets.visits.check` raises, AlreadyAsked, or what refuses the step.
        """
        check(visit, self._policy)
        action = STEP_OF[verdict(visit, self._policy)]
        reason = "、".join(complaints(visit, self._policy))
        wish = Wish(action=action, actor=actor, at=visit.at, visit=visit, reason=_told(reason, visit.note))

        def work(connection: Connection, take: Step) -> Ticket:
            self._check_free(connection, number)
            return take(number, wish)

        return await self._desk.together(work)

    async def hold(self, number: TicketNo, visit: Visit, asking: Asking) -> Exclusion:
        """不满意但申请剔除: the rating is kept and waits for a second person; nothing is closed or redone."""
        check(visit, self._policy)
        if verdict(visit, self._policy) is not Verdict.DISSATISFIED:
            raise NotRated(ticket=number)

        def work(connection: Connection, _take: Step) -> Exclusion:
            self._check_free(connection, number)
            if _known(connection, number).state is not TicketState.TO_VISIT:
                raise NotRated(ticket=number)
            return self._asked(connection, number, asking, visit)

        return await self._desk.together(work)

    async def ask(self, number: TicketNo, asking: Asking) -> Exclusion:
        """申请剔除 of a work order that was rated and has ended."""

        def work(connection: Connection, _take: Step) -> Exclusion:
            self._check_free(connection, number)
            ticket = _known(connection, number)
            rated = any(visit.reached for visit in ticket.work.visits)
            if ticket.state not in ENDED or not rated or ticket.work.counted not in COUNTED:
                raise NotRated(ticket=number)
            return self._asked(connection, number, asking, None)

        return await self._desk.together(work)

    async def decide(self, number: TicketNo, asking: Asking, *, approved: bool) -> Ticket:
        """批准或不批准, by another person than who asked; a rating that waited takes effect with it.

        ``asking.note`` is his opinion. Raises NothingAsked, SamePerson, NotForYou or NoteMissing.
        """
        if asking.actor.role not in self._policy.exclusion.approvers:
            raise NotForYou(role=asking.actor.role)
        if not asking.note:
            raise NoteMissing(ticket=number)

        def work(connection: Connection, take: Step) -> Ticket:
            ticket = _known(connection, number)
            asked = visits_store.open_exclusion(connection, number)
            if asked is None:
                raise NothingAsked(ticket=number)
            if asked.asked_by == asking.actor.name:
                raise SamePerson(name=asked.asked_by)
            decided = replace(
                asked,
                decided_at=asking.at,
                decided_by=asking.actor.name,
                approved=approved,
                opinion=asking.note,
            )
            visits_store.decide_exclusion(connection, decided)
            wish = _step(decided, asking.actor)
            return take(number, wish) if wish else ticket

        return await self._desk.together(work)

    async def exclusions(self, since: datetime | None, most: int) -> list[Exclusion]:
        """Give the requests that are open, or those decided from ``since`` on."""
        return await self._database.in_transaction(
            lambda connection: visits_store.exclusions_known(connection, since, most)
        )

    async def rated(self, since: datetime, until: datetime) -> list[Rated]:
        """Give the ratings of a period."""
        return await self._database.in_transaction(
            lambda connection: visits_rated_store.rated_between(connection, since, until)
        )

    async def sample(self, since: datetime, until: datetime, chance: Random) -> list[Drawn]:
        """抽查: draw from what was closed in the period, of every unit by itself."""
        closed = await self._database.in_transaction(
            lambda connection: visits_rated_store.closed_between(connection, since, until)
        )
        return drawn(closed, self._policy.spot_check_percent, chance)

    def _check_free(self, connection: Connection, number: TicketNo) -> None:
        _known(connection, number)
        if visits_store.open_exclusion(connection, number) is not None:
            raise AlreadyAsked(ticket=number)

    def _asked(
        self, connection: Connection, number: TicketNo, asking: Asking, visit: Visit | None
    ) -> Exclusion:
        if asking.actor.role not in self._policy.exclusion.askers:
            raise NotForYou(role=asking.actor.role)
        if asking.reason not in self._policy.exclusion.reasons:
            raise ReasonUnknown(told=asking.reason, allowed="、".join(self._policy.exclusion.reasons))
        if not asking.note:
            raise NoteMissing(ticket=number)
        asked = Exclusion(
            ticket_no=number,
            asked_at=asking.at,
            asked_by=asking.actor.name,
            reason=asking.reason,
            note=asking.note,
            visit=visit,
        )
        visits_store.add_exclusion(connection, asked)
        return asked


def _known(connection: Connection, number: TicketNo) -> Ticket:
    """Give the work order, locked: whoever comes second waits and then sees what the first has done."""
    ticket = store.ticket_by_number(connection, number, locked=True)
    if ticket is None:
        raise NoSuchTicket(ticket=number)
    return ticket


def _told(reason: str, note: str) -> str:
    return ":".join(part for part in (reason, note) if part)


def _step(decided: Exclusion, actor: Actor) -> Wish | None:
    """Say which step of the work order the decision is; None when nothing changes."""
    assert decided.decided_at is not None  # noqa: S101 - it is decided
    why = _told(decided.reason, decided.note)
    common = Wish(
        action=Action.COUNT,
        actor=actor,
        at=decided.decided_at,
        reason=why,
        second=decided.asked_by,
        passed=False,
        visit=decided.visit,
    )
    if decided.approved:
        return common if decided.visit is None else replace(common, action=Action.UNREASONABLE)
    if decided.visit is None:
        return None
    return replace(common, action=Action.DISSATISFIED, reason=_told("剔除申请未获批准", decided.opinion))
