"""识别器: what every recogniser must do, held against Vosk with the bundled model and against our fake."""

import shutil
from pathlib import Path

import pytest

import asr
from asr.leg import PIECE_BYTES, Recogniser, SpeechModel
from asr.model import Utterance
from asr.vosk_engine import ModelBroken, load_model
from tests.fakes.recogniser import FakeModel
from tests.fakes.sound import clips, silence

BUNDLED = Path(asr.__path__[0]) / "models" / "demo-synth"
SENTENCE, SAID = clips()[0]


@pytest.fixture(scope="module", params=["vosk", "fake"])
def model(request: pytest.FixtureRequest) -> SpeechModel:
    return load_model(BUNDLED) if request.param == "vosk" else FakeModel(" ".join(SAID))


def hear(recogniser: Recogniser, samples: bytes) -> list[Utterance]:
    pieces = (samples[at : at + PIECE_BYTES] for at in range(0, len(samples), PIECE_BYTES))
    return [ended for piece in pieces if (ended := recogniser.accept(piece)) is not None]


def test_it_tells_its_name(model: SpeechModel) -> None:
    assert model.name in {"demo-synth", "fake"}


def test_silence_says_nothing(model: SpeechModel) -> None:
    recogniser = model.recogniser()
    assert hear(recogniser, silence(12)) == []
    assert recogniser.partial() == ""
    assert recogniser.finish() is None


def test_an_utterance_ends_with_a_pause(model: SpeechModel) -> None:
    recogniser = model.recogniser()
    ended = hear(recogniser, SENTENCE + silence(1.5))
    assert [utterance.text.replace(" ", "") for utterance in ended] == [SAID]
    assert recogniser.finish() is None


def test_what_is_being_said_shows_before_it_has_ended(model: SpeechModel) -> None:
    recogniser = model.recogniser()
    hear(recogniser, SENTENCE[: len(SENTENCE) // 2])
    assert recogniser.partial()


def test_the_last_utterance_needs_no_pause(model: SpeechModel) -> None:
    recogniser = model.recogniser()
    assert hear(recogniser, SENTENCE[: int(len(SENTENCE) * 0.9)]) == []
    last = recogniser.finish()
    assert last is not None
    assert last.words


def test_words_carry_seconds_from_the_start_and_a_confidence(model: SpeechModel) -> None:
    recogniser = model.recogniser()
    one, two = hear(recogniser, silence(2) + SENTENCE + silence(3) + SENTENCE + silence(2))
    seconds = len(SENTENCE) / 16000
    assert 2 <= one.words[0].start < one.words[-1].end <= 2 + seconds + 0.1
    assert 5 + seconds <= two.words[0].start < two.words[-1].end <= 5 + 2 * seconds + 0.1
    for word in (*one.words, *two.words):
        assert word.start < word.end
        assert 0 <= word.confidence <= 1
        assert word.text


def test_two_recognisers_do_not_hear_each_other(model: SpeechModel) -> None:
    one, other = model.recogniser(), model.recogniser()
    hear(one, SENTENCE)
    assert hear(other, silence(2)) == []
    assert other.finish() is None


def test_the_same_sound_gives_the_same_words(model: SpeechModel) -> None:
    sound = SENTENCE + silence(1.5)
    assert hear(model.recogniser(), sound) == hear(model.recogniser(), sound)


@pytest.mark.parametrize(
    "file", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "graph/phones/word_boundary.int"]
)
def test_a_truncated_model_is_named_in_one_sentence(file: str, tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelBroken, match="截断或损坏"):
        load_model(folder)
