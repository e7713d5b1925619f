"""Real calls, as the real Asterisk told of them, and what the journal makes of it.

The traces in ``tests/data/ami`` were recorded by the stories of transfers, codes and supervisors, with
``HOTLINE_KEEP_TRACES``. Numbers in them are made up. A citizen calls, 8001 answers first.
"""

import json
import re
from pathlib import Path

import pytest

from core.events import EndReason
from core.ids import CallId
from queue_manager.ami_events import sightings_of
from queue_manager.model import CallStory, OfferOutcome
from queue_manager.story import Home, story_of

TRACES = Path(__file__).parents[2] / "data" / "ami"
NAMES = sorted(file.stem for file in TRACES.glob("*.jsonl"))
HOME = Home(node="hotline", recordings="/recordings")
CHANNEL = re.compile(r"PJSIP/(\w+)-[0-9a-f]{8}")
SHORT = {
    "QueueCallerJoin": ("queue",),
    "QueueCallerAbandon": ("queue",),
    "QueueLeft": ("queue", "status"),
    "AgentConnect": ("membername",),
    "AgentRingNoAnswer": ("membername",),
    "AgentComplete": ("membername", "reason"),
    "Hold": ("channel",),
    "Unhold": ("channel",),
    "BlindTransfer": ("transfererchannel", "extension"),
    "AttendedTransfer": ("origtransfererchannel", "transfertargetchannel", "desttype"),
    "LeftUs": ("to",),
    "SeatKeys": ("seat", "wish"),
    "MixMonitorMute": ("state",),
    "OriginateResponse": ("reason",),
    "ChanSpyStart": ("spyeechannel",),
    "ChanSpyStop": ("spyeechannel",),
}
"""What of each event is shown in the table below."""
TALK = ["QueueCallerJoin intake", "AgentConnect 8001"]
TOLD = {
    "hold": [*TALK, "Hold 8001", "Unhold 8001", "AgentComplete 8001 agent"],
    "blind_transfer_to_seat": [
        *TALK,
        # Asterisk takes the hold off before every transfer, also where there was none
        "Unhold 8001",
        "BlindTransfer 8001 8002",
        "AgentComplete 8001 transfer",
        "QueueCallerJoin seat-8002",
        "AgentConnect 8002",
        "AgentComplete 8002 caller",
    ],
    "blind_transfer_unanswered": [
        *TALK,
        "Unhold 8001",
        "BlindTransfer 8001 8002",
        "AgentComplete 8001 transfer",
        "QueueCallerJoin seat-8002",
        "AgentRingNoAnswer 8002",
        # app_queue calls it an abandonment; the citizen is still there
        "QueueCallerAbandon seat-8002",
        "QueueLeft seat-8002 LEAVEEMPTY",
        "QueueCallerJoin intake",
        "AgentConnect 8001",
        "AgentComplete 8001 agent",
    ],
    "blind_transfer_to_nobody": [
        *TALK,
        "Unhold 8001",
        "BlindTransfer 8001 8999",
        "AgentComplete 8001 transfer",
        "QueueCallerJoin intake",
        "AgentConnect 8001",
        "AgentComplete 8001 agent",
    ],
    "blind_transfer_to_group": [
        *TALK,
        "Unhold 8001",
        "BlindTransfer 8001 *31",
        "AgentComplete 8001 transfer",
        "QueueCallerJoin intake",
        "AgentConnect 8002",
        "AgentComplete 8002 agent",
    ],
    "blind_transfer_outside": [
        *TALK,
        "Unhold 8001",
        "BlindTransfer 8001 110",
        "AgentComplete 8001 transfer",
        "LeftUs 110",
    ],
    "blind_transfer_outside_refused": [
        *TALK,
        "Unhold 8001",
        "BlindTransfer 8001 110",
        "AgentComplete 8001 transfer",
        "QueueCallerJoin intake",
        "AgentConnect 8001",
        "AgentComplete 8001 agent",
    ],
    "attended_transfer": [
        *TALK,
        "Hold 8001",
        # the seat's second line, which bears no mark of the call
        "QueueCallerJoin seat-8002 by 8001",
        "AgentConnect 8002 by 8001",
        "Unhold 8001",
        "Unhold 8001",
        "AgentComplete 8002 caller by 8001",
        "AttendedTransfer 8001 8002 Link",
        "AgentComplete 8001 transfer",
    ],
    "attended_transfer_while_ringing": [
        *TALK,
        "Hold 8001",
        "QueueCallerJoin seat-8002 by 8001",
        "Unhold 8001",
        "AttendedTransfer 8001 - App",
        "AgentComplete 8001 transfer",
        # the citizen has taken the place of the second line
        "AgentConnect 8002",
        "AgentComplete 8002 agent",
    ],
    "recording_paused": [
        *TALK,
        "SeatKeys 8001 pause_recording",
        "MixMonitorMute 1",
        "SeatKeys 8001 pause_recording",
        "SeatKeys 8001 resume_recording",
        "MixMonitorMute 0",
        "AgentComplete 8001 agent",
    ],
    # the citizen talks on with the third party; no queue tells of that
    "three_way": [
        *TALK,
        "SeatKeys 8001 three_way",
        "OriginateResponse 4",
        "SeatKeys 8001 three_way",
        "AgentComplete 8001 agent",
    ],
    "barge_in": [*TALK, "AgentComplete 8001 agent"],
    "listen_in": [*TALK, "ChanSpyStart 8001", "AgentComplete 8001 agent", "ChanSpyStop 8001"],
}
"""What Asterisk tells, in its order; the ends of channels and what concerns the ringing left out."""
TALKS = {
    "blind_transfer_to_seat": [("8001", "intake"), ("8002", "seat-8002")],
    "blind_transfer_unanswered": [("8001", "intake"), ("8001", "intake")],
    "blind_transfer_to_nobody": [("8001", "intake"), ("8001", "intake")],
    "blind_transfer_to_group": [("8001", "intake"), ("8002", "intake")],
    "blind_transfer_outside_refused": [("8001", "intake"), ("8001", "intake")],
    "attended_transfer": [("8001", "intake"), ("8002", "")],
    "attended_transfer_while_ringing": [("8001", "intake"), ("8002", "seat-8002")],
}
"""Who talked, from which queue; in all other calls it was 8001 alone."""


