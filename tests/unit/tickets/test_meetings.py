"""Meetings: an agenda of hard cases, assigned at once, each to one unit and by its own due time."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.clock import SHANGHAI
from core.database import Database
from core.errors import HotlineError
from core.ids import TicketNo
from tests.fakes.work import DIRECTOR, HOUSING, POLICIES, REVIEWER, SEAT, UNITS, Office
from tickets.deadlines import Matter
from tickets.guards import StepRefused
from tickets.meeting_import import decisions_in
from tickets.meeting_store import Meeting
from tickets.meetings import (
    CannotBeAssigned,
    DecidedAlready,
    Decision,
    MayNotMeet,
    MeetingDesk,
    NoSuchMeeting,
    NotADayWithSix,
    NotOnAgenda,
)
from tickets.model import Ticket, TicketState
from tickets.unit_file import ImportRefused
from tickets.units import NoSuchUnit, UnitTree
from tickets.wish import Action

SIXTH = datetime(2026, 3, 6, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def desk(office: Office) -> MeetingDesk:
    return MeetingDesk(office.database, office.desk)


async def called(desk: MeetingDesk, kind: str = "联席会议", at: datetime = SIXTH) -> str:
    meeting = Meeting(meeting="", kind=kind, at=at, chair="市长", title="水和路")
    return (await desk.call(meeting, DIRECTOR)).meeting


async def on_agenda(office: Office, desk: MeetingDesk, *tickets: Ticket, kind: str = "联席会议") -> str:
    number = await called(desk, kind)
    await desk.add(number, [one.ticket_no for one in tickets], DIRECTOR, office.clock.now(), "群众反映集中")
    return number


def decision(ticket: Ticket, lead: str, hours: int, *assists: str) -> Decision:
    due = SIXTH + timedelta(hours=hours)
    return Decision(ticket=ticket.ticket_no, lead=lead, assists=assists, due=due, text="限期办结")


async def test_each_case_gets_its_own_unit_and_its_own_due_time(office: Office, desk: MeetingDesk) -> None:
    fresh = [await office.submitted() for _ in range(3)]
    number = await on_agenda(office, desk, *fresh)
    decisions = [
        decision(fresh[0], "住建局", 24),
        decision(fresh[1], "水务局", 48, "住建局"),
        decision(fresh[2], "03", 72),
    ]
    moved = await desk.assign(number, decisions, DIRECTOR, office.clock.forward(60))
    assert [(one.state, one.lead and one.lead.unit, one.due) for one in moved] == [
        (TicketState.TO_SIGN, "02", SIXTH + timedelta(hours=24)),
        (TicketState.TO_SIGN, "03", SIXTH + timedelta(hours=48)),
        (TicketState.TO_SIGN, "03", SIXTH + timedelta(hours=72)),
    ]
    assert {(one.work.matter, one.work.meeting) for one in moved} == {(Matter.JOINT_MEETING, number)}
    assert [task.unit for task in moved[1].work.tasks] == ["03", "02"]
    meeting, items = await desk.agenda(number, DIRECTOR)
    assert [(item.unit, item.decided_at is not None) for item, _ in items] == [
        ("02", True),
        ("03", True),
        ("03", True),
    ]
    assert await desk.meetings(10) == [(meeting, 3, 3)]


async def test_one_that_is_refused_leaves_all_as_they_were(office: Office, desk: MeetingDesk) -> None:
    fresh = [await office.submitted() for _ in range(2)]
    number = await on_agenda(office, desk, *fresh)
    for second, error in (
        (decision(fresh[1], "没有的局", 24), NoSuchUnit),
        (decision(fresh[1], "水务局", -999), StepRefused),
    ):
        with pytest.raises(error):
            await desk.assign(
                number, [decision(fresh[0], "住建局", 24), second], DIRECTOR, office.clock.forward(60)
            )
    assert [office.kept(one.ticket_no) for one in fresh] == fresh
    assert all(item.decided_at is None for item, _ in (await desk.agenda(number, DIRECTOR))[1])


async def test_who_has_it_already_is_supervised_and_another_takes_it_over(
    office: Office, desk: MeetingDesk
) -> None:
    same, other = await office.handling(), await office.handling()
    number = await on_agenda(office, desk, same, other, kind="逢6")
    moved = await desk.assign(
        number,
        [decision(same, "住建局", 24), decision(other, "水务局", 24)],
        DIRECTOR,
        office.clock.forward(60),
    )
    assert (moved[0].state, moved[0].due) == (TicketState.HANDLING, SIXTH + timedelta(hours=24))
    assert moved[0].work.matter is Matter.SIXTH_DAY
    assert moved[1].state is TicketState.TO_SIGN
    assert moved[1].lead is not None
    assert moved[1].lead.unit == "03"
    told = [event.action for event in await office.desk.history(other.ticket_no)]
    assert told[-1] == "改派"


async def test_what_a_leader_heard_at_the_telephone_needs_two_signatures(
    office: Office, desk: MeetingDesk
) -> None:
    ticket = await office.submitted()
    number = await on_agenda(office, desk, ticket, kind="领导接听")
    [ticket] = await desk.assign(number, [decision(ticket, "住建局", 24)], DIRECTOR, office.clock.forward(60))
    assert (ticket.work.matter, ticket.work.session) == (Matter.LEADER_TAKEN, number)
    ticket = await office.reported(await office.take(ticket, Action.SIGN, HOUSING))
    with pytest.raises(StepRefused, match="都确认"):
        await office.take(ticket, Action.ACCEPT, REVIEWER)


async def test_an_agenda_is_made_of_what_is_hard(office: Office, desk: MeetingDesk) -> None:
    await office.handling()
    refused = await office.handling()
    for _ in range(2):
        refused = await office.take(refused, Action.REFUSE, HOUSING, reason="不归我们", clause="职责清单3")
        refused = await office.take(refused, Action.DISPATCH, REVIEWER, leads=("住建局",))
        refused = await office.take(refused, Action.SIGN, HOUSING)
    again = await office.take(
        await office.reported(await office.handling()), Action.REDO, REVIEWER, reason="没修好"
    )
    chased = await office.handling()
    for call in ("hotline-8.1", "hotline-8.2"):
        chased = await office.take(chased, Action.URGE, SEAT, arrival=call, text="快点")
    await office.closed()
    number = await called(desk, "逢6")
    found = await desk.collect(number, DIRECTOR, office.clock.now())
    assert found == {
        refused.ticket_no: "退单2次",
        again.ticket_no: "重办1次",
        chased.ticket_no: "催办2次",
    }
    office.clock.forward(30 * 86400)
    found = await desk.collect(number, DIRECTOR, office.clock.now())
    assert len(found) == 4
    assert found[refused.ticket_no] == "已超期、退单2次"
    items = (await desk.agenda(number, DIRECTOR))[1]
    assert [item.why for item, _ in items] == ["退单2次", "重办1次", "催办2次", "已超期"]


async def test_what_was_assigned_stays_so(office: Office, desk: MeetingDesk) -> None:
    ticket = await office.submitted()
    number = await on_agenda(office, desk, ticket)
    await desk.assign(number, [decision(ticket, "住建局", 24)], DIRECTOR, office.clock.forward(60))
    with pytest.raises(DecidedAlready):
        await desk.assign(number, [decision(ticket, "水务局", 24)], DIRECTOR, office.clock.forward(60))
    with pytest.raises(DecidedAlready):
        await desk.drop(number, ticket.ticket_no, DIRECTOR)


async def test_what_is_not_on_the_agenda_is_not_assigned(office: Office, desk: MeetingDesk) -> None:
    ticket, dropped = await office.submitted(), await office.submitted()
    number = await on_agenda(office, desk, dropped)
    await desk.drop(number, dropped.ticket_no, DIRECTOR)
    for one in (ticket, dropped):
        with pytest.raises(NotOnAgenda):
            await desk.assign(number, [decision(one, "住建局", 24)], DIRECTOR, office.clock.forward(60))


async def test_what_has_ended_or_does_not_exist_comes_on_no_agenda(office: Office, desk: MeetingDesk) -> None:
    number = await called(desk)
    closed = await office.closed()
    for ticket, error in ((closed.ticket_no, CannotBeAssigned), (TicketNo("1"), NotOnAgenda)):
        with pytest.raises(error):
            await desk.add(number, [ticket], DIRECTOR, office.clock.now(), "")
    with pytest.raises(NoSuchMeeting):
        await desk.agenda("260306-9", DIRECTOR)


async def test_only_who_may_calls_a_meeting_and_those_with_six_have_their_days(desk: MeetingDesk) -> None:
    meeting = Meeting(meeting="", kind="逢6", at=SIXTH + timedelta(days=1), chair="书记", title="")
    with pytest.raises(NotADayWithSix):
        await desk.call(meeting, DIRECTOR)
    with pytest.raises(MayNotMeet):
        await desk.call(meeting, REVIEWER)
    assert [await called(desk, "逢6"), await called(desk)] == ["260306-1", "260306-2"]


class TestFile:
    def lines(self, tmp_path: Path, *lines: str) -> list[Decision]:
        file = tmp_path / "交办.csv"
        file.write_text("\n".join(["工单,主办,协办,时限,意见", *lines]), encoding="utf-8")
        return decisions_in(file, UnitTree(UNITS), POLICIES.limits.office.ends)

    def test_a_line_is_a_decision(self, tmp_path: Path) -> None:
        found = self.lines(tmp_path, "1,住建局,水务局、物业科,2026-05-01,速办", "2,03,,2026/05/01 12:00,")
        assert found == [
            Decision(
                ticket=TicketNo("1"),
                lead="02",
                assists=("03", "0201"),
                due=datetime(2026, 5, 1, 17, 30, tzinfo=SHANGHAI),
                text="速办",
            ),
            Decision(ticket=TicketNo("2"), lead="03", due=datetime(2026, 5, 1, 12, 0, tzinfo=SHANGHAI)),
        ]

    def test_everything_that_is_wrong_is_told_at_once(self, tmp_path: Path) -> None:
        with pytest.raises(ImportRefused) as refused:
            self.lines(
                tmp_path,
                "1,没有的局,,2026-05-01,",
                "2,住建局,,五月,",
                "3,03,,2026-05-01,",
                "3,03,,2026-05-01,",
            )
        assert [problem.line for problem in refused.value.problems] == [2, 3, 5]
        assert all(isinstance(one, HotlineError) for one in (refused.value,))
