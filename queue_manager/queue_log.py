"""队列日志: Asterisk's own ``queue_log``, read for what happened while nobody of ours was listening."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from core.ids import CallId
from queue_manager.log_files import lines_since
from queue_manager.readings import call_named, instant, number_shown, queue_named, seat_named, whole
from queue_manager.sightings import NO_ONE, Mouth, OfferEnd, Seen, Sighting

WITHIN_SECOND = timedelta(milliseconds=999)
"""Lines have whole seconds. The end of that second it is, because what we saw ourselves was before."""
FILE = "queue_log"

KINDS: dict[str, tuple[Seen, str, int]] = {
    "ENTERQUEUE": (Seen.QUEUED, "", -1),
    "CONNECT": (Seen.ANSWERED, "", 0),
    "RINGNOANSWER": (Seen.OFFER_ENDED, OfferEnd.NO_ANSWER, 0),
    "RINGCANCELED": (Seen.OFFER_ENDED, OfferEnd.CANCELLED, 0),
    "COMPLETECALLER": (Seen.COMPLETED, "caller", 1),
    "COMPLETEAGENT": (Seen.COMPLETED, "agent", 1),
    "BLINDTRANSFER": (Seen.COMPLETED, "transfer", -2),
    "ATTENDEDTRANSFER": (Seen.COMPLETED, "transfer", -2),
    "EXITWITHTIMEOUT": (Seen.LEFT_QUEUE, "TIMEOUT", 2),
    "EXITEMPTY": (Seen.LEFT_QUEUE, "LEAVEEMPTY", 2),
    "EXITWITHKEY": (Seen.LEFT_QUEUE, "KEY", 3),
    "WITHDRAW": (Seen.LEFT_QUEUE, "WITHDRAW", 2),
    "ABANDON": (Seen.GONE, "", 2),
}
"""What a line shows, in which words, and where behind the event a length in seconds stands."""


def read(logs: Path, since: datetime) -> Iterator[Sighting]:
    """Yield what Asterisk logged from ``since`` on; nothing when it has not written a log yet."""
    return sightings_in(lines_since(logs, FILE, since, when))


def when(line: str) -> datetime | None:
    """Give the end of the second in which a line was written."""
    second = line.partition("|")[0]
    at = instant(second) if second.isascii() and second.isdigit() else None
    return at + WITHIN_SECOND if at else None


def sightings_in(lines: Iterable[str]) -> Iterator[Sighting]:
    """Yield what lines ``time|call|queue|seat|event|data…`` show; broken lines pass."""
    for line in lines:
        parts = line.split("|")
        at = when(line)
        if len(parts) < 5 or at is None or parts[4] not in KINDS or parts[1] == "NONE":
            continue
        call_id = call_named(parts[1])
        if call_id is not None:
            yield _sighting(call_id, parts, at)


def _sighting(call_id: CallId, parts: list[str], at: datetime) -> Sighting:
    queue, seat, event, data = parts[2], parts[3], parts[4], parts[5:]
    kind, detail, length = KINDS[event]
    entered = event == "ENTERQUEUE"
    seconds = _whole(data, length)
    return Sighting(
        call_id=call_id,
        at=at,
        kind=kind,
        mouth=Mouth.QUEUE_LOG,
        queue=queue_named(queue),
        seat=NO_ONE if seat == "NONE" else seat_named(seat),
        position=_whole(data, 2) if entered else 0,
        seconds=0 if entered else seconds // 1000 if kind is Seen.OFFER_ENDED else seconds,
        detail=detail,
        caller=number_shown(data[1]) if entered and len(data) > 1 else "",
    )


def _whole(data: list[str], place: int) -> int:
    return whole(data[place]) if -len(data) <= place < len(data) else 0
