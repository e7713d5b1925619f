"""交换机模型: the Asterisk of a rehearsal: its channels, its sense of time, and what it tells.

It says what Asterisk 22 says, in the same words and order, as far as our programs listen to it; what
nobody reads (music, codecs, RTP) it leaves out. Recorded events of the real one are held against it
in ``tests/contracts``.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from core.clock import Clock, from_epoch
from simulator.day.cel_file import CelFile
from simulator.day.channel import NORMAL_CLEARING, Channel, ChannelState
from simulator.day.queue_log import QueueLogFile

MICROSECOND = timedelta(microseconds=1)
Heard = Callable[[bytes], None]


class Exchange:
    """Channels and events; queues, dialplan and manager interface are built on it."""

    def __init__(self, node: str, clock: Clock, logs: Path) -> None:
        """``node`` is the systemname before every uniqueid; ``logs`` the folder of its files."""
        self.node = node
        self.channels: dict[str, Channel] = {}
        self.listeners: list[Heard] = []
        self.queue_log = QueueLogFile(logs / "queue_log", self.seconds)
        self._cel = CelFile(logs / "cel-custom" / "cel.csv")
        self._clock = clock
        self._made = 0
        self._last = clock.now()

    def now(self) -> datetime:
        """Give the present instant; no two are the same, as on a real clock."""
        self._last = max(self._clock.now(), self._last + MICROSECOND)
        return self._last

    def seconds(self) -> int:
        """Give the present second since 1970, which is all that app_queue knows of time."""
        return int(self._clock.now().timestamp())

    def make_channel(self, peer: str, **about: str) -> Channel:
        """Begin a leg with this telephone; the first of a call, unless ``linkedid`` says of which."""
        self._made += 1
        uniqueid = f"{self.node}-{self.seconds()}.{self._made}"
        channel = Channel(
            name=f"PJSIP/{peer}-{self._made:08x}",
            uniqueid=uniqueid,
            linkedid=about.pop("linkedid", uniqueid),
            caller=about.pop("caller", ""),
            context=about.pop("context", "hotline"),
            **about,  # type: ignore[arg-type]  # the rest are texts too
        )
        self.channels[uniqueid] = channel
        return channel

    def change_state(self, channel: Channel, state: ChannelState) -> datetime:
        """Ringing or up; gives when."""
        channel.state = state
        at = self.tell("Newstate", "call", channel.headers())
        if state is ChannelState.UP:
            self._cel.write("ANSWER", at, channel)
        return at

    def end_channel(self, channel: Channel, cause: int = NORMAL_CLEARING) -> datetime:
        """Hang a leg up; gives when. Told once, however often it is hung up."""
        if self.channels.pop(channel.uniqueid, None) is None:
            return self._last
        said = f"{channel.headers()}Cause: {cause}\r\nCause-txt: Normal Clearing\r\n"
        at = self.tell("Hangup", "call", said)
        self._cel.write("HANGUP", at, channel)
        return at

    def close(self) -> None:
        """Close its files; nothing more will happen."""
        self.queue_log.close()
        self._cel.close()

    def tell(self, event: str, privilege: str, said: str) -> datetime:
        """Send an event to everyone who is logged in; gives its instant, exactly as it is read again."""
        at = self.now()
        if self.listeners:
            stamp = f"{at.timestamp():.6f}"
            text = f"Event: {event}\r\nPrivilege: {privilege},all\r\nTimestamp: {stamp}\r\n{said}\r\n"
            data = text.encode()
            for heard in tuple(self.listeners):
                heard(data)
            return from_epoch(float(stamp))
        return at
