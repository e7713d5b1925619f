"""AMI 事件: Asterisk's manager events, read as sightings of calls; everything else is passed over."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from core.ids import CallId, SeatNo
from queue_manager.readings import (
    LONGEST_NUMBER,
    call_named,
    file_named,
    instant,
    number_shown,
    queue_named,
    seat_named,
    whole,
    word,
)
from queue_manager.sightings import NO_ONE, Mouth, OfferEnd, Seen, Sighting, Transfer

Event = Mapping[str, str]
"""Header names in lower case; values decoded."""

UP = "6"
"""The state of a channel that we have answered; a citizen's is answered at once."""
REFUSING = ("17", "21")
"""Hang-up causes of a phone that does not want the call: busy, rejected."""
BUSY = ("BUSY", "CONGESTION", "CHANUNAVAIL")
_ENDPOINT = re.compile(r"[A-Za-z]+/(.+?)(-[0-9a-f]{8})?(;[12])?")
_WHO = ("", "dest", "transferee", "origtransferer")
"""Whose channel variables say which call it is, the citizen's first."""


def sightings_of(event: Event, recordings: str) -> Iterator[Sighting]:
    """Yield what an event shows of a call; nothing for events that do not concern one."""
    reader = _READERS.get(event.get("event", ""))
    if reader is None:
        return
    call_id, at = call_id_in(event), instant_of(event)
    if call_id and at is not None:
        yield from reader(event, call_id, at, recordings)


def _arrived(event: Event, call_id: CallId, at: datetime, recordings: str) -> Iterator[Sighting]:
    if event.get("channelstate") == UP and event.get("uniqueid") == call_id:
        yield Sighting(
            call_id=call_id,
            at=at,
            kind=Seen.ARRIVED,
            mouth=Mouth.AMI,
            caller=number_shown(event.get("calleridnum", "")),
            dialled=number_shown(variable(event, "", "DIALLED")),
            detail=file_named(variable(event, "", "RECORDING"), recordings, call_id),
        )