@pytest.mark.parametrize("name", NAMES)
def test_asterisk_tells_this_in_this_order(name: str) -> None:
    told = [line for event in events_of(name) if (line := in_short(event))]
    assert told == TOLD[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_seats_talk_is_a_segment(name: str) -> None:
    story = story_in(name)
    answered = [one for one in story.segments if one.answered_at is not None]
    assert [(one.seat, one.queue) for one in answered] == TALKS.get(name, [("8001", "intake")])
    assert story.call.end_reason is EndReason.ANSWERED
    assert story.call.talk_seconds == pytest.approx(sum(one.talk_seconds for one in answered), abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_segments_never_overlap_and_every_offer_has_one_outcome(name: str) -> None:
    story = story_in(name)
    for before, after in zip(story.segments, story.segments[1:], strict=False):
        assert before.ended_at is not None
        assert before.ended_at <= after.began_at
    assert all(offer.outcome is not None for offer in story.offers)
    assert OfferOutcome.UNKNOWN not in {offer.outcome for offer in story.offers}


def test_what_a_seat_holds_is_counted() -> None:
    assert story_in("hold").call.hold_seconds == pytest.approx(1, abs=0.3)
    assert story_in("blind_transfer_to_seat").call.hold_seconds == 0


def events_of(name: str) -> list[dict[str, str]]:
    lines = (TRACES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def citizen_in(events: list[dict[str, str]]) -> CallId:
    first = next(event for event in events if event["event"] == "QueueCallerJoin")
    return CallId(first["uniqueid"])


def story_in(name: str) -> CallStory:
    events = events_of(name)
    seen = {one for event in events for one in sightings_of(event, HOME.recordings)}
    call_id = citizen_in(events)
    assert {one.call_id for one in seen} == {call_id}
    return story_of(call_id, seen, HOME)


def in_short(event: dict[str, str]) -> str:
    """Give one line for what the tables above are about, an empty one for all else."""
    kind = event.get("userevent") or event["event"]
    if kind not in SHORT:
        return ""
    said = [kind, *(CHANNEL.sub(r"\1", event.get(name, "-")) for name in SHORT[kind])]
    by_a_seat = kind.startswith(("Queue", "Agent")) and event["channel"].startswith("PJSIP/80")
    return " ".join([*said, "by 8001"] if by_a_seat else said)
