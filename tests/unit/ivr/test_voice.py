"""合成语音: how texts are read, and which prompts are made anew."""

import struct
import wave
from pathlib import Path

import pytest

from ivr.voice import (
    CannotBeRead,
    NothingToSay,
    ProgramMissing,
    Prompts,
    Speaker,
    Voice,
    WrongRecording,
    check_recording,
    make_prompts,
    reading_of,
    spelled_out,
)


class ScribeSpeaker(Speaker):
    """Writes the text itself where a real speaker writes sound, and remembers what it was asked."""

    def __init__(self) -> None:
        """Need no programs."""
        super().__init__(Path("espeak-ng"), Path("sox"))
        self.asked: list[str] = []

    def speak(self, text: str, into: Path, voice: Voice) -> float:
        self.asked.append(text)
        into.write_text(f"{voice.variant} {text}")
        return 1.0


def recording(path: Path, rate: int = 8000) -> bytes:
    with wave.open(str(path), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(b"\x01\x00" * 80)
    return path.read_bytes()


def test_the_number_of_the_hotline_is_read_digit_by_digit() -> None:
    assert reading_of("您好,12345热线。") == "nin2 hao3, yi1 er4 san1 si4 wu3 re4 xian4."


def test_full_width_digits_are_the_same_digits() -> None:
    assert spelled_out("12345热线") == "一二三四五热线"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("重复", "chong2fu4."),
        ("重大", "zhong4da4."),
        ("重听", "chong2ting1."),
        ("吵得睡不着", "chao3 de5 shui4bu4zhao2."),
        ("看着", "kan4 zhe5."),
        ("树太长", "shu4 tai4 chang2."),
        ("班长", "ban1zhang3."),
        ("树倒了", "shu4 dao3le5."),
        ("应急", "ying4ji2."),
        ("没有人管", "mei2you3 ren2 guan3."),
        ("喂", "wei2."),
    ],
)
def test_a_character_with_two_readings_is_read_as_its_word_wants(text: str, reading: str) -> None:
    assert reading_of(text) == reading


def test_punctuation_becomes_short_and_long_pauses() -> None:
    assert reading_of("你好,请稍等。谢谢!") == "ni3hao3, qing3 shao1 deng3. xie4 xie4."


@pytest.mark.parametrize("text", ["", "   ", "。,!"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(NothingToSay):
        reading_of(text)


@pytest.mark.parametrize("text", ["WiFi坏了", "涨了5%", "a\x00b"])
def test_what_cannot_be_read_is_named_instead_of_left_out(text: str) -> None:
    with pytest.raises(CannotBeRead):
        reading_of(text)


def test_a_missing_program_is_a_sentence_not_a_traceback(tmp_path: Path) -> None:
    speaker = Speaker(tmp_path / "no-espeak-ng", tmp_path / "no-sox")
    with pytest.raises(ProgramMissing, match="espeak-ng"):
        speaker.speak("您好", tmp_path / "hello.wav", Voice())


def test_only_missing_and_changed_prompts_are_made(tmp_path: Path) -> None:
    speaker = ScribeSpeaker()
    assert make_prompts(speaker, Prompts(texts={"greeting": "您好", "bye": "再见"}), tmp_path) == [
        "greeting",
        "bye",
    ]
    assert make_prompts(speaker, Prompts(texts={"greeting": "您好", "bye": "再见"}), tmp_path) == []
    assert make_prompts(speaker, Prompts(texts={"greeting": "你好", "bye": "再见"}), tmp_path) == ["greeting"]
    (tmp_path / "bye.wav").unlink()
    assert make_prompts(speaker, Prompts(texts={"greeting": "你好", "bye": "再见"}), tmp_path) == ["bye"]
    assert speaker.asked == ["您好", "再见", "你好", "再见"]


def test_another_voice_makes_every_prompt_anew(tmp_path: Path) -> None:
    speaker = ScribeSpeaker()
    make_prompts(speaker, Prompts(texts={"greeting": "您好"}), tmp_path)
    changed = Prompts(texts={"greeting": "您好"}, voice=Voice(variant="m3"))
    assert make_prompts(speaker, changed, tmp_path) == ["greeting"]
    assert (tmp_path / "greeting.wav").read_text().startswith("m3")


def test_a_recorded_prompt_wins_and_its_removal_brings_the_text_back(tmp_path: Path) -> None:
    speaker = ScribeSpeaker()
    recorded = tmp_path / "recorded"
    recorded.mkdir()
    sound = recording(recorded / "greeting.wav")
    prompts = Prompts(texts={"greeting": "您好"}, recorded=recorded)
    assert make_prompts(speaker, prompts, tmp_path / "made") == ["greeting"]
    assert (tmp_path / "made" / "greeting.wav").read_bytes() == sound
    assert make_prompts(speaker, prompts, tmp_path / "made") == []
    (recorded / "greeting.wav").unlink()
    assert make_prompts(speaker, prompts, tmp_path / "made") == ["greeting"]
    assert speaker.asked == ["您好"]


def test_a_recording_in_another_format_is_refused_with_the_way_to_convert_it(tmp_path: Path) -> None:
    recording(tmp_path / "greeting.wav", rate=16000)
    with pytest.raises(WrongRecording, match="rate=16000") as refused:
        make_prompts(
            ScribeSpeaker(), Prompts(texts={"greeting": "您好"}, recorded=tmp_path), tmp_path / "made"
        )
    assert "sox" in refused.value.sentence()
    assert not (tmp_path / "made" / "greeting.wav").exists()


def test_an_extensible_wav_is_refused_because_asterisk_refuses_it(tmp_path: Path) -> None:
    plain = bytearray(recording(tmp_path / "extensible.wav"))
    struct.pack_into("<H", plain, 20, 0xFFFE)
    (tmp_path / "extensible.wav").write_bytes(plain)
    with pytest.raises(WrongRecording, match="65534"):
        check_recording(tmp_path / "extensible.wav")


@pytest.mark.parametrize("content", [b"", b"not sound at all", b"RIFF\x00\x00\x00\x00WAVE"])
def test_a_file_that_is_no_wav_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "greeting.wav").write_bytes(content)
    with pytest.raises(WrongRecording, match="not a WAV"):
        check_recording(tmp_path / "greeting.wav")
