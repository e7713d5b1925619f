"""剧本: the bundled model understands what the robots say, through the telephone's band, noise and A-law."""

import shutil
from pathlib import Path
from random import Random

import pytest

import asr
from asr.leg import PIECE_BYTES, SpeechModel
from asr.vosk_engine import load_model
from ivr.voice import Speaker
from simulator.alaw import from_alaw
from simulator.scenario import DEMO_CITIZENS, SEAT_CLOSING, SEAT_GREETING, SEAT_VOICE, Part
from simulator.telephone import Telephone

BUNDLED = Path(asr.__path__[0]) / "models" / "demo-synth"
SEAT = tuple(Part(number="8001", text=text, voice=SEAT_VOICE) for text in (SEAT_GREETING, SEAT_CLOSING))


@pytest.fixture(scope="module")
def model() -> SpeechModel:
    return load_model(BUNDLED)


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    espeak, sox = shutil.which("espeak-ng"), shutil.which("sox")
    assert espeak, "install espeak-ng"
    assert sox, "install sox"
    return Speaker(Path(espeak), Path(sox))


def heard(model: SpeechModel, samples: bytes) -> str:
    recogniser = model.recogniser()
    pieces = (samples[at : at + PIECE_BYTES] for at in range(0, len(samples), PIECE_BYTES))
    utterances = [*(recogniser.accept(piece) for piece in pieces), recogniser.finish()]
    return "".join(utterance.text for utterance in utterances if utterance).replace(" ", "")


def wrong_characters(said: str, heard: str) -> int:
    row = list(range(len(heard) + 1))
    for count, character in enumerate(said, 1):
        above, row = row, [count]
        for place, other in enumerate(heard, 1):
            row.append(min(row[-1] + 1, above[place] + 1, above[place - 1] + (character != other)))
    return row[-1]


@pytest.mark.parametrize("part", [*DEMO_CITIZENS, *SEAT], ids=lambda part: part.text)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_most_one_character_in_twenty_is_misheard(
    model: SpeechModel, speaker: Speaker, part: Part, seed: int
) -> None:
    sound = Telephone(speaker).sound_of(part.text, part.voice, part.surroundings, Random(seed))
    said = "".join(character for character in part.text if character.isalpha())
    understood = heard(model, from_alaw(sound).tobytes())
    assert wrong_characters(said, understood) <= 0.05 * len(said), understood


def test_one_word_changed_is_one_word_changed_in_what_is_heard(model: SpeechModel, speaker: Speaker) -> None:
    card = DEMO_CITIZENS[2]
    for thing in ("社保卡", "身份证", "居住证"):
        text = card.text.replace("社保卡", thing)
        sound = Telephone(speaker).sound_of(text, card.voice, card.surroundings, Random(1))
        assert thing in heard(model, from_alaw(sound).tobytes())


def test_the_waiting_tone_is_taken_for_nothing(model: SpeechModel, speaker: Speaker, tmp_path: Path) -> None:
    speaker.ring_softly(tmp_path / "waiting.wav")
    assert heard(model, (tmp_path / "waiting.wav").read_bytes()[44:]) == ""
