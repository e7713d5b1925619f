"""队列日志: Asterisk's own ``queue_log``, read for what happened while nobody of ours was listening."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from core.clock import from_epoch
from core.events import CallArrived, CallQueued
from core.ids import CallId, QueueName, SeatNo
from queue_manager.ami_events import answer
from queue_manager.journal import Sighting
from queue_manager.model import Gone

WITHIN_SECOND = 0.999
"""Lines have whole seconds. The end of that second it is, because what we saw ourselves was before."""
ENDINGS = ("COMPLETEAGENT", "COMPLETECALLER", "ABANDON", "EXITWITHTIMEOUT", "EXITEMPTY", "EXITWITHKEY")


def sightings_in(lines: Iterator[str], node: str, recordings: str, since: datetime) -> Iterator[Sighting]:
    """Yield what lines ``time|call|queue|seat|event|data…`` newer than ``since`` show; broken lines pass."""
    for line in lines:
        parts = line.rstrip("\n").split("|")
        if len(parts) < 5 or not parts[0].isdigit():
            continue
        at = from_epoch(int(parts[0]) + WITHIN_SECOND)
        if at >= since and parts[1] != "NONE":
            yield from _sightings_of(parts, at, node, recordings)


def _sightings_of(parts: list[str], at: datetime, node: str, recordings: str) -> Iterator[Sighting]:
    call_id, queue, seat, event, data = CallId(parts[1]), QueueName(parts[2]), parts[3], parts[4], parts[5:]
    if event == "ENTERQUEUE":
        caller = data[1] if len(data) > 1 else ""
        yield CallArrived(
            call_id=call_id,
            at=at,
            node=node,
            caller=caller,
            dialled="",
            recording=f"{recordings}/{call_id}.raw",
        )
        position = int(data[2]) if len(data) > 2 and data[2].isdigit() else 1
        yield CallQueued(call_id=call_id, at=at, queue=queue, position=position)
    elif event == "CONNECT":
        yield answer(call_id, at, SeatNo(seat))
    elif event in ENDINGS:
        yield Gone(call_id=call_id, at=at)


def read(folder: Path) -> Iterator[str]:
    """Yield the lines of ``queue_log``; none when Asterisk has not written one yet."""
    file = folder / "queue_log"
    if file.exists():
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from lines
