"""通道: one leg of a call in the modelled Asterisk, as its manager events show it."""

from dataclasses import dataclass, field
from enum import IntEnum


class ChannelState(IntEnum):
    """Asterisk's channel states, as far as they occur here."""

    DOWN = 0
    RING = 4
    RINGING = 5
    UP = 6


DESCRIPTIONS = {
    ChannelState.DOWN: "Down",
    ChannelState.RING: "Ring",
    ChannelState.RINGING: "Ringing",
    ChannelState.UP: "Up",
}
NORMAL_CLEARING = 16
USER_BUSY = 17
SHOWN_VARIABLES = ("CALL_ID", "DIALLED", "RECORDING")
"""``channelvars`` of manager.conf: every event about a channel carries these."""


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    """A leg; ``linkedid`` is that of the channel with which the call began."""

    name: str
    uniqueid: str
    linkedid: str
    caller: str
    context: str
    connected: str = ""
    exten: str = "s"
    priority: int = 1
    state: ChannelState = ChannelState.RING
    variables: dict[str, str] = field(default_factory=dict)
    application: str = ""

    def headers(self, prefix: str = "") -> str:
        """Give the channel's part of a manager event; ``Dest`` as prefix for the other leg."""
        p = prefix
        shown = "".join(
            f"{p}ChanVariable: {name}={self.variables.get(name, '')}\r\n" for name in SHOWN_VARIABLES
        )
        return (
            f"{p}Channel: {self.name}\r\n"
            f"{p}ChannelState: {int(self.state)}\r\n"
            f"{p}ChannelStateDesc: {DESCRIPTIONS[self.state]}\r\n"
            f"{p}CallerIDNum: {self.caller or '<unknown>'}\r\n"
            f"{p}CallerIDName: <unknown>\r\n"
            f"{p}ConnectedLineNum: {self.connected or '<unknown>'}\r\n"
            f"{p}ConnectedLineName: <unknown>\r\n"
            f"{p}Language: en\r\n"
            f"{p}AccountCode: \r\n"
            f"{p}Context: {self.context}\r\n"
            f"{p}Exten: {self.exten}\r\n"
            f"{p}Priority: {self.priority}\r\n"
            f"{p}Uniqueid: {self.uniqueid}\r\n"
            f"{p}Linkedid: {self.linkedid}\r\n" + shown
        )
