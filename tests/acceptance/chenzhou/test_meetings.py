"""郴州: joint meetings."""

from datetime import timedelta

from tests.acceptance.city import City
from tests.fakes.work import DIRECTOR
from tickets.deadlines import Matter
from tickets.meeting_store import Meeting
from tickets.meetings import Decision, MeetingDesk
from tickets.model import TicketState

CASES = 53
UNITS = ("住建局", "水务局", "物业科")


async def test_cz_24_a_joint_meeting_clears_up_who_is_responsible(city: City) -> None:
    """Joint meeting (联席会议) for cross-department/-region/-industry problems; clarify responsibility"""
    disputed = await city.handling()
    desk = MeetingDesk(city.database, city.desk)
    meeting = Meeting(meeting="", kind="联席会议", at=city.clock.now(), chair="市长", title="跨部门问题")
    number = (await desk.call(meeting, DIRECTOR)).meeting
    await desk.add(number, [disputed.ticket_no], DIRECTOR, city.clock.now(), "跨住建、水务两个部门")
    due = city.clock.now() + timedelta(days=3)
    decision = Decision(ticket=disputed.ticket_no, lead="水务局", assists=("住建局",), due=due)
    (ticket,) = await desk.assign(number, [decision], DIRECTOR, city.clock.forward(60))
    assert (ticket.work.matter, ticket.work.meeting) == (Matter.JOINT_MEETING, number)
    assert ticket.lead is not None
    assert (ticket.lead.unit, ticket.due) == ("03", due)


async def test_cz_25_every_case_of_a_meeting_gets_its_unit_and_its_time_limit(city: City) -> None:
    """First joint meeting 21 Nov: 53 cases, each given responsible unit and time limit"""
    cases = [await city.submitted() for _ in range(CASES)]
    desk = MeetingDesk(city.database, city.desk)
    meeting = Meeting(meeting="", kind="联席会议", at=city.clock.now(), chair="市长", title="第一次联席会议")
    number = (await desk.call(meeting, DIRECTOR)).meeting
    await desk.add(number, [one.ticket_no for one in cases], DIRECTOR, city.clock.now(), "第一批")
    now = city.clock.forward(60)
    decisions = [
        Decision(ticket=one.ticket_no, lead=UNITS[place % 3], due=now + timedelta(days=1 + place % 7))
        for place, one in enumerate(cases)
    ]
    assigned = {one.ticket_no: one for one in await desk.assign(number, decisions, DIRECTOR, now)}
    assert len(assigned) == CASES
    assert {one.state for one in assigned.values()} == {TicketState.TO_SIGN}
    assert [assigned[one.ticket].due for one in decisions] == [one.due for one in decisions]
    ((_, items, decided),) = await desk.meetings(5)
    assert (items, decided) == (CASES, CASES)
