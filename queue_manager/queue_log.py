"""队列日志: Asterisk's own ``queue_log``, read for what happened while nobody of ours was listening."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from core.clock import from_epoch
from core.ids import CallId, QueueName, SeatNo
from queue_manager.log_files import lines_since
from queue_manager.sightings import NO_ONE, Mouth, OfferEnd, Seen, Sighting

WITHIN_SECOND = 0.999
"""Lines have whole seconds. The end of that second it is, because what we saw ourselves was before."""
FILE = "queue_log"
LONGEST = 32

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
    return from_epoch(int(second) + WITHIN_SECOND) if second.isascii() and second.isdigit() else None


def sightings_in(lines: Iterable[str]) -> Iterator[Sighting]:
    """Yield what lines ``time|call|queue|seat|event|data…`` show; broken lines pass."""
    for line in lines:
        parts = line.split("|")
        at = when(line)
        if len(parts) >= 5 and at is not None and parts[4] in KINDS and parts[1] != "NONE":
            yield _sighting(parts, at)


def _sighting(parts: list[str], at: datetime) -> Sighting:
    call_id, queue, seat, event, data = parts[1], parts[2], parts[3], parts[4], parts[5:]
    kind, detail, length = KINDS[event]
    entered = event == "ENTERQUEUE"
    seconds = _whole(data, length)
    return Sighting(
        call_id=CallId(call_id[:64]),
        at=at,
        kind=kind,
        mouth=Mouth.QUEUE_LOG,
        queue=QueueName(queue[:LONGEST]),
        seat=NO_ONE if seat == "NONE" else SeatNo(seat[:LONGEST]),
        position=_whole(data, 2) if entered else 0,
        seconds=0 if entered else seconds // 1000 if kind is Seen.OFFER_ENDED else seconds,
        detail=detail,
        caller=data[1][:64] if entered and len(data) > 1 else "",
    )


def _whole(data: list[str], place: int) -> int:
    found = data[place] if -len(data) <= place < len(data) else ""
    return int(found) if found.isascii() and found.isdigit() and len(found) < 10 else 0
