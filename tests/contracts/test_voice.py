"""合成语音: what espeak-ng and sox really write is what Asterisk plays."""

import shutil
import wave
from array import array
from pathlib import Path

import pytest

from ivr.voice import PROMPT_VOICE, Speaker, Voice, check_recording

GREETING = "您好,12345热线,通话将被录音。"


@pytest.fixture
def speaker() -> Speaker:
    espeak, sox = shutil.which("espeak-ng"), shutil.which("sox")
    assert espeak, "install espeak-ng"
    assert sox, "install sox"
    return Speaker(Path(espeak), Path(sox))


def samples_of(wav: Path) -> "array[int]":
    with wave.open(str(wav), "rb") as opened:
        return array("h", opened.readframes(opened.getnframes()))


def test_the_greeting_is_over_within_five_seconds(speaker: Speaker, tmp_path: Path) -> None:
    seconds = speaker.speak(GREETING, tmp_path / "greeting.wav", PROMPT_VOICE)
    assert 3 < seconds <= 5
    check_recording(tmp_path / "greeting.wav")
    assert 10_000 < max(samples_of(tmp_path / "greeting.wav")) < 32_000


def test_the_same_words_in_the_same_voice_are_the_same_sound(speaker: Speaker, tmp_path: Path) -> None:
    speaker.speak(GREETING, tmp_path / "one.wav", Voice(variant="m3"))
    speaker.speak(GREETING, tmp_path / "two.wav", Voice(variant="m3"))
    speaker.speak(GREETING, tmp_path / "other.wav", Voice(variant="f5"))
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert (tmp_path / "one.wav").read_bytes() != (tmp_path / "other.wav").read_bytes()


def test_the_waiting_tone_is_thirty_quiet_seconds(speaker: Speaker, tmp_path: Path) -> None:
    assert speaker.ring_softly(tmp_path / "waiting.wav") == pytest.approx(30)
    check_recording(tmp_path / "waiting.wav")
    assert 500 < max(samples_of(tmp_path / "waiting.wav")) < 2_000


def test_nothing_half_written_is_left_behind(speaker: Speaker, tmp_path: Path) -> None:
    speaker.speak("您好", tmp_path / "hello.wav", PROMPT_VOICE)
    assert [left.name for left in tmp_path.iterdir()] == ["hello.wav"]
