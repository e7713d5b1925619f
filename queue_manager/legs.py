"""席线: the telephones that joined a citizen's talk by an attended transfer.

Their channels were made for the question to a colleague, so they do not bear the citizen's call_id. From the
transfer on, what happens on them happens to that call.
"""

from collections import OrderedDict
from collections.abc import Mapping

from queue_manager.ami_events import call_id_in

JOINED = "joined"
"""Stands in an event of such a channel."""
MOST = 1000
"""So many are remembered; more never talk at a time."""


class Legs:
    """Takes every event in order."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._call_of: OrderedDict[str, str] = OrderedDict()

    def told(self, event: Mapping[str, str]) -> Mapping[str, str]:
        """Give the event, with the call_id if it is one of a telephone that joined."""
        channel = event.get("uniqueid", "")
        if event.get("event") == "AttendedTransfer":
            self._joined(event)
        call_id = self._call_of.get(channel)
        if call_id is None or call_id_in(event):
            return event
        if event.get("event") == "Hangup":
            del self._call_of[channel]
        return {**event, "chanvariable": f"CALL_ID={call_id}", JOINED: "yes"}

    def _joined(self, event: Mapping[str, str]) -> None:
        call_id, channel = call_id_in(event), event.get("transfertargetuniqueid", "")
        if event.get("result") == "Success" and call_id and channel:
            self._call_of[channel] = call_id
            if len(self._call_of) > MOST:
                self._call_of.popitem(last=False)
