"""What was merged closes and opens with its main work order, and every citizen is told."""

from dataclasses import replace

import pytest

from core.database import Database
from core.events import TicketStepped
from tests.fakes.work import HOUSING, REVIEWER, SEAT, VISITOR, Office, outcome
from tickets.merged import PLAIN_ANSWER, OthersMerged
from tickets.model import Closing, Ticket, TicketState
from tickets.wish import Action


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


async def merged_into(office: Office, main: Ticket) -> Ticket:
    other = await office.submitted()
    return await office.take(other, Action.MERGE, REVIEWER, parent=main.ticket_no, reason="同一件事")


async def closed(office: Office, ticket: Ticket, public_reply: str = "") -> Ticket:
    told = replace(outcome(office.clock.now()), public_reply=public_reply)
    ticket = await office.take(ticket, Action.DONE, HOUSING, outcome=told)
    ticket = await office.take(ticket, Action.ACCEPT, REVIEWER)
    return await office.take(ticket, Action.VISITED, VISITOR, visit=office.visit())


async def told(office: Office, ticket: Ticket) -> list[str]:
    """What is told outwards about a work order since it was merged."""
    await office.outbox.deliver_once()
    facts = [fact for fact in office.ear.heard if isinstance(fact, TicketStepped)]
    own = [fact.action for fact in facts if fact.ticket_no == ticket.ticket_no]
    return own[own.index("合并") + 1 :]


async def test_every_citizen_is_told_when_the_main_one_closes(office: Office) -> None:
    main = await office.handling()
    others = [await merged_into(office, main) for _ in range(2)]
    await closed(office, main, public_reply="水管已更换")
    for other in others:
        assert await told(office, other) == ["随主单办结"]
        kept = office.kept(other.ticket_no)
        assert (kept.state, kept.work.answer) == (TicketState.MERGED, "水管已更换")
        last = (await office.desk.history(other.ticket_no))[-1]
        assert (last.action, last.seq, last.actor) == ("随主单办结", kept.version, "系统")


async def test_what_a_unit_reports_of_one_citizen_is_not_told_to_another(office: Office) -> None:
    main = await office.handling()
    other = await merged_into(office, main)
    await closed(office, main)
    assert await told(office, other) == ["随主单办结"]
    assert office.kept(other.ticket_no).work.answer == PLAIN_ANSWER


async def test_what_was_merged_into_what_was_merged_is_told_too(office: Office) -> None:
    main, middle = await office.handling(), await office.submitted()
    last = await merged_into(office, middle)
    await office.take(middle, Action.MERGE, REVIEWER, parent=main.ticket_no, reason="同一件事")
    await closed(office, main, public_reply="已更换")
    assert await told(office, last) == ["随主单办结"]
    assert office.kept(last.ticket_no).work.answer == "已更换"


async def test_when_the_main_one_is_opened_again_the_answer_does_not_hold(office: Office) -> None:
    main = await office.handling()
    other = await merged_into(office, main)
    main = await closed(office, main, public_reply="已更换")
    main = await office.take(main, Action.REOPEN, SEAT, reason="又漏了", arrival="hotline-9.9")
    assert office.kept(other.ticket_no).work.answer == ""
    main = await office.take(main, Action.HAND_BACK, REVIEWER)
    await closed(office, main, public_reply="又换了一次")
    assert await told(office, other) == ["随主单办结", "随主单重开", "随主单办结"]
    assert office.kept(other.ticket_no).work.answer == "又换了一次"


async def test_one_citizen_withdraws_only_for_himself(office: Office) -> None:
    main = await office.handling()
    other = await merged_into(office, main)
    with pytest.raises(OthersMerged, match=other.ticket_no):
        await office.take(main, Action.WITHDRAW, SEAT, arrival="hotline-9.9")
    assert office.kept(main.ticket_no) == main
    apart = await office.take(other, Action.UNMERGE, REVIEWER, reason="各办各的")
    main = await office.take(main, Action.WITHDRAW, SEAT, arrival="hotline-9.9")
    assert (main.work.closing, apart.state) == (Closing.WITHDRAWN, TicketState.TO_PREVIEW)
    assert await told(office, other) == ["拆分"]


async def test_what_is_taken_apart_after_the_end_is_open_and_unanswered(office: Office) -> None:
    main = await office.handling()
    other = await merged_into(office, main)
    await closed(office, main)
    apart = await office.take(other, Action.UNMERGE, REVIEWER, reason="不是一件事")
    assert (apart.state, apart.work.answer) == (TicketState.TO_PREVIEW, "")


async def test_a_clock_that_is_ahead_at_one_of_them_holds_up_nobody(office: Office) -> None:
    main = await office.handling()
    other = await merged_into(office, main)
    office.clock.forward(3600)
    await office.take(other, Action.CONFIDE, REVIEWER)
    office.clock.forward(-3600)
    await closed(office, main)
    assert office.kept(other.ticket_no).work.answer == PLAIN_ANSWER
