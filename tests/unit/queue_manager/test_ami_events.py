"""Manager events as Asterisk 22 sends them, and what they show."""

import pytest

from queue_manager.ami_events import seat_of, sightings_of
from queue_manager.sightings import Mouth, OfferEnd, Seen, Sighting, Transfer

CALL = "hotline-1772413200.1"
VARIABLES = f"CALL_ID={CALL}\nDIALLED=12345"
CITIZEN = {
    "uniqueid": CALL,
    "linkedid": CALL,
    "channel": "PJSIP/trunk-00000001",
    "timestamp": "1772413200.250000",
    "calleridnum": "13812345678",
    "chanvariable": VARIABLES,
}
SEAT = {**CITIZEN, "uniqueid": "hotline-1772413200.2", "channel": "PJSIP/8001-00000002"}
UP = {"event": "Newstate", "channelstate": "6"}


def seen(**event: str) -> list[Sighting]:
    return list(sightings_of({**CITIZEN, **event}, "/recordings"))


def test_a_citizens_channel_that_was_answered_is_an_arrival() -> None:
    [arrival] = seen(**UP)
    assert arrival.kind is Seen.ARRIVED
    assert (arrival.caller, arrival.dialled) == ("13812345678", "12345")
    assert arrival.detail == f"/recordings/{CALL}.raw"
    assert arrival.at.isoformat() == "2026-03-02T09:00:00.250000+08:00"


@pytest.mark.parametrize(
    ("said", "recorded"),
    [
        (f"/recordings/{CALL}~2.raw", f"/recordings/{CALL}~2.raw"),
        (f"/recordings/{CALL}.raw", f"/recordings/{CALL}.raw"),
        (f"/recordings/{CALL}/../../etc/passwd", f"/recordings/{CALL}.raw"),
        ("/recordings/another.raw", f"/recordings/{CALL}.raw"),
        ("", f"/recordings/{CALL}.raw"),
    ],
)
def test_a_call_with_a_number_that_was_given_before_is_recorded_elsewhere(said: str, recorded: str) -> None:
    variables = f"{VARIABLES}\nRECORDING={said}"
    assert [arrival.detail for arrival in seen(**UP, chanvariable=variables)] == [recorded]


def test_a_seats_channel_is_no_arrival() -> None:
    assert seen(**UP, uniqueid="hotline-1772413200.2") == []
    assert seen(**UP, chanvariable="CALL_ID=") == []


def test_a_channel_whose_number_was_not_made_harmless_yet_tells_nothing() -> None:
    assert seen(event="Newchannel", context="from-trunk", chanvariable="") == []
    assert seen(event="Hangup", context="from-trunk", chanvariable="CALL_ID=\nDIALLED=") == []


def test_the_queue_tells_of_waiting_ringing_and_answering() -> None:
    [queued] = seen(event="QueueCallerJoin", queue="intake", position="3")
    [offered] = seen(event="AgentCalled", interface="PJSIP/8001", membername="8001", queue="intake")
    [rung_out] = seen(event="AgentRingNoAnswer", interface="PJSIP/8001", queue="intake", ringtime="15000")
    [answered] = seen(event="AgentConnect", interface="PJSIP/8001", queue="intake", holdtime="7")
    assert (queued.kind, queued.queue, queued.position) == (Seen.QUEUED, "intake", 3)
    assert (offered.kind, offered.seat) == (Seen.OFFERED, "8001")
    assert (rung_out.kind, rung_out.detail, rung_out.seconds) == (Seen.OFFER_ENDED, OfferEnd.NO_ANSWER, 15)
    assert (answered.kind, answered.seat, answered.seconds) == (Seen.ANSWERED, "8001", 7)


def test_a_seat_is_known_by_its_telephone_whatever_it_is_called() -> None:
    [offered] = seen(event="AgentCalled", interface="PJSIP/8001", membername="张三")
    assert offered.seat == "8001"


def test_the_end_of_a_talk_says_who_ended_it() -> None:
    [over] = seen(
        event="AgentComplete", interface="PJSIP/8001", queue="intake", talktime="60", reason="agent"
    )
    assert (over.kind, over.detail, over.seconds) == (Seen.COMPLETED, "agent", 60)


def test_the_end_of_a_talk_is_known_by_the_seats_leg_when_the_citizens_is_gone() -> None:
    gone = {"chanvariable": "", "destchanvariable": VARIABLES}
    [over] = seen(event="AgentComplete", interface="PJSIP/8001", reason="caller", **gone)
    assert over.call_id == CALL


@pytest.mark.parametrize("status", ["BUSY", "CONGESTION", "CHANUNAVAIL"])
def test_a_phone_that_does_not_take_the_call_refuses_it(status: str) -> None:
    [refused] = seen(event="DialEnd", dialstatus=status, destchannel="PJSIP/8001-0000002a")
    assert (refused.kind, refused.seat, refused.detail) == (Seen.OFFER_ENDED, "8001", OfferEnd.REFUSED)


def test_a_phone_that_was_not_answered_or_was_cancelled_tells_nothing_by_itself() -> None:
    assert seen(event="DialEnd", dialstatus="NOANSWER", destchannel="PJSIP/8001-0000002a") == []
    assert seen(event="DialEnd", dialstatus="CANCEL", destchannel="PJSIP/8001-0000002a") == []


@pytest.mark.parametrize("cause", ["17", "21"])
def test_a_phone_that_hangs_up_because_it_is_busy_or_says_no_refuses(cause: str) -> None:
    [refused] = list(sightings_of({**SEAT, "event": "Hangup", "cause": cause}, "/recordings"))
    assert (refused.kind, refused.seat, refused.detail) == (Seen.OFFER_ENDED, "8001", OfferEnd.REFUSED)


