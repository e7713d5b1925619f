"""第一通电话: a citizen dials 12345, a seat answers, they talk, and a draft lies in the database.

Everything on the way is real: SIP and RTP on loopback, Asterisk, our flow, the queue, the seat's
telephone, the recording, Vosk, the words, the database.
"""

from core.events import EndReason, Urgency
from simulator.scenario import DEMO_CITIZENS
from tests.stories.hotline import Hotline, numbers


async def test_a_smell_of_gas_becomes_an_urgent_draft(hotline: Hotline) -> None:
    gas = DEMO_CITIZENS[1]
    number = next(numbers)
    async with hotline.seat():
        report = await hotline.citizen(gas.text, number, gas)
    row = await hotline.call_from(number, lambda row: row.gone_at is not None)
    ticket = await hotline.ticket_of(row.call_id, lambda ticket: ticket.suggestion is not None)
    assert row.end_reason is EndReason.ANSWERED
    assert row.seat == "8001"
    assert report.first_sound_at is not None
    assert "煤气" in ticket.content
    assert ticket.urgency is not Urgency.ORDINARY
    assert ticket.phone == number
    assert "煤气味" in {one.word for one in ticket.suggestion.evidence} if ticket.suggestion else False
