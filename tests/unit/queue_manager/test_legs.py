"""The telephone that joins a talk by an attended transfer belongs to the call from then on."""

import pytest

from queue_manager.ami_events import sightings_of
from queue_manager.legs import JOINED, Legs
from queue_manager.sightings import Seen

CALL = "hotline-1772413200.1"
COLLEAGUE = {
    "uniqueid": "hotline-1772413230.4",
    "channel": "PJSIP/8002-00000004",
    "timestamp": "1772413250.5",
}
HANDED_OVER = {
    "event": "AttendedTransfer",
    "timestamp": "1772413240.5",
    "result": "Success",
    "desttype": "Bridge",
    "origtransfererchannel": "PJSIP/8001-00000002",
    "transfereechanvariable": f"CALL_ID={CALL}",
    "transfertargetchannel": COLLEAGUE["channel"],
    "transfertargetuniqueid": COLLEAGUE["uniqueid"],
}


@pytest.fixture
def legs() -> Legs:
    legs = Legs()
    legs.told(HANDED_OVER)
    return legs


def test_what_the_colleague_does_from_then_on_is_seen_of_the_call(legs: Legs) -> None:
    [held] = sightings_of(legs.told({**COLLEAGUE, "event": "Hold"}), "/recordings")
    assert (held.call_id, held.kind, held.seat) == (CALL, Seen.HELD, "8002")


def test_the_colleagues_telephone_is_gone_once(legs: Legs) -> None:
    hangup = {**COLLEAGUE, "event": "Hangup", "cause": "16"}
    [gone] = sightings_of(legs.told(hangup), "/recordings")
    assert (gone.call_id, gone.kind, gone.seat) == (CALL, Seen.SEAT_GONE, "8002")
    assert list(sightings_of(legs.told(hangup), "/recordings")) == []


def test_before_the_transfer_and_after_one_that_failed_it_is_its_own_business() -> None:
    legs = Legs()
    event = {**COLLEAGUE, "event": "Hold"}
    assert legs.told(event) is event
    legs.told({**HANDED_OVER, "result": "Fail"})
    assert legs.told(event) is event


def test_an_event_that_names_its_call_is_left_as_it_is(legs: Legs) -> None:
    event = {**COLLEAGUE, "event": "Hold", "chanvariable": "CALL_ID=hotline-9.9"}
    assert JOINED not in legs.told(event)
