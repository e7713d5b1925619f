"""Histories of work orders, made up one by one, for rules that are held against them."""

from datetime import datetime, timedelta

from core.calendar import national_calendar
from core.clock import SHANGHAI
from core.ids import CallId, SeatNo, TicketNo
from tests.fakes.organisation import unit
from tickets.circulars.period import Kind, Period, period_of
from tickets.clocks import Clock
from tickets.consequences_facts import Dossier, Entry, Material, Person
from tickets.deadlines import ClockKind, DispatchMode
from tickets.history import Event
from tickets.limits import limit_of
from tickets.model import Chase, Ticket, TicketState, Visit, Work
from tickets.roster import DutyCheck
from tickets.tasks import Outcome, Part, Task, TaskState
from tickets.units import Person as Named
from tickets.units import Post, UnitId
from tickets.wish import Action

FIRST_QUARTER = period_of(Kind.QUARTERLY, datetime(2026, 2, 1, tzinfo=SHANGHAI).date())
BEGIN = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)
UNITS = {
    one.unit_id: one
    for one in (
        unit("02", "住建局", people=(Named(post=Post.HEAD, name="王局长", phone="1"),)),
        unit("03", "水务局"),
    )
}
CALENDAR = national_calendar().version


def clock(kind: ClockKind, start: datetime, due: datetime, stopped: datetime | None) -> Clock:
    return Clock(
        kind=kind,
        rule="一般",
        limit=limit_of("5个工作日"),
        started_at=start,
        first_due=due,
        due=due,
        calendar=CALENDAR,
        stopped_at=stopped,
    )


class Made:
    """One work order of a unit, received on a day of the year; every method adds something to its history."""

    def __init__(self, number: int, unit_id: str = "02", day: int = 0) -> None:
        self.no = TicketNo(f"26{number:016d}")
        self.begin = BEGIN + day * DAY
        self.due = self.begin + 7 * DAY
        self.work: dict[str, object] = {"counted": "计入考核"}
        self.tasks = [self.task(unit_id, 1, self.begin)]
        self.events: list[Event] = []
        self.warned: list[tuple[datetime, str]] = []
        self.state = TicketState.HANDLING

    def task(self, unit_id: str, number: int, given: datetime, **other: object) -> Task:
        known: dict[str, object] = {"state": TaskState.HANDLING, "handler": f"经办{unit_id}"}
        known["clocks"] = (clock(ClockKind.FINISH, given, given + 7 * DAY, None),)
        return Task(
            number=number,
            unit=unit_id,
            part=Part.LEAD,
            given_at=given,
            **(known | other),  # type: ignore[arg-type]  # each under its own field's name
        )

    def written(self) -> "Made":
        self.work["mode"] = DispatchMode.WRITTEN
        return self

    def done(self, after_days: int, solved: str = "已解决") -> "Made":
        """The unit reports done so many days after it got it."""
        at = self.begin + after_days * DAY
        self.tasks[-1] = self._with_outcome(self.tasks[-1], at, solved)
        self.event(Action.DONE, at)
        return self

    def _with_outcome(self, task: Task, at: datetime, solved: str) -> Task:
        told = Outcome(at=at, result="已办", reply_proof="电话", signed_by_head="王局长", solved=solved)
        stopped = tuple(clock(one.kind, one.started_at, one.due, at) for one in task.clocks)
        return Task(
            **{name: getattr(task, name) for name in Task.__dataclass_fields__}
            | {"outcomes": (*task.outcomes, told), "clocks": stopped, "state": TaskState.DONE}
        )

    def event(self, action: Action, at: datetime, now: str = "") -> "Made":
        self.events.append(
            Event(
                ticket_no=self.no,
                seq=len(self.events) + 2,
                at=at,
                actor="某人",
                role="派单员",
                action=action,
                was="",
                now=now,
                reason="",
                diff={},
            )
        )
        return self

    def sent_back(self, *after_days: int) -> "Made":
        for days in after_days:
            self.event(Action.REDO, self.begin + days * DAY)
        self.work["redos"] = len(after_days)
        return self

    def again(self, *after_days: int) -> "Made":
        """The citizen asks again."""
        self.work["chases"] = tuple(
            Chase(at=self.begin + days * DAY, by="小李", arrival=f"{days}", text="还没人来")
            for days in after_days
        )
        return self

    def refused(self, then_day: int) -> "Made":
        """The unit refuses and is given it again."""
        [first] = self.tasks
        shirked = self.task(first.unit, 1, first.given_at, state=TaskState.REFUSED, clocks=())
        self.tasks = [shirked, self.task(first.unit, 2, self.begin + then_day * DAY)]
        return self

    def looked_at(self, after_days: int) -> "Made":
        at = self.begin + after_days * DAY
        self.work["look_backs"] = (Visit(at=at, by="督办赵", is_solved="未解决", note="还在漏"),)
        return self

    def rung_in_vain(self, after_days: int) -> "Made":
        self.warned.append((self.begin + after_days * DAY, "接单未做, 值班室脱岗, 找分管领导"))
        return self

    def rated(self, handle_sat: str, after_days: int) -> "Made":
        at = self.begin + after_days * DAY
        self.work |= {"visits": (Visit(at=at, by="回访陈", handle_sat=handle_sat),), "closed_at": at}
        self.state = TicketState.CLOSED
        return self

    def left_out(self) -> "Made":
        self.work["counted"] = "不计入考核"
        return self

    @property
    def dossier(self) -> Dossier:
        work = Work(tasks=tuple(self.tasks), **self.work)  # type: ignore[arg-type]  # as above
        ticket = Ticket(
            ticket_no=self.no,
            query_code="ABCDEF",
            state=self.state,
            src_channel="电话",
            call_id=CallId(self.no),
            orig_did="",
            received_at=self.begin,
            seat=SeatNo("8001"),
            phone="13812341234",
            work=work,
        )
        return Dossier(ticket=ticket, events=tuple(self.events), warned=tuple(self.warned))


def entry(kind: str, day: int, *numbers: TicketNo, unit_id: str = "02") -> Entry:
    return Entry(
        number=1,
        at=BEGIN + day * DAY,
        kind=kind,
        unit=unit_id,
        persons=(Person(name="王局长", post="主要领导"),),
        tickets=numbers,
        reason="经查属实",
        entered_by="纪检孙",
        role="派驻",
    )


def rung(day: int, *, answered: bool, unit_id: str = "03") -> DutyCheck:
    at = BEGIN + day * DAY
    return DutyCheck(unit_id=UnitId(unit_id), at=at, phone="0311-1", answered=answered, by="督办赵")


def material(*made: Made, period: Period = FIRST_QUARTER, **other: object) -> Material:
    dossiers = tuple(one.dossier for one in made)
    return Material(period=period, dossiers=dossiers, units=UNITS, **other)  # type: ignore[arg-type]
