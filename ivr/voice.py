"""合成语音: speaks Chinese texts into telephone WAVs, through pinyin, espeak-ng and sox.

espeak-ng 1.51 cannot read hanzi, but it reads pinyin with tones well; pypinyin finds the reading,
and its phrase dictionary decides between the readings of one character (重复, 重大).
"""

import hashlib
import json
import shutil
import struct
import subprocess
import tempfile
import unicodedata
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict
from pypinyin.seg import mmseg

from core.errors import HotlineError

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_SHORT_PAUSES = ",、:;()《》“”‘’\"'·—-\n"
_LONG_PAUSES = "。.!?…"
_PHRASES = {
    "重听": [["chóng"], ["tīng"]],
    "睡不着": [["shuì"], ["bù"], ["zháo"]],
    "长得": [["zhǎng"], ["de"]],
    "长了": [["zhǎng"], ["le"]],
    "倒了": [["dǎo"], ["le"]],
    "关卡": [["guān"], ["qiǎ"]],
}
_SINGLE = {
    "嗯": "èn",
    "喂": "wéi",
    "得": "de",
    "长": "cháng",
    "脏": "zāng",
    "哦": "ó",
    "呣": "mú",
}
_PATIENCE_SECONDS = 60
_STAMPS = "made-from.json"


class ProgramMissing(HotlineError):
    """缺少合成语音的程序,请安装 espeak-ng 和 sox 后重试。"""


class ProgramFailed(HotlineError):
    """合成语音的程序报错,请检查磁盘空间和程序是否完整。"""


class NothingToSay(HotlineError):
    """要念的文字是空的,请写上至少一个汉字或数字。"""


class CannotBeRead(HotlineError):
    """文字里有不会念的符号,请改写成汉字、数字和标点。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """嗓音: an espeak-ng variant (f2, m3, Annie …); speed in words per minute, pitch 0 to 99."""

    variant: str = "f2"
    speed: int = 175
    pitch: int = 50


PROMPT_VOICE = Voice()
"""The voice of the prompts: a woman's, calm; the greeting takes 4.6 s with it."""


def spelled_out(text: str) -> str:
    """Write digits as hotline people say them, one by one: ``12345`` becomes ``一二三四五``."""
    return unicodedata.normalize("NFKC", text).translate(_DIGITS)


def reading_of(text: str) -> str:
    """Turn a Chinese text into the pinyin line that espeak-ng reads: words apart, pauses as , and .

    Raises NothingToSay when no syllable is left and CannotBeRead for Latin letters and symbols.
    """
    _teach_readings()
    line: list[str] = []
    for clause, pause in _clauses(spelled_out(text)):
        if clause:
            line.append(" ".join(_words(clause)) + pause)
    if not line:
        raise NothingToSay
    return " ".join(line)


def _clauses(text: str) -> list[tuple[str, str]]:
    clauses: list[tuple[str, str]] = []
    clause = ""
    for character in text:
        if character in _SHORT_PAUSES or character in _LONG_PAUSES:
            clauses.append((clause, "." if character in _LONG_PAUSES else ","))
            clause = ""
        elif not character.isspace():
            clause += character
    return [*clauses, (clause, ".")]


def _words(clause: str) -> list[str]:
    syllables = lazy_pinyin(clause, style=Style.TONE3, neutral_tone_with_five=True, errors=_refuse)
    words: list[str] = []
    for word in mmseg.seg.cut(clause):
        words.append("".join(syllables[: len(word)]))
        syllables = syllables[len(word) :]
    return words


def _refuse(unreadable: str) -> str:
    raise CannotBeRead(text=unreadable)


@cache
def _teach_readings() -> None:
    load_phrases_dict(_PHRASES)
    load_single_dict({ord(character): reading for character, reading in _SINGLE.items()})


class WrongRecording(HotlineError):
    """录好的提示音格式不对,请用 sox 原文件 -r 8000 -c 1 -b 16 -e signed-integer 新文件.wav 转换后再放回。"""