def _in_queue(kind: Seen, seconds: str = "") -> "Reader":
    """Read an event of the queue; ``seconds`` is the header with a length in seconds."""

    def read(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
        yield Sighting(
            call_id=call_id,
            at=at,
            kind=kind,
            mouth=Mouth.AMI,
            queue=queue_named(event.get("queue", "")),
            seat=_seat(event),
            position=whole(event.get("position", "")),
            seconds=whole(event.get(seconds, "")),
            detail=word(event.get("reason", "")) if kind is Seen.COMPLETED else "",
        )

    return read


def _rung_out(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    yield Sighting(
        call_id=call_id,
        at=at,
        kind=Seen.OFFER_ENDED,
        mouth=Mouth.AMI,
        queue=queue_named(event.get("queue", "")),
        seat=_seat(event),
        seconds=whole(event.get("ringtime", "")) // 1000,
        detail=OfferEnd.NO_ANSWER,
    )


def _dial_ended(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    if event.get("dialstatus") in BUSY:
        yield _refused(event.get("destchannel", ""), call_id, at)


def _hung_up(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    if event.get("uniqueid") == call_id:
        yield Sighting(
            call_id=call_id,
            at=at,
            kind=Seen.GONE,
            mouth=Mouth.AMI,
            caller=number_shown(event.get("calleridnum", "")),
            dialled=number_shown(variable(event, "", "DIALLED")),
        )
    elif "joined" in event:
        seat = seat_of(event.get("channel", ""))
        yield Sighting(call_id=call_id, at=at, kind=Seen.SEAT_GONE, mouth=Mouth.AMI, seat=seat)
    elif event.get("cause") in REFUSING:
        yield _refused(event.get("channel", ""), call_id, at)


def _refused(channel: str, call_id: CallId, at: datetime) -> Sighting:
    return Sighting(
        call_id=call_id,
        at=at,
        kind=Seen.OFFER_ENDED,
        mouth=Mouth.AMI,
        seat=seat_of(channel),
        detail=OfferEnd.REFUSED,
    )


def _hold(kind: Seen) -> "Reader":
    def read(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
        # The citizen's own telephone may hold us; that is not the seat's doing.
        if event.get("uniqueid") != call_id:
            seat = seat_of(event.get("channel", ""))
            yield Sighting(call_id=call_id, at=at, kind=kind, mouth=Mouth.AMI, seat=seat)

    return read


def _recording_switched(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    if event.get("uniqueid") == call_id:
        kind = Seen.RECORDING_OFF if event.get("state") == "1" else Seen.RECORDING_ON
        yield Sighting(call_id=call_id, at=at, kind=kind, mouth=Mouth.AMI)


def _blindly(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    if event.get("result") == "Success":
        by, target = event.get("transfererchannel", ""), event.get("extension", "")
        yield _transferred(Transfer.BLIND, call_id, at, (by, target))


def _after_asking(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    if event.get("result") != "Success" or event.get("desttype") in ("Threeway", "Fail"):
        return
    by, target = event.get("origtransfererchannel", ""), seat_of(event.get("transfertargetchannel", ""))
    # while the colleague's telephone still rings the citizen takes the asking seat's place in the queue
    yield _transferred(Transfer.ATTENDED if target else Transfer.BLIND, call_id, at, (by, target))


def _transferred(how: Transfer, call_id: CallId, at: datetime, who: tuple[str, str]) -> Sighting:
    return Sighting(
        call_id=call_id,
        at=at,
        kind=Seen.TRANSFERRED,
        mouth=Mouth.AMI,
        seat=seat_of(who[0]),
        detail=how,
        target=word(who[1], LONGEST_NUMBER),
    )


def _said_by_dialplan(event: Event, call_id: CallId, at: datetime, _recordings: str) -> Iterator[Sighting]:
    """Read what the dialplan itself says with UserEvent()."""
    said = event.get("userevent", "")
    if said == "QueueLeft":
        yield Sighting(
            call_id=call_id,
            at=at,
            kind=Seen.LEFT_QUEUE,
            mouth=Mouth.DIALPLAN,
            queue=queue_named(event.get("queue", "")),
            detail=word(event.get("status", "")),
        )
    elif said == "TalkCutOff":
        yield Sighting(call_id=call_id, at=at, kind=Seen.CUT_OFF, mouth=Mouth.DIALPLAN)
    elif said == "LeftUs":
        yield Sighting(
            call_id=call_id,
            at=at,
            kind=Seen.TRANSFERRED,
            mouth=Mouth.DIALPLAN,
            detail=Transfer.OUTSIDE,
            target=number_shown(event.get("to", "")),
        )


Reader = Callable[[Event, CallId, datetime, str], Iterator[Sighting]]

_READERS: dict[str, Reader] = {
    "Newstate": _arrived,
    "QueueCallerJoin": _in_queue(Seen.QUEUED),
    "AgentCalled": _in_queue(Seen.OFFERED),
    "AgentRingNoAnswer": _rung_out,
    "AgentConnect": _in_queue(Seen.ANSWERED, "holdtime"),
    "AgentComplete": _in_queue(Seen.COMPLETED, "talktime"),
    "DialEnd": _dial_ended,
    "Hold": _hold(Seen.HELD),
    "Unhold": _hold(Seen.UNHELD),
    "MixMonitorMute": _recording_switched,
    "BlindTransfer": _blindly,
    "AttendedTransfer": _after_asking,
    "UserEvent": _said_by_dialplan,
    "Hangup": _hung_up,
}


def call_id_in(event: Event) -> CallId:
    """Give the call that an event names; empty when it names none."""
    return next((found for who in _WHO if (found := call_named(variable(event, who, "CALL_ID")))), CallId(""))


def seat_of(channel: str) -> SeatNo:
    """Give the seat whose phone a channel or an interface belongs to: ``PJSIP/8001-0000002a`` is 8001's."""
    found = _ENDPOINT.fullmatch(channel)
    return seat_named(found[1]) if found else NO_ONE


def _seat(event: Event) -> SeatNo:
    return seat_of(event.get("interface", "")) or seat_named(event.get("membername", ""))


def variable(event: Event, who: str, name: str) -> str:
    """Give a channel variable that an event shows; ``who`` stands before the header's name."""
    for line in event.get(f"{who}chanvariable", "").split("\n"):
        key, _, value = line.partition("=")
        if key == name:
            return value
    return ""


def instant_of(event: Event) -> datetime | None:
    """Give when Asterisk says that it happened; None for an event that does not say so."""
    return instant(event.get("timestamp", ""))
