"""济宁: what a leader took himself."""

from datetime import timedelta

from tests.acceptance.city import City
from tests.fakes.work import DIRECTOR
from tickets.circulars.period import Kind
from tickets.deadlines import Matter
from tickets.meeting_store import Meeting
from tickets.meetings import Decision, MeetingDesk


async def test_jn_07_what_the_leader_took_goes_to_the_unit_as_a_supervised_document(city: City) -> None:
    """All calls taken by the leader plus that day's calls for that department become "领导接听件",

    sent as a supervised document to the unit for priority handling
    """
    taken = [await city.submitted(channel="电话") for _ in range(2)]
    other = await city.submitted(channel="电话")
    desk = MeetingDesk(city.database, city.desk)
    session = Meeting(meeting="", kind="领导接听", at=city.clock.now(), chair="副市长", title="住建局专场")
    number = (await desk.call(session, DIRECTOR)).meeting
    await desk.add(number, [one.ticket_no for one in taken], DIRECTOR, city.clock.now(), "领导接听")
    due = city.clock.now() + timedelta(days=2)
    decisions = [Decision(ticket=one.ticket_no, lead="住建局", due=due, text="优先办理") for one in taken]
    items = await desk.assign(number, decisions, DIRECTOR, city.clock.forward(60))
    assert {(one.work.matter, one.work.session, one.due) for one in items} == {
        (Matter.LEADER_TAKEN, number, due)
    }
    listed = {one.no for one in city.circular(Kind.SPECIAL).items}
    assert listed == {one.ticket_no for one in taken}
    assert other.ticket_no not in listed
