"""话路事件 (CEL): Asterisk's own record of channels, read for arrivals and ends that nobody of ours saw."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from queue_manager.log_files import lines_since
from queue_manager.readings import call_named, file_named, instant, number_shown
from queue_manager.sightings import Mouth, Seen, Sighting

FOLDER, FILE = "cel-custom", "cel.csv"
HOTLINE = "hotline"
"""The part of the dialplan that answers citizens; seats that dial a code are answered elsewhere."""
LONGEST_LINE = 8192
"""Characters; those of Asterisk have some hundreds."""


def read(logs: Path, since: datetime, recordings: str) -> Iterator[Sighting]:
    """Yield what Asterisk recorded from ``since`` on."""
    return sightings_in(lines_since(logs / FOLDER, FILE, since, when), recordings)


def when(line: str) -> datetime | None:
    """Give when a line was written."""
    parts = line.split('"', 4)
    return instant(parts[3]) if len(parts) > 4 else None


def sightings_in(lines: Iterable[str], recordings: str) -> Iterator[Sighting]:
    """Yield what lines ``event,time,linkedid,uniqueid,…,context,dialled,recording`` show; broken lines pass.

    A channel that was never answered by us is no arrival; a hang-up is given for every channel, because
    only the journal knows which of them were citizens'.
    """
    for fields in map(_fields, lines):
        if len(fields) < 6:
            continue
        event, uniqueid, at = fields[0], call_named(fields[3]), instant(fields[1])
        if at is None or uniqueid is None:
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
                detail=file_named(fields[11] if len(fields) > 11 else "", recordings, uniqueid),
            )


def _fields(line: str) -> list[str]:
    """Part one line; what is broken in it must not swallow the next ones."""
    if len(line) > LONGEST_LINE:
        return []
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return []
