"""通报素材版本: whoever changes what is kept for circulars raises its version, or old facts stay believed."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core.ids import CallId, SeatNo, TicketNo
from core.understanding import Urgency
from tests.unit.tickets.circulars.made_up import HOUR, MONDAY
from tickets.circulars.fact_of_ticket import FACTS_VERSION, fact_of
from tickets.clocks import ChangeKind, Clock, DueChange
from tickets.deadlines import ClockKind, Matter
from tickets.limits import limit_of
from tickets.model import Citizen, Closing, Demand, Refusal, Ticket, TicketState, Visit, Work
from tickets.plain_form import plain
from tickets.tasks import Contact, Outcome, Part, Task, TaskState

KEPT = Path(__file__).parents[3] / "data" / "ticket_facts.json"


def after(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def clock(kind: ClockKind, hours: float, *changes: DueChange) -> Clock:
    return Clock(
        kind=kind,
        rule="一般",
        limit=limit_of("24小时"),
        started_at=after(1),
        first_due=after(hours),
        due=changes[-1].now if changes else after(hours),
        calendar="2026",
        changes=changes,
    )


PLAIN = Ticket(
    ticket_no=TicketNo("261109000000000001"),
    query_code="ABCDEF",
    state=TicketState.TO_PREVIEW,
    src_channel="电话",
    call_id=CallId("hotline-1.1"),
    orig_did="12345",
    received_at=MONDAY,
    seat=SeatNo("8001"),
    phone="13812345678",
    title="楼道漏水",
    demand_type="投诉",
    category="物业管理/维修",
    urgency=Urgency.URGENT,
    demand=Demand(district="北湖区"),
)
LONGER = DueChange(
    kind=ChangeKind.EXTENDED, at=after(9), was=after(25), now=after(49), by="派单王", reason="等料"
)
REFUSED = Task(number=1, unit="03", part=Part.LEAD, state=TaskState.REFUSED, given_at=after(1))
OUTCOMES = tuple(
    Outcome(at=after(hours), result="修好了", reply_proof="电话告知", signed_by_head="王五")
    for hours in (20, 30)
)
LEAD = Task(
    number=2,
    unit="02",
    part=Part.LEAD,
    state=TaskState.DONE,
    given_at=after(2),
    clocks=(
        clock(ClockKind.SIGN, 3),
        clock(ClockKind.CONTACT, 5),
        clock(ClockKind.FINISH, 25, LONGER),
    ),
    signed_at=after(2.5),
    contacts=(Contact(at=after(4), by="住建局", how="电话"), Contact(at=after(6), by="住建局", how="上门")),
    outcomes=OUTCOMES,
)
UNDER_WAY = Work(
    tasks=(REFUSED, LEAD),
    matter=Matter.SUPERVISED,
    refusals=(Refusal(unit="03", at=after(1.5), reason="不归我们管", clause="三定方案"),),
    redos=1,
)
VISITS = (
    Visit(at=after(40), by="回访陈", reached=False),
    Visit(at=after(46), by="回访陈", handle_sat="非常满意", is_solved="办成"),
)
VISITED = replace(UNDER_WAY, visits=VISITS, closing=Closing.DONE, closed_at=after(46))
ON_LINE = Work(closing=Closing.ON_LINE, closed_at=after(0.1))
WORK_ORDERS = {
    "登记": PLAIN,
    "不要回访": replace(PLAIN, citizen=Citizen(wants_visit=False)),
    "重办": replace(PLAIN, state=TicketState.HANDLING, work=UNDER_WAY),
    "待回访": replace(PLAIN, state=TicketState.TO_VISIT, work=UNDER_WAY),
    "办结": replace(PLAIN, state=TicketState.CLOSED, work=VISITED),
    "不计入": replace(PLAIN, state=TicketState.CLOSED, work=replace(VISITED, counted="不合理诉求")),
    "直接解答": replace(PLAIN, state=TicketState.CLOSED, demand_type="咨询", work=ON_LINE),
    "骚扰": replace(PLAIN, state=TicketState.CLOSED, demand_type="骚扰", work=ON_LINE),
    "撤单": replace(PLAIN, state=TicketState.CLOSED, work=replace(ON_LINE, closing=Closing.WITHDRAWN)),
    "并单": replace(PLAIN, state=TicketState.MERGED, work=replace(UNDER_WAY, parent=PLAIN.ticket_no)),
}


def test_what_facts_say_is_what_their_version_said() -> None:
    told = {name: plain(fact_of(ticket)) for name, ticket in WORK_ORDERS.items()}
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    assert {"version": FACTS_VERSION, "facts": told} == kept, (
        f"raise FACTS_VERSION when facts say something else, and write into {KEPT.name} what they say now"
    )
