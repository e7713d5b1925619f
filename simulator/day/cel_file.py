"""话路事件 (CEL): writes ``cel.csv`` as cel.conf asks Asterisk to, as far as our programs read it."""

import csv
from datetime import datetime
from pathlib import Path

from simulator.day.channel import Channel


class CelFile:
    """Appends a line for every channel that is answered or ends."""

    def __init__(self, file: Path) -> None:
        """Make the file, and its folder."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", encoding="utf-8", buffering=1, newline="")
        self._lines = csv.writer(self._file, quoting=csv.QUOTE_ALL, lineterminator="\n")

    def write(self, event: str, at: datetime, channel: Channel) -> None:
        """Write one line, ``event,time,linkedid,uniqueid,…``; it can be read at once."""
        named = (channel.linkedid, channel.uniqueid, channel.name, channel.caller, channel.exten)
        dialled = channel.variables.get("DIALLED", "")
        self._lines.writerow((event, f"{at.timestamp():.6f}", *named, "", "", channel.context, dialled, ""))

    def close(self) -> None:
        """Close the file."""
        self._file.close()