class Speaker:
    """播音员: speaks a text into a WAV that Asterisk plays: 8 kHz, mono, 16-bit plain PCM."""

    def __init__(self, espeak: Path, sox: Path) -> None:
        """Know the two programs: ``espeak-ng`` and ``sox``."""
        self._espeak = espeak
        self._sox = sox

    def speak(self, text: str, into: Path, voice: Voice) -> float:
        """Write the WAV whole or not at all; gives its length in seconds.

        Raises NothingToSay, CannotBeRead, ProgramMissing, ProgramFailed.
        """
        line = reading_of(text)
        said = [f"cmn-latn-pinyin+{voice.variant}", "-s", str(voice.speed), "-p", str(voice.pitch)]
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            spoken = Path(folder, "spoken.wav")
            _run([str(self._espeak), "-v", *said, "--stdin", "-w", str(spoken)], line)
            self._write([str(spoken)], into, ["gain", "-6", "rate", "-v", "8000", "norm", "-4"])
        return seconds_of(into)

    def ring_softly(self, into: Path, *, times: int = 5) -> float:
        """等待音: write a quiet bell every six seconds, made here and so free of anybody's rights.

        One pure tone: a recogniser hears nothing in it, while it takes chords and plucked strings for words.
        """
        bell = ["synth", "6", "sine", "440", "fade", "l", "0.05", "6", "5.5"]
        self._write(["-n", "-r", "8000", "-c", "1"], into, [*bell, "gain", "-26", "repeat", str(times - 1)])
        return seconds_of(into)

    def _write(self, source: list[str], into: Path, effects: list[str]) -> None:
        plain = ["-D", "-t", "wav", "-r", "8000", "-c", "1", "-b", "16", "-e", "signed-integer"]
        with tempfile.TemporaryDirectory(dir=into.parent) as folder:
            made = Path(folder, "made.wav")
            _run([str(self._sox), "-V1", *source, *plain, str(made), *effects], "")
            made.replace(into)


def _run(command: list[str], text: str) -> None:
    try:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS
        )
    except FileNotFoundError as missing:
        raise ProgramMissing(program=command[0]) from missing
    except subprocess.TimeoutExpired as slow:
        raise ProgramFailed(program=command[0], said="timeout") from slow
    if done.returncode != 0:
        raise ProgramFailed(program=command[0], said=done.stderr.strip()[-200:])


def seconds_of(wav: Path) -> float:
    """Length of a WAV in seconds."""
    with wave.open(str(wav), "rb") as opened:
        return opened.getnframes() / opened.getframerate()


def check_recording(wav: Path) -> None:
    """Raise WrongRecording unless Asterisk can play it: 8 kHz, mono, 16-bit plain PCM (not extensible)."""
    data = wav.read_bytes()
    position = 12
    while data[:4] == b"RIFF" and data[8:12] == b"WAVE" and len(data) >= position + 24:
        name, size = struct.unpack_from("<4sI", data, position)
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", data, position + 8)
            if (kind, channels, rate, bits) == (1, 1, 8000, 16):
                return
            raise WrongRecording(file=wav, format=kind, channels=channels, rate=rate, bits=bits)
        position += 8 + size + size % 2
    raise WrongRecording(file=wav, format="not a WAV")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """提示音: texts by name, and where recorded WAVs of the same name lie, if there are any."""

    texts: Mapping[str, str]
    recorded: Path | None = None
    voice: Voice = PROMPT_VOICE


def make_prompts(speaker: Speaker, prompts: Prompts, folder: Path) -> list[str]:
    """Bring ``folder/NAME.wav`` up to date; gives the names that were missing or had changed.

    A recorded WAV wins over the text. Raises WrongRecording and what :meth:`Speaker.speak` raises.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamps_file = folder / _STAMPS
    stamps: dict[str, str] = json.loads(stamps_file.read_text()) if stamps_file.exists() else {}
    made: list[str] = []
    for name, text in prompts.texts.items():
        wav = folder / f"{name}.wav"
        recording = _recording(prompts, wav.name)
        stamp = _stamp(recording.read_bytes() if recording else f"{prompts.voice} {text}".encode())
        if stamps.get(name) == stamp and wav.exists():
            continue
        if recording:
            _copy(recording, wav)
        else:
            speaker.speak(text, wav, prompts.voice)
        stamps[name] = stamp
        made.append(name)
    if made:
        _keep(stamps, stamps_file)
    return made


def _recording(prompts: Prompts, file_name: str) -> Path | None:
    recording = prompts.recorded / file_name if prompts.recorded else None
    return recording if recording and recording.exists() else None


def _copy(recording: Path, wav: Path) -> None:
    check_recording(recording)
    fresh = wav.with_suffix(".new")
    shutil.copyfile(recording, fresh)
    fresh.replace(wav)


def _stamp(source: bytes) -> str:
    return hashlib.sha256(source).hexdigest()


def _keep(stamps: dict[str, str], stamps_file: Path) -> None:
    fresh = stamps_file.with_suffix(".new")
    fresh.write_text(json.dumps(stamps, indent=1))
    fresh.replace(stamps_file)
