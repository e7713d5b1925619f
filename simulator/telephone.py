"""电话音: a text or a WAV as it sounds through a telephone: narrow band, some noise, A-law."""

import math
import tempfile
import wave
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ivr.voice import Speaker, Voice, check_recording
from simulator.alaw import RATE, to_alaw

_SPEECH_LEVEL = 2500.0
_LOUDEST = 32000
_LOW_EDGE, _HIGH_EDGE = 300.0, 3400.0
_RUMBLE_EDGE = 700.0
_THUDS_PER_SECOND = 2.5
_SECONDS_BEFORE, _SECONDS_AFTER = 0.3, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """环境: how many decibels the noise lies below the speech; a rumble beats like machines at work."""

    noise_below_db: float = 35.0
    rumbles: bool = False


QUIET = Surroundings()


class Telephone:
    """Turns what a robot is to say into the sound that its phone sends; the same seed, the same sound."""

    def __init__(self, speaker: Speaker) -> None:
        """Know who speaks."""
        self._speaker = speaker

    def sound_of(self, text: str, voice: Voice, surroundings: Surroundings, random: Random) -> bytes:
        """Give the A-law sound of a text; raises what :meth:`ivr.voice.Speaker.speak` raises."""
        with tempfile.TemporaryDirectory() as folder:
            wav = Path(folder, "said.wav")
            self._speaker.speak(text, wav, voice)
            return self.sound_from(wav, surroundings, random)

    def sound_from(self, wav: Path, surroundings: Surroundings, random: Random) -> bytes:
        """Give the A-law sound of a WAV (8 kHz, mono, 16 bit); raises WrongRecording."""
        check_recording(wav)
        with wave.open(str(wav), "rb") as opened:
            samples = array("h", opened.readframes(opened.getnframes()))
        before, after = int(_SECONDS_BEFORE * RATE), int(_SECONDS_AFTER * RATE)
        speech = _at_level(_telephone_band(samples), _SPEECH_LEVEL)
        padded = [*[0.0] * before, *speech, *[0.0] * after]
        noise = _noise(len(padded), surroundings, random)
        mixed = (round(speech + noise) for speech, noise in zip(padded, noise, strict=True))
        return to_alaw(max(-_LOUDEST, min(_LOUDEST, sample)) for sample in mixed)


def _noise(length: int, surroundings: Surroundings, random: Random) -> Sequence[float]:
    level = _SPEECH_LEVEL * 10 ** (-surroundings.noise_below_db / 20)
    hiss: Iterable[float] = (random.gauss(0, 1) for _ in range(length))
    if surroundings.rumbles:
        beat = math.pi * _THUDS_PER_SECOND / RATE
        hiss = [s * (0.4 + abs(math.sin(n * beat))) for n, s in enumerate(_low_pass(hiss, _RUMBLE_EDGE))]
    return _at_level(_telephone_band(hiss), level)


def _telephone_band(samples: Iterable[float]) -> list[float]:
    return _low_pass(_high_pass(_high_pass(samples, _LOW_EDGE), _LOW_EDGE), _HIGH_EDGE)


def _at_level(samples: list[float], level: float) -> list[float]:
    """Scale to a root mean square; silence stays silence."""
    power = sum(sample * sample for sample in samples) / max(1, len(samples))
    return [sample * level / math.sqrt(power) for sample in samples] if power else samples


def _high_pass(samples: Iterable[float], edge: float) -> list[float]:
    cosine, alpha = _angles(edge)
    return _biquad(samples, ((1 + cosine) / 2, -(1 + cosine)), (cosine, alpha))


def _low_pass(samples: Iterable[float], edge: float) -> list[float]:
    cosine, alpha = _angles(edge)
    return _biquad(samples, ((1 - cosine) / 2, 1 - cosine), (cosine, alpha))


def _angles(edge: float) -> tuple[float, float]:
    angle = 2 * math.pi * edge / RATE
    return math.cos(angle), math.sin(angle) / math.sqrt(2)


def _biquad(
    samples: Iterable[float], forward: tuple[float, float], angles: tuple[float, float]
) -> list[float]:
    """Second-order Butterworth filter (R. Bristow-Johnson's cookbook); outer taps are alike."""
    cosine, alpha = angles
    outer, middle = forward[0] / (1 + alpha), forward[1] / (1 + alpha)
    back1, back2 = -2 * cosine / (1 + alpha), (1 - alpha) / (1 + alpha)
    x1 = x2 = y1 = y2 = 0.0
    filtered: list[float] = []
    for x in samples:
        y = outer * (x + x2) + middle * x1 - back1 * y1 - back2 * y2
        x1, x2, y1, y2 = x, x1, y, y1
        filtered.append(y)
    return filtered
