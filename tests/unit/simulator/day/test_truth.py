"""What a rehearsal knows of its calls follows the journal's own words for them."""

from datetime import timedelta

import pytest

from app.rehearsal_check import true_reason
from core.events import EndReason
from simulator.day.channel import Channel
from simulator.day.telephone import Rang
from simulator.day.truth import TrueOffer, TrueStay, TruthBook
from tests.fakes.clock import NINE_O_CLOCK

CALL = "hotline-1772413200.1"


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0.4, EndReason.HUNG_UP_RINGING), (0.6, EndReason.HUNG_UP_WAITING)]
)
def test_whoever_hangs_up_just_when_the_ringing_has_stopped_hung_up_while_it_rang(
    seconds: float, reason: EndReason
) -> None:
    book = TruthBook()
    channel = Channel(
        name="PJSIP/city-1", uniqueid=CALL, linkedid=CALL, caller="", context="", variables={"CALL_ID": CALL}
    )
    book.arrived(channel, NINE_O_CLOCK)
    stopped = NINE_O_CLOCK + timedelta(seconds=20)
    rung = TrueOffer(seat="8001", at=NINE_O_CLOCK, ended_at=stopped, how=Rang.RUNG_OUT)
    book.calls[CALL].stays.append(TrueStay(queue="intake", queued_at=NINE_O_CLOCK, offers=[rung]))
    book.gone(channel, stopped + timedelta(seconds=seconds))
    assert true_reason(book.calls[CALL]) is reason
