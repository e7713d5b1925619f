"""录音读取: follows a recording while Asterisk writes it and parts it into its two sides.

The file is raw: 8 kHz, signed 16 bit little-endian, left the citizen and right the seat, interleaved.
It grows in blocks of 32 KiB, so a read may end in the middle of a frame.
"""

from array import array
from dataclasses import dataclass
from pathlib import Path

from core.understanding import Side

SAMPLE_RATE = 8000
SAMPLE_BYTES = 2
FRAME_BYTES = 2 * SAMPLE_BYTES
READ_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """两侧声音: equally long samples of both sides, 16 bit, 8 kHz; empty when there was nothing new."""

    citizen: bytes = b""
    seat: bytes = b""

    def __bool__(self) -> bool:
        return bool(self.citizen)

    def of(self, side: Side) -> bytes:
        """Give the samples of one side."""
        return self.citizen if side is Side.CITIZEN else self.seat


def legs_of(frames: bytes) -> Legs:
    """Part whole interleaved frames into the two sides."""
    samples = array("h", frames)
    return Legs(citizen=samples[0::2].tobytes(), seat=samples[1::2].tobytes())


class GrowingRecording:
    """增长中的录音: remembers how far it was read; every call opens the file anew and holds nothing."""

    def __init__(self, path: Path) -> None:
        """Begin at the start of the file, which may not exist yet."""
        self.path = path
        self._offset = 0

    @property
    def seconds_read(self) -> float:
        """Seconds of the recording that were read so far."""
        return self._offset / (SAMPLE_RATE * FRAME_BYTES)

    def read_new(self) -> Legs:
        """Read at most 1.02 s of what is new, whole frames only; empty while nothing is there.

        Raises OSError when the file is there and cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                block = file.read(READ_BYTES)
        except FileNotFoundError:
            return Legs()
        whole = len(block) - len(block) % FRAME_BYTES
        self._offset += whole
        return legs_of(block[:whole])
