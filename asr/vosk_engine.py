"""Vosk 识别引擎: the only file that knows Vosk; checks a model's folder before Vosk sees it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import vosk

from asr.audio import SAMPLE_BYTES, SAMPLE_RATE
from asr.model import Utterance
from asr.model_folder import check_model
from core.errors import HotlineError
from core.understanding import HeardWord


class ModelBroken(HotlineError):
    """语音模型无法载入,文件可能被截断或损坏,请重新下载并核对校验值。"""


class RecogniserFailed(HotlineError):
    """语音识别中途出错,请检查语音模型是否在运行中被改动。"""


@contextmanager
def _told_as(error: type[HotlineError], path: Path) -> Iterator[None]:
    # Vosk says everything with the bare Exception; nothing narrower can be caught.
    try:
        yield
    except Exception as cause:
        raise error(path=path) from cause


def load_model(folder: Path) -> "VoskModel":
    """Load a model once (seconds for a large one); raises HotlineError if it is unusable."""
    check_model(folder)
    vosk.SetLogLevel(-1)
    with _told_as(ModelBroken, folder):
        model = vosk.Model(str(folder))
        # A truncated graph shows only when a recogniser opens it.
        vosk.KaldiRecognizer(model, SAMPLE_RATE).AcceptWaveform(bytes(SAMPLE_RATE * SAMPLE_BYTES))
    return VoskModel(model, folder)


class VoskModel:
    """Vosk 模型: loaded once, shared by all recognisers; made by :func:`load_model`."""

    def __init__(self, model: vosk.Model, folder: Path) -> None:
        """Take a loaded model and the folder that it came from."""
        self._model = model
        self._folder = folder

    @property
    def name(self) -> str:
        """Name of the model's folder."""
        return self._folder.name

    def recogniser(self) -> "VoskRecogniser":
        """Give a fresh recogniser for one side of one call."""
        with _told_as(RecogniserFailed, self._folder):
            return VoskRecogniser(vosk.KaldiRecognizer(self._model, SAMPLE_RATE), self._folder)


class VoskRecogniser:
    """Vosk 识别器: one side of one call; word times count from the first sample it heard."""

    def __init__(self, kaldi: vosk.KaldiRecognizer, folder: Path) -> None:
        """Take a fresh recogniser; the folder is told when it fails."""
        self._kaldi = kaldi
        self._folder = folder
        kaldi.SetWords(True)

    def accept(self, piece: bytes) -> Utterance | None:
        """Hear 16-bit 8 kHz samples; gives the utterance that ended in them, None if none did."""
        with _told_as(RecogniserFailed, self._folder):
            ended = self._kaldi.AcceptWaveform(piece)
        return _utterance(self._kaldi.Result()) if ended else None

    def partial(self) -> str:
        """Give what was heard since the last utterance ended; may still change; empty if nothing."""
        return str(json.loads(self._kaldi.PartialResult()).get("partial", ""))

    def finish(self) -> Utterance | None:
        """Say that nothing more comes; gives the last utterance, None if there was none."""
        return _utterance(self._kaldi.FinalResult())


def _utterance(result: str) -> Utterance | None:
    told = json.loads(result)
    if not told.get("text"):
        return None
    words = tuple(
        HeardWord(text=word["word"], start=word["start"], end=word["end"], confidence=word["conf"])
        for word in told.get("result", ())
    )
    return Utterance(text=told["text"], words=words)
