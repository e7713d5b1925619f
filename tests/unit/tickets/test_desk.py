"""Drafts: exactly one per answered call, filled with what was heard."""

from random import Random

import pytest

from core.database import Database
from core.events import RecordingReady, TicketDrafted, TicketFilled
from core.ids import CallId
from core.understanding import Urgency
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import Ear
from tests.fakes.facts import CALL, answered, suggestion, transcript
from tickets.desk import TicketDesk


class Given:
    """A ticket desk on a fresh database."""

    def __init__(self, database: Database) -> None:
        self.ear = Ear(TicketDrafted, TicketFilled)
        self.outbox = self.ear.connect(database)
        self.desk = TicketDesk(database, self.outbox, Random(1))


@pytest.fixture
def given(database: Database) -> Given:
    return Given(database)


async def test_an_answered_call_gets_exactly_one_draft_even_when_told_twice(given: Given) -> None:
    await given.desk.draft(answered())
    first = await given.desk.ticket_of_call(CALL)
    await given.desk.draft(answered())
    await given.outbox.deliver_once()
    assert first is not None
    assert await given.desk.ticket_of_call(CALL) == first
    assert [type(fact) for fact in given.ear.heard] == [TicketDrafted]


async def test_the_number_has_eighteen_digits_and_grows(given: Given) -> None:
    await given.desk.draft(answered())
    await given.desk.draft(answered(CallId("hotline-1.2")))
    first = await given.desk.ticket_of_call(CALL)
    second = await given.desk.ticket_of_call(CallId("hotline-1.2"))
    assert first is not None
    assert second is not None
    assert (first.ticket_no, second.ticket_no) == ("260302090009000001", "260302090009000002")


async def test_the_draft_is_filled_with_what_was_heard_and_suggested(given: Given) -> None:
    await given.desk.draft(answered())
    await given.desk.add_transcript(transcript())
    await given.desk.add_suggestion(suggestion())
    await given.desk.add_recording(
        RecordingReady(call_id=CALL, at=NINE_O_CLOCK, path="/r/1.raw", duration_seconds=60.0, sha256="0")
    )
    ticket = await given.desk.ticket_of_call(CALL)
    assert ticket is not None
    assert ticket.content == "楼道里闻到煤气味"
    assert ticket.dialogue == "座席:您好请讲\n市民:楼道里闻到煤气味"
    assert ticket.urgency is Urgency.VERY_URGENT
    assert ticket.suggestion == suggestion().suggestion
    assert ticket.recording == "/r/1.raw"
    assert ticket.phone == "13812345678"


async def test_filling_twice_equals_filling_once(given: Given) -> None:
    await given.desk.draft(answered())
    for _ in range(2):
        await given.desk.add_transcript(transcript())
        await given.desk.add_suggestion(suggestion())
    await given.outbox.deliver_once()
    ticket = await given.desk.ticket_of_call(CALL)
    assert ticket is not None
    assert ticket.version == 3
    assert [type(fact) for fact in given.ear.heard] == [TicketDrafted, TicketFilled]


async def test_a_call_that_nobody_answered_leads_to_no_ticket(given: Given) -> None:
    await given.desk.add_transcript(transcript())
    await given.desk.add_suggestion(suggestion())
    assert await given.desk.ticket_of_call(CALL) is None