def test_hold_is_what_the_seats_phone_does() -> None:
    [held] = list(sightings_of({**SEAT, "event": "Hold"}, "/recordings"))
    [unheld] = list(sightings_of({**SEAT, "event": "Unhold"}, "/recordings"))
    assert [(one.kind, one.seat) for one in (held, unheld)] == [(Seen.HELD, "8001"), (Seen.UNHELD, "8001")]
    assert seen(event="Hold") == []


def test_a_recording_is_paused_and_resumed() -> None:
    [off], [on] = seen(event="MixMonitorMute", state="1"), seen(event="MixMonitorMute", state="0")
    assert (off.kind, on.kind) == (Seen.RECORDING_OFF, Seen.RECORDING_ON)
    assert list(sightings_of({**SEAT, "event": "MixMonitorMute", "state": "1"}, "/recordings")) == []


def test_a_blind_transfer_says_who_passed_on_and_whereto() -> None:
    event = {
        "event": "BlindTransfer",
        "timestamp": "1772413200.5",
        "result": "Success",
        "transfererchannel": "PJSIP/8001-00000002",
        "transfererchanvariable": VARIABLES,
        "transfereechannel": "PJSIP/trunk-00000001",
        "transfereechanvariable": VARIABLES,
        "extension": "8002",
    }
    [passed_on] = list(sightings_of(event, "/recordings"))
    assert (passed_on.kind, passed_on.detail) == (Seen.TRANSFERRED, Transfer.BLIND)
    assert (passed_on.call_id, passed_on.seat, passed_on.target) == (CALL, "8001", "8002")
    assert list(sightings_of({**event, "result": "Fail"}, "/recordings")) == []


def test_an_attended_transfer_names_the_seat_that_goes_on() -> None:
    event = {
        "event": "AttendedTransfer",
        "timestamp": "1772413200.5",
        "result": "Success",
        "origtransfererchannel": "PJSIP/8001-00000002",
        "origtransfererchanvariable": VARIABLES,
        "secondtransfererchannel": "PJSIP/8001-00000003",
        "transfereechannel": "PJSIP/trunk-00000001",
        "transfereechanvariable": VARIABLES,
        "transfertargetchannel": "PJSIP/8002-00000004",
        "desttype": "Bridge",
    }
    [passed_on] = list(sightings_of(event, "/recordings"))
    assert (passed_on.detail, passed_on.seat, passed_on.target) == (Transfer.ATTENDED, "8001", "8002")
    assert list(sightings_of({**event, "desttype": "Threeway"}, "/recordings")) == []


def test_a_citizen_who_is_handed_over_while_the_colleagues_telephone_rings_goes_into_that_queue() -> None:
    event = {
        "event": "AttendedTransfer",
        "timestamp": "1772413200.5",
        "result": "Success",
        "origtransfererchannel": "PJSIP/8001-00000002",
        "transfereechanvariable": VARIABLES,
        "desttype": "App",
        "destapp": "Queue",
    }
    [passed_on] = list(sightings_of(event, "/recordings"))
    assert (passed_on.detail, passed_on.seat, passed_on.target) == (Transfer.BLIND, "8001", "")


def test_the_dialplan_says_how_a_stay_ended_and_who_left_us() -> None:
    [left] = seen(event="UserEvent", userevent="QueueLeft", queue="intake", status="TIMEOUT")
    assert (left.kind, left.mouth, left.queue, left.detail) == (
        Seen.LEFT_QUEUE,
        Mouth.DIALPLAN,
        "intake",
        "TIMEOUT",
    )
    [outside] = seen(event="UserEvent", userevent="LeftUs", to="110")
    assert (outside.kind, outside.detail, outside.target) == (Seen.TRANSFERRED, Transfer.OUTSIDE, "110")
    [lost] = seen(event="UserEvent", userevent="TalkCutOff")
    assert (lost.kind, lost.mouth) == (Seen.CUT_OFF, Mouth.DIALPLAN)
    assert seen(event="UserEvent", userevent="SomethingElse") == []


def test_only_the_citizens_own_channel_ends_the_call() -> None:
    [gone] = seen(event="Hangup", cause="16")
    assert (gone.kind, gone.caller, gone.dialled) == (Seen.GONE, "13812345678", "12345")
    assert list(sightings_of({**SEAT, "event": "Hangup", "cause": "16"}, "/recordings")) == []


def test_a_seat_that_dials_a_feature_code_is_no_call_of_a_citizen() -> None:
    assert seen(event="Hangup", context="from-seat", chanvariable="CALL_ID=") == []


def test_the_call_is_known_by_the_inherited_variable_after_bridging_changed_the_linkedid() -> None:
    [queued] = seen(event="QueueCallerJoin", linkedid="hotline-1.0", chanvariable=f"OTHER=1\nCALL_ID={CALL}")
    assert queued.call_id == CALL


def test_events_without_a_call_or_an_instant_are_passed_over() -> None:
    assert list(sightings_of({"event": "FullyBooted"}, "/recordings")) == []
    assert seen(event="VarSet") == []
    assert seen(**UP, timestamp="soon") == []
    assert seen(**UP, timestamp="1e300") == []


@pytest.mark.parametrize(
    ("channel", "seat"),
    [
        ("PJSIP/8001-0000002a", "8001"),
        ("PJSIP/8001", "8001"),
        ("PJSIP/out-side-0000002a", "out-side"),
        ("", ""),
    ],
)
def test_a_channel_belongs_to_the_phone_that_it_is_named_after(channel: str, seat: str) -> None:
    assert seat_of(channel) == seat
