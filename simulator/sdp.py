"""媒体协商: the session description of a telephone: A-law, digits, and which way the sound goes."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import HotlineError
from simulator.udp import Address

ALAW_PAYLOAD = 8


class NoCommonCodec(HotlineError):
    """对方不支持 A 律(PCMA),无法通话,请在线路上允许 alaw。"""


class Direction(StrEnum):
    """声音方向, seen by the one who writes it."""

    BOTH = "sendrecv"
    SEND = "sendonly"
    RECEIVE = "recvonly"
    NONE = "inactive"

    @property
    def seen_from_the_other_side(self) -> "Direction":
        """What the peer must answer."""
        return {Direction.SEND: Direction.RECEIVE, Direction.RECEIVE: Direction.SEND}.get(self, self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Where one side wants to hear, which way sound goes, and the payload number of its digits."""

    address: Address
    direction: Direction = Direction.BOTH
    digits_payload: int = 101

    def to_sdp(self, version: int) -> str:
        """Write the description; ``version`` grows with every change within one call."""
        ip, port = self.address
        digits = self.digits_payload
        lines = [
            "v=0",
            f"o=- 1 {version} IN IP4 {ip}",
            "s=-",
            f"c=IN IP4 {ip}",
            "t=0 0",
            f"m=audio {port} RTP/AVP {ALAW_PAYLOAD} {digits}",
            f"a=rtpmap:{ALAW_PAYLOAD} PCMA/8000",
            f"a=rtpmap:{digits} telephone-event/8000",
            f"a=fmtp:{digits} 0-16",
            "a=ptime:20",
            f"a={self.direction}",
        ]
        return "".join(f"{line}\r\n" for line in lines)


def media_in(sdp: str) -> Media:
    """Read the other side's description; raises NoCommonCodec when A-law is not in it."""
    connection = re.search(r"(?m)^c=IN IP4 ([\d.]+)", sdp)
    audio = re.search(r"(?m)^m=audio (\d+) RTP/AVP ([\d ]+)", sdp)
    if not connection or not audio or str(ALAW_PAYLOAD) not in audio[2].split():
        raise NoCommonCodec(offered=audio[2].strip() if audio else "")
    direction = re.search(r"(?m)^a=(sendrecv|sendonly|recvonly|inactive)\s*$", sdp)
    digits = re.search(r"(?mi)^a=rtpmap:(\d+) telephone-event/8000", sdp)
    return Media(
        address=(connection[1], int(audio[1])),
        direction=Direction(direction[1]) if direction else Direction.BOTH,
        digits_payload=int(digits[1]) if digits else 101,
    )
