"""AMI 事件: Asterisk's manager events, read as sightings of calls; everything else is passed over."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from core.clock import from_epoch
from core.events import CallAnswered, CallArrived, CallOffered, CallQueued
from core.ids import CallId, QueueName, SeatNo
from queue_manager.journal import Sighting
from queue_manager.model import Gone, OfferEnded

Event = Mapping[str, str]
"""Header names in lower case; values decoded."""

UP = "6"
"""The state of a channel that we have answered; a citizen's is answered at once."""
LONGEST_NUMBER = 64
_HARMFUL = re.compile(r"[^0-9a-zA-Z+*#._@-]")


def sightings_of(event: Event, node: str, recordings: str) -> Iterator[Sighting]:
    """Yield what an event shows of a call; nothing for events that do not concern one."""
    call_id = CallId(_variable(event, "CALL_ID"))
    if not call_id:
        return
    at = from_epoch(float(event["timestamp"]))
    match event.get("event"):
        case "Newstate" if event.get("channelstate") == UP and _is_citizens(event, call_id):
            yield _arrival(event, call_id, at, recordings, node)
        case "QueueCallerJoin":
            yield CallQueued(
                call_id=call_id,
                at=at,
                queue=QueueName(event.get("queue", "")),
                position=int(event.get("position", "1")),
            )
        case "AgentCalled":
            yield CallOffered(call_id=call_id, at=at, seat=_seat(event))
        case "AgentRingNoAnswer":
            yield OfferEnded(call_id=call_id, at=at)
        case "AgentConnect":
            yield answer(call_id, at, _seat(event))
        case "Hangup" if _is_citizens(event, call_id):
            # news only of a citizen who was gone before we could answer
            yield _arrival(event, call_id, at, recordings, node)
            yield Gone(call_id=call_id, at=at)
        case _:
            return


def answer(call_id: CallId, at: datetime, seat: SeatNo) -> CallAnswered:
    """Give the sighting of an answer; who called and how long is in the call's row."""
    return CallAnswered(call_id=call_id, at=at, caller="", dialled="", seat=seat, waited_seconds=0.0)


def _arrival(event: Event, call_id: CallId, at: datetime, recordings: str, node: str) -> CallArrived:
    return CallArrived(
        call_id=call_id,
        at=at,
        node=node,
        caller=_number(event.get("calleridnum", "")),
        dialled=_number(_variable(event, "DIALLED")),
        recording=f"{recordings}/{call_id}.raw",
    )


def _number(shown: str) -> str:
    """Keep of a number what the dialplan keeps: harmless signs, at most 64; empty when withheld."""
    return "" if shown == "<unknown>" else _HARMFUL.sub("", shown)[:LONGEST_NUMBER]


def _is_citizens(event: Event, call_id: CallId) -> bool:
    """Tell a citizen's own channel from that of a seat, which inherited the variable."""
    return event.get("uniqueid") == call_id


def _variable(event: Event, name: str) -> str:
    for line in event.get("chanvariable", "").split("\n"):
        key, _, value = line.partition("=")
        if key == name:
            return value
    return ""


def _seat(event: Event) -> SeatNo:
    return SeatNo(event.get("membername", ""))
