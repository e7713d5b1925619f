"""会议: joint meetings, the days with a 6, and leaders' sessions: an agenda, and its items assigned at once.

What a meeting decides is a step of the work order like any other: whoever has none yet is dispatched to,
whoever has it already is supervised by the new due time, and what another unit has is given to the new one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import TicketNo
from tickets import agenda, meeting_store, store, unit_store
from tickets.deadlines import Matter
from tickets.meeting_store import Item, Meeting
from tickets.model import Ticket, TicketState
from tickets.roles import Actor, May, may
from tickets.transitions import STATES, WITH_UNIT
from tickets.units import UnitTree
from tickets.wish import Action, Wish
from tickets.work_desk import Step, WorkDesk

KINDS: Mapping[str, Matter] = {
    "联席会议": Matter.JOINT_MEETING,
    "逢6": Matter.SIXTH_DAY,
    "领导接听": Matter.LEADER_TAKEN,
}
"""What kind of item a meeting makes of a work order."""
LONGEST_TITLE = 200
TO_DISPATCH = (TicketState.TO_PREVIEW, TicketState.REOPENED)


class MayNotMeet(HotlineError):
    """您的角色不能看会议, 或不能召集会议、集中交办。"""


class NoSuchMeeting(HotlineError):
    """没有这个编号的会议。"""


class NotOnAgenda(HotlineError):
    """这张工单不在这次会议的议题里:先用 meeting add 加入。"""


class DecidedAlready(HotlineError):
    """这个议题已经交办, 不能再改;要换单位请用 ./hotline ticket reassign。"""


class CannotBeAssigned(HotlineError):
    """这张工单现在的状态不能由会议交办。"""


class NotADayWithSix(HotlineError):
    """逢6会议只在每月 6 日、16 日、26 日开。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """交办: which unit leads, which assist, by when, and what it is told."""

    ticket: TicketNo
    lead: str
    assists: tuple[str, ...] = ()
    due: datetime | None = None
    text: str = ""


class MeetingDesk:
    """Every use case in one transaction; raises MayNotMeet for who may not call one."""

    def __init__(self, database: Database, desk: WorkDesk) -> None:
        """Work on this database; steps are taken at the desk."""
        self._database = database
        self._desk = desk

    async def call(self, meeting: Meeting, actor: Actor) -> Meeting:
        """开会: give it the next number of its day. Raises NotADayWithSix."""
        _check_may(actor)
        if KINDS[meeting.kind] is Matter.SIXTH_DAY and meeting.at.day % 10 != 6:
            raise NotADayWithSix(at=f"{meeting.at:%Y-%m-%d}")

        def work(connection: Connection) -> Meeting:
            for place in count(1):
                numbered = replace(meeting, meeting=f"{meeting.at:%y%m%d}-{place}")
                if meeting_store.add_meeting(connection, numbered):
                    break
            return numbered

        return await self._database.in_transaction(work)

    async def meetings(self, most: int) -> list[tuple[Meeting, int, int]]:
        """Give the last meetings, with how many items each has and how many of them were assigned."""
        return await self._database.in_transaction(lambda c: meeting_store.meetings_known(c, most))

    async def agenda(self, number: str, actor: Actor) -> tuple[Meeting, list[tuple[Item, Ticket]]]:
        """议题: a meeting and its items with what they are about; raises NoSuchMeeting."""
        if not may(actor, May.READ):
            raise MayNotMeet(role=actor.role)

        def work(connection: Connection) -> tuple[Meeting, list[tuple[Item, Ticket]]]:
            meeting = _known(connection, number)
            items = meeting_store.items_of(connection, number)
            return meeting, [(item, _ticket(connection, item.ticket_no)) for item in items]

        return await self._database.in_transaction(work)

    async def add(
        self, number: str, tickets: Sequence[TicketNo], actor: Actor, at: datetime, why: str
    ) -> int:
        """加入议题; gives how many were not there before. Raises NoSuchMeeting or CannotBeAssigned."""
        _check_may(actor)

        def work(connection: Connection) -> int:
            for ticket in tickets:
                _check_assignable(_ticket(connection, ticket))
            return _add(connection, _known(connection, number), dict.fromkeys(tickets, why), (actor, at))

        return await self._database.in_transaction(work)

    async def collect(self, number: str, actor: Actor, at: datetime) -> Mapping[TicketNo, str]:
        """收集议题: what is overdue, was refused or came back, and why; gives all that fits the rule."""
        _check_may(actor)

        def work(connection: Connection) -> Mapping[TicketNo, str]:
            meeting = _known(connection, number)
            found = agenda.hard_cases(connection, at)
            _add(connection, meeting, found, (actor, at))
            return found

        return await self._database.in_transaction(work)

    async def drop(self, number: str, ticket: TicketNo, actor: Actor) -> None:
        """移出议题. Raises NotOnAgenda or DecidedAlready."""
        _check_may(actor)

        def work(connection: Connection) -> None:
            _check_open(connection, _known(connection, number), ticket)
            meeting_store.drop_item(connection, number, ticket)

        await self._database.in_transaction(work)

    async def assign(
        self, number: str, decisions: Sequence[Decision], actor: Actor, at: datetime
    ) -> list[Ticket]:
        """集中交办: all of them or none. Raises what refuses a step, for the first that is refused."""
        _check_may(actor)

        def work(connection: Connection, step: Step) -> list[Ticket]:
            meeting = _known(connection, number)
            tree = UnitTree(unit_store.units_known(connection))
            # Always in the same order, so that two meetings never wait for each other.
            return [
                _assigned(connection, step, (meeting, decision), tree, (actor, at))
                for decision in sorted(decisions, key=lambda one: one.ticket)
            ]

        return await self._desk.together(work)


