"""话路事件 (CEL): Asterisk's own record of channels, read for arrivals and ends that nobody of ours saw."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from core.clock import from_epoch
from core.ids import CallId
from queue_manager.ami_events import number_shown
from queue_manager.log_files import lines_since
from queue_manager.sightings import Mouth, Seen, Sighting

FOLDER, FILE = "cel-custom", "cel.csv"
HOTLINE = "hotline"
"""The part of the dialplan that answers citizens; seats that dial a code are answered elsewhere."""
LONGEST = 64


def read(logs: Path, since: datetime, recordings: str) -> Iterator[Sighting]:
    """Yield what Asterisk recorded from ``since`` on."""
    return sightings_in(lines_since(logs / FOLDER, FILE, since, when), recordings)


def when(line: str) -> datetime | None:
    """Give when a line was written."""
    parts = line.split('"', 4)
    return _instant(parts[3]) if len(parts) > 4 else None


def sightings_in(lines: Iterable[str], recordings: str) -> Iterator[Sighting]:
    """Yield what lines ``event,time,linkedid,uniqueid,…,context,dialled`` show; broken lines pass.

    A channel that was never answered by us is no arrival; a hang-up is given for every channel, because
    only the journal knows which of them were citizens'.
    """
    for fields in csv.reader(lines):
        if len(fields) < 6 or len(fields[3]) > LONGEST:
            continue
        event, uniqueid = fields[0], CallId(fields[3])
        at = _instant(fields[1])
        if at is None:
            continue
        if event == "HANGUP":
            yield Sighting(call_id=uniqueid, at=at, kind=Seen.GONE, mouth=Mouth.CEL)
        elif event == "ANSWER" and len(fields) > 10 and fields[9] == HOTLINE and fields[2] == uniqueid:
            yield Sighting(
                call_id=uniqueid,
                at=at,
                kind=Seen.ARRIVED,
                mouth=Mouth.CEL,
                caller=number_shown(fields[5]),
                dialled=number_shown(fields[10]),
                detail=f"{recordings}/{uniqueid}.raw",
            )


def _instant(seconds: str) -> datetime | None:
    try:
        return from_epoch(float(seconds))
    except (ValueError, OverflowError, OSError):
        return None
