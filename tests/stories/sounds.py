"""声音: speaks what robots say, and tells whether it can be heard in what somebody recorded."""

import asyncio
import math
import wave
from array import array
from collections.abc import Sequence
from operator import mul
from pathlib import Path
from random import Random

from asr.audio import legs_of
from simulator.alaw import RATE, from_alaw, to_alaw
from simulator.scenario import SEAT_VOICE, Part
from simulator.telephone import QUIET, Telephone

HOP = RATE // 100
"""Samples in one step of an envelope: 10 ms."""
PIECE = RATE // 4
"""Samples that are looked for at a time: a quarter of a second, so that one lost packet spoils little."""
LOUD = 500
"""Mean of the samples' absolute values above which a piece is worth looking for; speech has about 2000."""
ALIKE = 0.8
"""Correlation above which two pieces are the same sound; strangers stay below 0.3."""
CANDIDATES = 6
COMPARED = 4
"""Every so-manieth sample is compared: enough to tell sounds apart, and four times as fast."""


class Sounds:
    """Speaks each text once."""

    def __init__(self, telephone: Telephone) -> None:
        """Know how a text sounds through a telephone."""
        self._telephone = telephone
        self._spoken: dict[str, bytes] = {}

    async def of(self, text: str, part: Part | None = None) -> bytes:
        """Give the A-law sound of a text, as that part of the scenario says it if one is given."""
        if text not in self._spoken:
            voice = part.voice if part else SEAT_VOICE
            around = part.surroundings if part else QUIET
            self._spoken[text] = await asyncio.to_thread(
                self._telephone.sound_of, text, voice, around, Random(1)
            )
        return self._spoken[text]

    async def prepare(self, *texts: str) -> None:
        """Speak texts ahead of time."""
        for text in texts:
            await self.of(text)


def sound_of_wav(wav: Path) -> bytes:
    """Give the A-law sound of a prompt as Asterisk plays it."""
    with wave.open(str(wav), "rb") as opened:
        return to_alaw(array("h", opened.readframes(opened.getnframes())))


async def share_heard(sound: bytes, heard: Sequence[int]) -> float:
    """Give which share of an A-law sound is in what was heard: 1.0 all of it, 0.0 nothing."""
    return await asyncio.to_thread(_share, from_alaw(sound), array("h", heard))


def sides_of(recording: Path) -> "tuple[array[int], array[int]]":
    """Give the citizen's and the seat's samples of a raw recording."""
    raw = recording.read_bytes()
    legs = legs_of(raw[: len(raw) - len(raw) % 4])
    return array("h", legs.citizen), array("h", legs.seat)


def _share(sound: Sequence[int], heard: Sequence[int]) -> float:
    begins = [at for at in range(0, len(sound) - PIECE + 1, PIECE) if _is_loud(sound[at : at + PIECE])]
    assert begins, "nothing in this sound is loud enough to be looked for"
    envelope = _envelope(heard)
    shift, found = 0, 0
    for at in begins:
        piece = sound[at : at + PIECE]
        for place in (at + shift, *_places_like(piece, envelope)):
            exactly = _found_near(place, piece, heard)
            if exactly is not None:
                # the next piece most likely follows
                shift, found = exactly - at, found + 1
                break
    return found / len(begins)


def _is_loud(piece: Sequence[int]) -> bool:
    return sum(map(abs, piece)) / len(piece) > LOUD


def _places_like(piece: Sequence[int], envelope: Sequence[float]) -> list[int]:
    """Give the places of like loudness, the likeliest first."""
    shape = _envelope(piece)
    wide = len(shape)
    places = [(_correlation(shape, envelope[at : at + wide]), at) for at in range(len(envelope) - wide + 1)]
    return [at * HOP for _, at in sorted(places, reverse=True)[:CANDIDATES]]


def _found_near(place: int, piece: Sequence[int], heard: Sequence[int]) -> int | None:
    """Look sample by sample; None when it is another sound."""
    few = piece[::COMPARED]
    for begin in range(max(0, place - HOP), min(place + HOP, len(heard) - PIECE) + 1):
        if _correlation(few, heard[begin : begin + PIECE : COMPARED]) > ALIKE:
            return begin
    return None


def _envelope(samples: Sequence[int]) -> list[float]:
    return [sum(map(abs, samples[at : at + HOP])) / HOP for at in range(0, len(samples) - HOP + 1, HOP)]


def _correlation(one: Sequence[float], other: Sequence[float]) -> float:
    power = math.sqrt(sum(map(mul, one, one)) * sum(map(mul, other, other)))
    return sum(map(mul, one, other)) / power if power else 0.0