Who = tuple[Actor, datetime]


def _assigned(
    connection: Connection, step: Step, what: tuple[Meeting, Decision], tree: UnitTree, who: Who
) -> Ticket:
    meeting, decision = what
    item = _check_open(connection, meeting, decision.ticket)
    lead = tree.find(decision.lead).unit_id
    ticket = _ticket(connection, decision.ticket)
    moved = step(decision.ticket, _wish(meeting, decision, ticket, lead, who))
    decided = replace(item, unit=lead, due_at=decision.due or moved.due, decided_at=who[1])
    meeting_store.put_items(connection, [decided])
    return moved


def _wish(meeting: Meeting, decision: Decision, ticket: Ticket, lead: str, who: Who) -> Wish:
    actor, at = who
    text = decision.text or f"{meeting.kind}交办"
    return Wish(
        action=_action(ticket, lead, decision),
        actor=actor,
        at=at,
        text=text,
        reason=text,
        leads=(lead,),
        assists=decision.assists,
        due=decision.due,
        matter=KINDS[meeting.kind],
        meeting=meeting.meeting,
    )


def _action(ticket: Ticket, lead: str, decision: Decision) -> Action:
    if ticket.state in TO_DISPATCH:
        return Action.DISPATCH
    same = ticket.lead is not None and ticket.lead.unit == lead and not decision.assists
    return Action.SUPERVISE if same else Action.REASSIGN


def _add(connection: Connection, meeting: Meeting, whys: Mapping[TicketNo, str], who: Who) -> int:
    actor, at = who
    known = {item.ticket_no for item in meeting_store.items_of(connection, meeting.meeting)}
    fresh = [
        Item(meeting=meeting.meeting, ticket_no=ticket, why=why, added_at=at, added_by=actor.name)
        for ticket, why in whys.items()
        if ticket not in known
    ]
    meeting_store.put_items(connection, fresh)
    return len(fresh)


def _check_may(actor: Actor) -> None:
    if not may(actor, May.CALL_MEETING):
        raise MayNotMeet(role=actor.role)


def _check_assignable(ticket: Ticket) -> None:
    if ticket.state not in (*TO_DISPATCH, *WITH_UNIT):
        raise CannotBeAssigned(ticket=ticket.ticket_no, state=STATES[ticket.state])


def _check_open(connection: Connection, meeting: Meeting, ticket: TicketNo) -> Item:
    items = meeting_store.items_of(connection, meeting.meeting)
    found = next((item for item in items if item.ticket_no == ticket), None)
    if found is None:
        raise NotOnAgenda(ticket=ticket, meeting=meeting.meeting)
    if found.decided_at is not None:
        raise DecidedAlready(ticket=ticket, meeting=meeting.meeting)
    return found


def _known(connection: Connection, number: str) -> Meeting:
    meeting = meeting_store.meeting_by_number(connection, number)
    if meeting is None:
        raise NoSuchMeeting(meeting=number)
    return meeting


def _ticket(connection: Connection, number: TicketNo) -> Ticket:
    found = store.ticket_by_number(connection, number)
    if found is None:
        raise NotOnAgenda(ticket=number)
    return found
