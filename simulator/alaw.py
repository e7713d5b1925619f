"""A律: G.711 A-law as the telephone network speaks it; one byte per 125 µs."""

from array import array
from collections.abc import Iterable
from functools import cache

RATE = 8000
FRAME = 160
"""Bytes in the usual packet of 20 ms."""

SILENCE = b"\xd5"


def _decoded(code: int) -> int:
    code ^= 0x55
    segment = (code & 0x70) >> 4
    value = ((code & 0x0F) << 4) + 8
    if segment:
        value = (value + 0x100) << (segment - 1)
    return value if code & 0x80 else -value


_DECODED = tuple(_decoded(code) for code in range(256))


def from_alaw(sound: bytes) -> "array[int]":
    """Give the 16-bit samples of an A-law sound."""
    return array("h", map(_DECODED.__getitem__, sound))


def to_alaw(samples: Iterable[int]) -> bytes:
    """Give each 16-bit sample (-32768 to 32767) as the nearest A-law byte."""
    table = _encoding()
    return bytes(table[(sample >> 3) + 4096] for sample in samples)


@cache
def _encoding() -> bytes:
    """For every 13-bit value, from -4096 upwards, the code whose sound is nearest."""
    codes = sorted(range(256), key=_DECODED.__getitem__)
    table = bytearray()
    nearest = 0
    for value in range(-4096, 4096):
        middle = value * 8 + 4
        while nearest < 255 and _distance(codes[nearest + 1], middle) <= _distance(codes[nearest], middle):
            nearest += 1
        table.append(codes[nearest])
    return bytes(table)


def _distance(code: int, sample: int) -> int:
    return abs(_DECODED[code] - sample)
