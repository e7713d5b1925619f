"""Manager events as Asterisk 22 sends them, and what they show."""

from core.events import CallAnswered, CallArrived, CallOffered, CallQueued
from queue_manager.ami_events import sightings_of
from queue_manager.journal import Sighting
from queue_manager.model import Gone, OfferEnded

CALL = "hotline-1772413200.1"
CITIZEN = {
    "uniqueid": CALL,
    "linkedid": CALL,
    "timestamp": "1772413200.250000",
    "calleridnum": "13812345678",
    "chanvariable": f"CALL_ID={CALL}\nDIALLED=12345",
}
UP = {"event": "Newstate", "channelstate": "6"}


def seen(**event: str) -> list[Sighting]:
    return list(sightings_of({**CITIZEN, **event}, "hotline", "/recordings"))


def test_a_citizens_channel_that_was_answered_is_an_arrival() -> None:
    [arrival] = seen(**UP)
    assert isinstance(arrival, CallArrived)
    assert (arrival.caller, arrival.dialled) == ("13812345678", "12345")
    assert arrival.recording == f"/recordings/{CALL}.raw"
    assert arrival.at.isoformat() == "2026-03-02T09:00:00.250000+08:00"


def test_a_seats_channel_is_no_arrival() -> None:
    assert seen(**UP, uniqueid="hotline-1772413200.2") == []
    assert seen(**UP, chanvariable="CALL_ID=") == []


def test_a_channel_whose_number_was_not_made_harmless_yet_tells_nothing() -> None:
    assert seen(event="Newchannel", context="from-trunk", chanvariable="") == []
    assert seen(event="Hangup", context="from-trunk", chanvariable="CALL_ID=\nDIALLED=") == []


def test_the_queue_tells_of_waiting_ringing_and_answering() -> None:
    [queued] = seen(event="QueueCallerJoin", queue="general", position="3")
    [offered] = seen(event="AgentCalled", membername="8001")
    [rung_out] = seen(event="AgentRingNoAnswer", membername="8001")
    [answered] = seen(event="AgentConnect", membername="8001")
    assert isinstance(queued, CallQueued)
    assert queued.position == 3
    assert isinstance(offered, CallOffered)
    assert isinstance(rung_out, OfferEnded)
    assert isinstance(answered, CallAnswered)
    assert answered.seat == "8001"


def test_only_the_citizens_own_channel_ends_the_call() -> None:
    arrival, gone = seen(event="Hangup")
    assert isinstance(arrival, CallArrived)
    assert isinstance(gone, Gone)
    assert seen(event="Hangup", uniqueid="hotline-1772413200.2") == []


def test_a_seat_that_dials_a_feature_code_is_no_call_of_a_citizen() -> None:
    assert seen(event="Hangup", context="from-seat", chanvariable="CALL_ID=") == []


def test_the_call_is_known_by_the_inherited_variable_after_bridging_changed_the_linkedid() -> None:
    [queued] = seen(event="QueueCallerJoin", linkedid="hotline-1.0", chanvariable=f"OTHER=1\nCALL_ID={CALL}")
    assert queued.call_id == CALL


def test_events_without_a_call_are_passed_over() -> None:
    assert list(sightings_of({"event": "FullyBooted"}, "hotline", "/recordings")) == []
    assert seen(event="VarSet") == []
