"""话音: one telephone's end of the sound: sends 20 ms packets without drifting, keeps both directions."""

import asyncio
from collections import deque
from random import Random

from simulator.alaw import FRAME, SILENCE
from simulator.rtp import NotRtp, RtpPacket, key_press, key_released, parse_rtp
from simulator.sdp import ALAW_PAYLOAD, Direction, Media
from simulator.tape import Tape
from simulator.udp import Address, UdpPort

_PERIOD_SECONDS = 0.02
_TOO_LATE_SECONDS = 1.0
_FRAMES_BETWEEN_KEYS = 5


class Audio:
    """Sends from :meth:`connect` to :meth:`close`, silence when nothing plays."""

    def __init__(self, ip: str, random: Random) -> None:
        """Open a port of the system's choice."""
        self._loop = asyncio.get_running_loop()
        self._port = UdpPort((ip, 0), self._receive)
        self._sequence = random.randrange(1 << 15)
        self._timestamp = random.randrange(1 << 31)
        self._source = random.randrange(1 << 32)
        self._peer: Media | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self._next_at = 0.0
        self._sound = _Sound(b"", again_and_again=False)
        self._keys: deque[bytes | None] = deque()
        self._keys_over = asyncio.Event()
        self._key_timestamp: int | None = None
        self._last_key_heard: int | None = None
        self.heard = Tape()
        self.said = Tape()
        self.keys_heard = ""

    @property
    def address(self) -> Address:
        """Where this phone listens."""
        return self._port.address

    @property
    def may_send(self) -> bool:
        """Whether the other side wants to hear us: not while it holds us."""
        return self._peer is not None and self._peer.direction in (Direction.BOTH, Direction.RECEIVE)

    def connect(self, peer: Media) -> None:
        """Send to this peer from now on; called again, send to the new one; closed, do nothing."""
        self._peer = peer
        if self._timer is None and not self._closed:
            self._next_at = self._loop.time()
            self._tick()

    def play(self, sound: bytes, *, again_and_again: bool = False) -> asyncio.Event:
        """Play an A-law sound instead of what plays now; the event is set when it is over."""
        self._sound.over.set()
        self._sound = _Sound(sound, again_and_again=again_and_again)
        return self._sound.over

    def press(self, keys: str) -> asyncio.Event:
        """Press keys one after the other, as RFC 4733 events; the event is set after the last one."""
        self._keys_over.clear()
        for key in keys:
            self._keys.extend(key_press(key))
            self._keys.extend([None] * _FRAMES_BETWEEN_KEYS)
        return self._keys_over

    def close(self) -> None:
        """Stop sending and hearing; both tapes stay."""
        self._closed = True
        if self._timer:
            self._timer.cancel()
        self._sound.over.set()
        self._keys_over.set()
        self._port.close()

    def _tick(self) -> None:
        now = self._loop.time()
        if now - self._next_at > _TOO_LATE_SECONDS:
            self._next_at = now  # the process was stopped: nobody wants that second any more
        while self._next_at <= now:
            self._send_frame(now)
            self._next_at += _PERIOD_SECONDS
        self._timer = self._loop.call_at(self._next_at, self._tick)

    def _send_frame(self, now: float) -> None:
        pressed = self._keys.popleft() if self._keys else None
        if pressed is None:
            self._key_timestamp = None
            frame = self._sound.next_frame()
            self.said.add(now, self._timestamp, frame)
            self._send(ALAW_PAYLOAD, self._timestamp, frame, marker=False)
        else:
            begins = self._key_timestamp is None
            began_at = self._timestamp if self._key_timestamp is None else self._key_timestamp
            self._key_timestamp = began_at
            self._send(self._peer.digits_payload if self._peer else 0, began_at, pressed, marker=begins)
        if not self._keys:
            self._keys_over.set()
        self._timestamp += FRAME

    def _send(self, payload_type: int, timestamp: int, payload: bytes, *, marker: bool) -> None:
        if self._peer and self.may_send:
            packet = RtpPacket(
                payload_type=payload_type,
                sequence=self._sequence,
                timestamp=timestamp,
                source=self._source,
                payload=payload,
                marker=marker,
            )
            self._port.send(packet.to_bytes(), self._peer.address)
            self._sequence += 1

    def _receive(self, data: bytes, _source: Address) -> None:
        try:
            packet = parse_rtp(data)
        except NotRtp:
            return
        if packet.payload_type == ALAW_PAYLOAD:
            self.heard.add(self._loop.time(), packet.timestamp, packet.payload)
        elif (key := key_released(packet.payload)) and packet.timestamp != self._last_key_heard:
            self._last_key_heard = packet.timestamp
            self.keys_heard += key


class _Sound:
    """What plays, and how far it has come."""

    def __init__(self, sound: bytes, *, again_and_again: bool) -> None:
        self.over = asyncio.Event()
        self._sound = sound
        self._position = 0
        self._again_and_again = again_and_again
        if not sound:
            self.over.set()

    def next_frame(self) -> bytes:
        frame = self._sound[self._position : self._position + FRAME]
        self._position += FRAME
        if self._position >= len(self._sound):
            if self._again_and_again:
                self._position = 0
            else:
                self.over.set()
        return frame.ljust(FRAME, SILENCE)
