"""石家庄: seven reasons for a circular of criticism, and praise; each row by its work orders."""

import pytest

from core.database import Connection
from tests.acceptance.afterwards import Rules, Visits, reported
from tests.acceptance.city import City
from tests.fakes.work import FIVE, HOUSING, LEADER, REVIEWER, SUPERVISOR
from tickets import unit_store
from tickets.consequences_desk import MayNotEnter
from tickets.deadlines import DispatchMode
from tickets.model import Ticket
from tickets.roster import DutyCheck
from tickets.units import UnitId
from tickets.wish import Action

QUARTER = ("2026-01-01", "2026-03-31")
CRITICISM = "通报批评"


@pytest.fixture
def rules(city: City) -> Rules:
    city.at("2026-01-12 09:00")
    return Rules(city)


async def late(city: City, at: str) -> Ticket:
    """By telephone, three working days; reported two weeks later."""
    city.at(f"{at} 09:00")
    ticket = await city.sent(await city.submitted(), mode=DispatchMode.PHONE)
    city.clock.forward(14 * 86400)
    return await reported(city, ticket)


async def test_sjz_16_1_returned_twice_in_a_row(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    ticket = await reported(city, await city.sent(await city.submitted()))
    ticket = await city.take(ticket, Action.REDO, REVIEWER, reason="没修好")
    assert rules.rows("SJZ-16(1)", *QUARTER) == []
    ticket = await city.take(await reported(city, ticket), Action.REDO, REVIEWER, reason="还没修好")
    [row] = rules.rows("SJZ-16(1)", *QUARTER)
    assert (row.unit, row.outcome, row.tickets) == (HOUSING.unit, CRITICISM, (ticket.ticket_no,))


async def test_sjz_16_2_asked_for_in_writing_and_nothing_came(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    silent = await city.sent(await city.submitted(), mode=DispatchMode.WRITTEN)
    by_phone = await city.sent(await city.submitted(), mode=DispatchMode.PHONE)
    assert rules.rows("SJZ-16(2)", "2026-01-12", "2026-01-18") == []
    [row] = rules.rows("SJZ-16(2)", *QUARTER)
    assert (row.tickets, by_phone.ticket_no in row.tickets) == ((silent.ticket_no,), False)
    city.clock.forward(3600)
    await reported(city, silent)
    assert rules.rows("SJZ-16(2)", *QUARTER) == []


async def test_sjz_16_3_late_without_reason_three_times_in_a_quarter(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    first, second = await late(city, "2026-01-12"), await late(city, "2026-02-02")
    await late(city, "2026-04-08")
    assert rules.rows("SJZ-16(3)", "2026-01-01", "2026-06-30") == []
    third = await late(city, "2026-03-03")
    [row] = rules.rows("SJZ-16(3)", *QUARTER)
    assert row.tickets == (first.ticket_no, second.ticket_no, third.ticket_no)
    assert "一个季度累计3次" in row.sentence


async def test_sjz_16_4_feedback_that_was_not_so_with_bad_effect(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    visits = Visits(city)
    ticket = await visits.told("满意")
    ticket = await city.take(ticket, Action.LOOK_BACK, SUPERVISOR, text="现场还在漏", passed=False)
    assert rules.rows("SJZ-16(4)", *QUARTER) == []
    rules.enter("反馈不实", ticket)
    [row] = rules.rows("SJZ-16(4)", *QUARTER)
    assert (row.tickets, "现场还在漏" in row.why) == ((ticket.ticket_no,), True)


async def test_sjz_16_5_shirking_and_delay(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    ticket = await city.sent(await city.submitted())
    ticket = await city.take(ticket, Action.REFUSE, HOUSING, reason="不归我管", clause="职责清单")
    assert rules.rows("SJZ-16(5)", *QUARTER) == []
    ticket = await city.sent(ticket)
    rules.enter("推诿拖延")
    shirked, delayed = rules.rows("SJZ-16(5)", *QUARTER)
    assert (shirked.tickets, delayed.tickets) == ((ticket.ticket_no,), ())
    assert "经查属实" in delayed.why


async def test_sjz_16_6_reported_many_times_and_neither_handled_nor_answered(
    city: City, rules: Rules
) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    ticket = await city.sent(await city.submitted())
    ticket = await city.take(ticket, Action.URGE, REVIEWER, arrival="2", text="又来电")
    assert rules.rows("SJZ-16(6)", *QUARTER) == []
    again = await city.submitted()
    await city.take(again, Action.MERGE, REVIEWER, parent=ticket.ticket_no, reason="同一件事")
    [row] = rules.rows("SJZ-16(6)", *QUARTER)
    assert (row.unit, row.tickets) == (HOUSING.unit, (ticket.ticket_no, again.ticket_no))
    ticket = await city.take(ticket, Action.SIGN, HOUSING)
    await city.take(ticket, Action.CONTACT, HOUSING, text="已电话说明")
    assert rules.rows("SJZ-16(6)", *QUARTER) == []


async def test_sjz_16_7_nobody_on_duty_and_the_phone_unanswered(city: City, rules: Rules) -> None:
    """Criticism circular when:

    (1) returned 2 times in a row; (2) written feedback required but none, and not handled; (3) late
    without reason ≥ 3 times cumulated in a quarter; (4) feedback ≠ reality with bad effect; (5)
    shirking/delay; (6) same problem reported many times, neither handled nor answered; (7) duty person
    absent, phone unanswered
    """
    urgent = await city.submitted(fields={**FIVE, "urgency": "紧急", "urgency_reason": "漏气"})
    urgent = await city.sent(urgent)
    city.clock.forward(3600)
    await city.told()

    def ring(connection: Connection) -> None:
        at = city.clock.now()
        for name, answered in (("03", False), ("02", True)):
            check = DutyCheck(unit_id=UnitId(name), at=at, phone="0311-1", answered=answered, by="督办赵")
            unit_store.add_check(connection, check)

    city.database.now(ring)
    found = rules.rows("SJZ-16(7)", *QUARTER)
    assert [(row.unit, row.tickets) for row in found] == [("02", (urgent.ticket_no,)), ("03", ())]


async def test_sjz_15_who_is_conscientious_and_in_time_is_praised(city: City, rules: Rules) -> None:
    """Praise: conscientious, timely, satisfied"""
    visits = Visits(city)
    for _ in range(10):
        await visits.told("满意")
    await visits.told("不满意")
    [row] = rules.rows("SJZ-15", *QUARTER)
    assert (row.outcome, len(row.tickets), row.points) == ("通报表扬", 10, -1)
    [sheet] = rules.judged(*QUARTER).sheets
    assert (sheet.praise, sheet.score) == (1, 100)


async def test_sjz_19_what_is_severe_goes_to_the_supervision_department(city: City, rules: Rules) -> None:
    """Joint meeting with the efficiency office;

    severe cases → supervision department pursues head and handler
    """
    ticket = await reported(city, await city.sent(await city.submitted()))
    rules.enter("情节严重", ticket, actor=SUPERVISOR, people=("王局长", "张三"))
    [row] = rules.rows("SJZ-19", *QUARTER)
    assert (row.outcome, row.tickets) == ("移交监察部门", (ticket.ticket_no,))
    assert [person.name for person in row.persons] == [HOUSING.name]
    [entry] = rules.material(*QUARTER).entries
    assert [(person.post, person.name) for person in entry.persons] == [
        ("主要领导", "王局长"),
        ("主要领导", "张三"),
    ]
    with pytest.raises(MayNotEnter):
        rules.enter("情节严重", ticket, actor=LEADER)
