"""宁乡: meetings on the days with a 6."""

from datetime import timedelta

import pytest

from tests.acceptance.city import City
from tests.fakes.work import DIRECTOR, HOUSING, REVIEWER, VISITOR
from tickets.deadlines import Matter
from tickets.meeting_store import Meeting
from tickets.meetings import Decision, MeetingDesk, NotADayWithSix
from tickets.model import TicketState
from tickets.wish import Action


@pytest.fixture
def desk(city: City) -> MeetingDesk:
    return MeetingDesk(city.database, city.desk)


async def called(city: City, desk: MeetingDesk, day: int, chair: str = "市长") -> str:
    at = city.at(f"2026-03-{day:02d} 09:00")
    meeting = Meeting(meeting="", kind="逢6", at=at, chair=chair, title="集中交办")
    return (await desk.call(meeting, DIRECTOR)).meeting


async def test_nx_03_on_the_6th_16th_and_26th_hard_cases_are_assigned_together(
    city: City, desk: MeetingDesk
) -> None:
    """逢"6" (every 6th/16th/26th) concentrated dispatch & assignment meeting"""
    overdue = await city.handling()
    easy = await city.submitted()
    for day in (5, 7, 10, 30):
        with pytest.raises(NotADayWithSix):
            await called(city, desk, day)
    assert [await called(city, desk, day) for day in (6, 16)] == ["260306-1", "260316-1"]
    number = await called(city, desk, 26)
    found = await desk.collect(number, DIRECTOR, city.clock.now())
    assert list(found) == [overdue.ticket_no]
    assert easy.ticket_no not in found
    due = city.clock.now() + timedelta(days=5)
    decision = Decision(ticket=overdue.ticket_no, lead="水务局", due=due, text="十天内办结")
    (ticket,) = await desk.assign(number, [decision], DIRECTOR, city.clock.forward(60))
    assert (ticket.work.matter, ticket.due) == (Matter.SIXTH_DAY, due)


async def test_nx_05_meetings_their_chairs_what_they_assigned_and_what_is_closed_are_counted(
    city: City, desk: MeetingDesk
) -> None:
    """By Aug 2019: 30 meetings, 14 chaired by the party secretary; 745 problems assigned, 697 closed

    (93.6 %)
    """
    assigned = []
    for day, chair in ((6, "书记"), (16, "市长"), (26, "书记")):
        number = await called(city, desk, day, chair)
        ticket = await city.submitted()
        await desk.add(number, [ticket.ticket_no], DIRECTOR, city.clock.now(), "久拖未决")
        decision = Decision(ticket=ticket.ticket_no, lead="住建局", due=city.clock.now() + timedelta(days=10))
        assigned += await desk.assign(number, [decision], DIRECTOR, city.clock.forward(60))
    for one in assigned[:2]:
        done = await city.reported(await city.take(one, Action.SIGN, HOUSING))
        await city.take(done, Action.ACCEPT, REVIEWER)
        await city.take(done, Action.VISITED, VISITOR, visit=city.visit())
    meetings = await desk.meetings(10)
    assert [meeting.chair for meeting, _, _ in meetings].count("书记") == 2
    assert sum(decided for _, _, decided in meetings) == 3
    agendas = [await desk.agenda(meeting.meeting, DIRECTOR) for meeting, _, _ in meetings]
    states = [ticket.state for _, items in agendas for _, ticket in items]
    assert states.count(TicketState.CLOSED) == 2
