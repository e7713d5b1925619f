"""RTP包: sound and pressed keys as packets (RFC 3550, RFC 4733)."""

import struct
from dataclasses import dataclass

from core.errors import HotlineError
from simulator.alaw import FRAME

KEYS = "0123456789*#ABCD"
_STEPS = 8
_ENDINGS = 3


class NotRtp(HotlineError):
    """收到的数据不是 RTP 语音包。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RtpPacket:
    """One packet; sequence counts packets, timestamp counts samples."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes
    marker: bool = False

    def to_bytes(self) -> bytes:
        """Write it as it goes over the network."""
        kind = self.payload_type | (0x80 if self.marker else 0)
        head = struct.pack(
            "!BBHII", 0x80, kind, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.source
        )
        return head + self.payload


def parse_rtp(data: bytes) -> RtpPacket:
    """Read a packet; raises NotRtp. Contributing sources and extensions are skipped."""
    if len(data) < 12 or data[0] >> 6 != 2:
        raise NotRtp(length=len(data))
    flags, kind, sequence, timestamp, source = struct.unpack_from("!BBHII", data)
    begin = 12 + 4 * (flags & 0x0F)
    if flags & 0x10 and len(data) >= begin + 4:
        begin += 4 + 4 * int(struct.unpack_from("!H", data, begin + 2)[0])
    end = len(data) - (data[-1] if flags & 0x20 else 0)
    return RtpPacket(
        payload_type=kind & 0x7F,
        marker=bool(kind & 0x80),
        sequence=sequence,
        timestamp=timestamp,
        source=source,
        payload=data[begin:end],
    )


def key_press(key: str) -> list[bytes]:
    """Give the payloads of one pressed key, 20 ms apart: it lasts 160 ms, its end is said three times."""
    event = KEYS.index(key)
    lasting = [struct.pack("!BBH", event, 10, step * FRAME) for step in range(1, _STEPS + 1)]
    ending = struct.pack("!BBH", event, 10 | 0x80, _STEPS * FRAME)
    return [*lasting, *[ending] * _ENDINGS]


def key_released(payload: bytes) -> str:
    """Name the key when the payload says that it was released, otherwise give an empty text."""
    if len(payload) < 4 or payload[0] >= len(KEYS) or not payload[1] & 0x80:
        return ""
    return KEYS[payload[0]]
