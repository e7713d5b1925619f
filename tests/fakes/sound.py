"""Telephone sound for tests: 8 kHz, signed 16 bit little-endian."""

import json
import math
import wave
from array import array
from pathlib import Path

RATE = 8000
CLIPS = Path(__file__).parents[1] / "data" / "speech_ci"


def silence(seconds: float) -> bytes:
    return bytes(2 * int(RATE * seconds))


def tone(seconds: float, hertz: float = 300.0) -> bytes:
    count = int(RATE * seconds)
    return array("h", (int(8000 * math.sin(2 * math.pi * hertz * n / RATE)) for n in range(count))).tobytes()


def clips() -> list[tuple[bytes, str]]:
    """Eight sentences by synthetic voices over the telephone: samples and what is said."""
    listed = json.loads((CLIPS / "manifest.json").read_text(encoding="utf-8"))
    return [(_samples(CLIPS / each["wav"]), each["text"]) for each in listed]


def stereo(citizen: bytes, seat: bytes) -> bytes:
    """Interleave as Asterisk does: left the citizen, right the seat; the shorter one is filled up."""
    left, right = array("h", citizen), array("h", seat)
    frames = max(len(left), len(right))
    both = array("h", bytes(4 * frames))
    both[0 : 2 * len(left) : 2] = left
    both[1 : 2 * len(right) + 1 : 2] = right
    return both.tobytes()


def _samples(wav: Path) -> bytes:
    with wave.open(str(wav), "rb") as opened:
        return opened.readframes(opened.getnframes())
