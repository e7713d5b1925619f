"""录音带: what went through a phone in one direction, with the instant of every packet."""

import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from simulator.alaw import FRAME, RATE, SILENCE, from_alaw

_CLOSE = 10 * RATE
_WRAP = 1 << 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One packet of sound; ``at`` is the event loop's time in seconds."""

    at: float
    timestamp: int
    sound: bytes


class Tape:
    """Keeps packets in the order in which they came."""

    def __init__(self) -> None:
        """Begin empty."""
        self.packets: list[Heard] = []

    def add(self, at: float, timestamp: int, sound: bytes) -> None:
        """Keep one packet of A-law sound."""
        self.packets.append(Heard(at=at, timestamp=timestamp, sound=sound))

    @property
    def first_at(self) -> float | None:
        """When the first packet came; None when none did."""
        return self.packets[0].at if self.packets else None

    def sound(self) -> bytes:
        """Give everything as one A-law sound: gaps are silence, reordered packets fall into place.

        A sender that restarts its timestamps (another prompt, another party) is placed by arrival.
        """
        tape = bytearray()
        position = 0
        before: Heard | None = None
        for packet in self.packets:
            if before:
                position = max(0, self._next_position(position, before, packet))
            tape.extend(SILENCE * (position - len(tape)))
            tape[position : position + len(packet.sound)] = packet.sound
            before = packet
        return bytes(tape)

    def _next_position(self, position: int, before: Heard, packet: Heard) -> int:
        step = (packet.timestamp - before.timestamp + _WRAP // 2) % _WRAP - _WRAP // 2
        if abs(step) <= _CLOSE:
            return position + step
        by_clock = round((packet.at - self.packets[0].at) * RATE)
        return max(position + FRAME, by_clock)

    def loudness(self, since: float = 0.0, until: float = float("inf")) -> float:
        """Root mean square of the samples that came between two instants; 0.0 when none came."""
        samples = array("h")
        for packet in self.packets:
            if since <= packet.at <= until:
                samples.extend(from_alaw(packet.sound))
        return float((sum(sample * sample for sample in samples) / len(samples)) ** 0.5) if samples else 0.0

    def first_loud_at(self, level: int, since: float = 0.0) -> float | None:
        """When a packet came with a sample of at least that level; None when all were quieter."""
        for packet in self.packets:
            if packet.at >= since and max(map(abs, from_alaw(packet.sound)), default=0) >= level:
                return packet.at
        return None

    def save(self, wav: Path) -> None:
        """Write a WAV, 8 kHz, mono, 16 bit."""
        with wave.open(str(wav), "wb") as opened:
            opened.setnchannels(1)
            opened.setsampwidth(2)
            opened.setframerate(RATE)
            opened.writeframes(from_alaw(self.sound()).tobytes())
