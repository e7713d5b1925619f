"""郴州: from the call to the answer."""

from datetime import timedelta
from random import Random

import pytest

from core.events import CallAnswered
from core.ids import CallId, SeatNo
from ivr.call import ToQueue
from ivr.flows.citizen_call import INTAKE, citizen_call
from queue_manager.figures.report import Seen, report_of
from tests.acceptance.city import City
from tests.fakes.call import FakeCall, StrangersOnly
from tests.fakes.work import DIRECTOR, FIVE, HOUSING, LEADER, REVIEWER, SEAT, VISITOR, outcome
from tests.unit.queue_manager.figures.made import DAY, NOON, POLICY, arrival, stay
from tickets import work_store
from tickets.circulars.period import Kind
from tickets.desk import TicketDesk
from tickets.guards import StepRefused
from tickets.model import TicketState
from tickets.tasks import Outcome
from tickets.wish import Action


@pytest.mark.parametrize("hour", range(0, 24, 3))
async def test_cz_01_at_any_hour_a_call_goes_to_a_person_and_a_matter_is_taken_down(
    city: City, hour: int
) -> None:
    """24小时不下班的政府"""
    assert await citizen_call(FakeCall(), StrangersOnly()) == ToQueue(INTAKE)
    city.at(f"2026-03-01 {hour:02d}:30")
    ticket = await city.sent(await city.submitted())
    assert (ticket.received_at.hour, ticket.state) == (hour, TicketState.TO_SIGN)


async def test_cz_03_notes_are_taken_while_the_call_goes_on(city: City) -> None:
    """Seat "边听边记", information reaches the responsible department"""
    call = CallAnswered(
        call_id=CallId("1.1"),
        at=city.clock.now(),
        seat=SeatNo("8001"),
        caller="13812341234",
        dialled="12345",
        waited_seconds=1.0,
    )
    await TicketDesk(city.database, city.outbox, Random(1)).draft(call)
    draft = city.of_call(call.call_id)
    assert draft is not None
    for field, text in FIVE.items():
        draft = await city.take(draft, Action.EDIT, SEAT, fields={field: text})
    ticket = await city.sent(await city.take(draft, Action.SUBMIT, SEAT))
    assert ticket.content == FIVE["content"]
    assert ticket.lead is not None
    assert ticket.lead.unit == HOUSING.unit


async def test_cz_04_calls_are_not_work_orders_and_both_are_counted(city: City) -> None:
    """Jan–Aug 2013: 62,080 calls answered, 12,975 matters registered, all closed, satisfaction 96 %"""
    calls = tuple(arrival(f"{number}", stay()) for number in range(10))
    figures = report_of(Seen(window=DAY, as_of=NOON, arrivals=calls), None, POLICY).calls
    assert figures["distinct_calls"].value == 10
    for _ in range(2):
        await city.closed()
    city.clock.forward(86400)
    circular = city.circular(Kind.MONTHLY)
    assert circular.figure("received").figure.num == 2
    assert circular.figure("closing_rate").figure.text == "100.00%"
    assert circular.figure("satisfaction").figure.text == "100.00%"


async def test_cz_14_a_matter_goes_through_all_links(city: City) -> None:
    """Links: 电话记录 → 整理 → 上报 → 交办 → 反馈 → 归档"""
    ticket = await city.opened()
    went = [ticket.state]
    head = city.clock.now() + timedelta(days=3)
    for action, actor, told in (
        (Action.SUBMIT, SEAT, {}),
        (Action.TO_LEADER, DIRECTOR, {"text": "请阅示"}),
        (Action.INSTRUCT, LEADER, {"leads": ("住建局",), "text": "请办理", "due": head}),
        (Action.SIGN, HOUSING, {}),
        (Action.DONE, HOUSING, {"outcome": outcome(city.clock.now())}),
        (Action.ACCEPT, REVIEWER, {}),
        (Action.VISITED, VISITOR, {"visit": city.visit()}),
    ):
        ticket = await city.take(ticket, action, actor, **told)
        went.append(ticket.state)
    assert went == [
        TicketState.DRAFT,
        TicketState.TO_PREVIEW,
        TicketState.TO_INSTRUCT,
        TicketState.TO_SIGN,
        TicketState.HANDLING,
        TicketState.TO_CHECK,
        TicketState.TO_VISIT,
        TicketState.CLOSED,
    ]


async def test_cz_17_yesterdays_intake_is_reviewed_and_gets_an_opinion(city: City) -> None:
    """Director's first act daily: review yesterday's intake, enter 拟办意见, dispatch or submit to

    leader
    """
    yesterday = await city.submitted()
    today = city.clock.now().replace(hour=0) + timedelta(days=1)
    city.clock.at = today + timedelta(hours=8)
    await city.submitted()
    asked = work_store.Asked(since=today - timedelta(days=1), until=today, states=("to_preview",))
    (found,) = city.database.now(lambda connection: work_store.listing(connection, asked))
    assert found.ticket_no == yesterday.ticket_no
    found = await city.take(found, Action.DISPATCH, DIRECTOR, leads=("住建局",), text="请住建局阅处")
    assert (found.work.opinion, found.lead.opinion if found.lead else "") == ("请住建局阅处", "请住建局阅处")


async def test_cz_19_a_month_is_added_up(city: City) -> None:
    """Aug 2013: 13,000 calls in the month"""
    city.at("2013-07-31 23:00")
    await city.submitted()
    city.at("2013-08-01 00:00")
    for _ in range(13):
        await city.answered()
    circular = city.circular(Kind.MONTHLY)
    assert circular.period.name == "2013年8月"
    assert circular.figure("received").figure.num == 13
    assert circular.figure("received").before.num == 1


async def test_cz_20_nothing_is_closed_without_an_answer_to_the_citizen(city: City) -> None:
    """Principle "件件抓好落实,事事都有回音"."""
    ticket = await city.handling()
    mute = Outcome(at=city.clock.now(), result="已修好", reply_proof="", signed_by_head="王局长")
    with pytest.raises(StepRefused, match="答复来电人的证明"):
        await city.take(ticket, Action.DONE, HOUSING, outcome=mute)
    for action in (Action.ACCEPT, Action.VISITED):
        with pytest.raises(StepRefused):
            await city.take(ticket, action, REVIEWER)
    assert city.kept(ticket.ticket_no).state is TicketState.HANDLING
    closed = await city.closed()
    assert any(one.reply_proof for task in closed.work.tasks for one in task.outcomes)


async def test_cz_11_before_a_field_trip_the_problems_of_the_place_are_sorted(city: City) -> None:
    """Before field trips the mayor has the office sort recent local problems"""
    old = await city.submitted(fields={**FIVE, "district": "北湖区", "category": "城乡建设/物业服务"})
    city.clock.forward(20 * 86400)
    closed = await city.answered(fields={**FIVE, "district": "北湖区", "category": "环境保护/噪音污染"})
    await city.submitted(fields={**FIVE, "district": "苏仙区"})
    brief = city.circular(Kind.SPECIAL, district="北湖区")
    assert [one.no for one in brief.items] == [old.ticket_no, closed.ticket_no]
    assert "北湖区" in brief.title
    (categories,) = (split for split in brief.breakdowns if split.key == "category")
    assert [part.label for part in categories.parts] == ["环境保护"]
    assert city.circular(Kind.SPECIAL).items == ()
