"""电话音: what a telephone does to a voice."""

import math
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from ivr.voice import Speaker, Voice, WrongRecording
from simulator.alaw import from_alaw
from simulator.telephone import QUIET, Surroundings, Telephone

NOISE_FREE = Surroundings(noise_below_db=90)
SITE = Surroundings(noise_below_db=15, rumbles=True)


class ToneSpeaker(Speaker):
    """Says everything as one second of a tone."""

    def __init__(self, hertz: float, level: int = 10000) -> None:
        super().__init__(Path("espeak-ng"), Path("sox"))
        self._wave: Callable[[int], float] = lambda n: level * math.sin(2 * math.pi * hertz * n / 8000)

    def speak(self, text: str, into: Path, voice: Voice) -> float:
        assert text
        assert voice
        with wave.open(str(into), "wb") as opened:
            opened.setnchannels(1)
            opened.setsampwidth(2)
            opened.setframerate(8000)
            opened.writeframes(array("h", (round(self._wave(n)) for n in range(8000))).tobytes())
        return 1.0


def said(speaker: Speaker, surroundings: Surroundings = NOISE_FREE, seed: int = 1) -> bytes:
    return Telephone(speaker).sound_of("您好", Voice(), surroundings, Random(seed))


def loudness(samples: "array[int]") -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def power_at(samples: "array[int]", hertz: float) -> float:
    turns = [2 * math.pi * hertz * n / 8000 for n in range(len(samples))]
    real = sum(s * math.cos(turn) for s, turn in zip(samples, turns, strict=True))
    imaginary = sum(s * math.sin(turn) for s, turn in zip(samples, turns, strict=True))
    return math.hypot(real, imaginary) / len(samples)


def test_a_quiet_and_a_loud_voice_arrive_at_the_same_level() -> None:
    quiet, loud = (from_alaw(said(ToneSpeaker(1000, level)))[4000:8000] for level in (1000, 20000))
    assert loudness(quiet) == pytest.approx(2500, rel=0.05)
    assert loudness(loud) == pytest.approx(2500, rel=0.05)


def test_what_lies_below_the_telephone_band_is_lost() -> None:
    class Mixed(ToneSpeaker):
        def __init__(self) -> None:
            super().__init__(1000)
            self._wave = lambda n: sum(5000 * math.sin(2 * math.pi * f * n / 8000) for f in (60, 1000))

    heard = from_alaw(said(Mixed()))[4000:8000]
    assert power_at(heard, 1000) > 50 * power_at(heard, 60)


def test_speech_has_a_breath_before_and_after() -> None:
    heard = from_alaw(said(ToneSpeaker(1000)))
    assert len(heard) == 2400 + 8000 + 4800
    assert loudness(heard[:2000]) < 20
    assert loudness(heard[-4000:]) < 20


def test_the_same_seed_is_the_same_sound_and_another_is_not() -> None:
    speaker = ToneSpeaker(1000)
    assert said(speaker, SITE, seed=1) == said(speaker, SITE, seed=1)
    assert said(speaker, SITE, seed=1) != said(speaker, SITE, seed=2)


@pytest.mark.parametrize(("surroundings", "level"), [(QUIET, 44), (SITE, 445)])
def test_noise_lies_as_far_below_the_speech_as_asked(surroundings: Surroundings, level: float) -> None:
    heard = from_alaw(said(ToneSpeaker(1000), surroundings))
    assert loudness(heard[-4000:]) == pytest.approx(level, rel=0.2)


def test_a_wav_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "voice.mp3").write_bytes(b"ID3" + bytes(100))
    with pytest.raises(WrongRecording):
        Telephone(ToneSpeaker(1000)).sound_from(tmp_path / "voice.mp3", QUIET, Random(1))
