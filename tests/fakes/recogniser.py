"""A recogniser that knows beforehand what is said and hears only when: loud is speech."""

from array import array
from itertools import cycle

from asr.audio import SAMPLE_RATE
from asr.model import Utterance
from core.errors import HotlineError
from core.understanding import HeardWord

LOUD = 500
PAUSE_SECONDS = 0.5


class Deaf(HotlineError):
    """识别器坏了。"""


class FakeModel:
    """Gives the sentences in turn, one for each stretch of sound; breaks at second ``breaks_at``."""

    name = "fake"

    def __init__(self, *sentences: str, breaks_at: float = float("inf")) -> None:
        self.sentences = sentences or ("你 好",)
        self.breaks_at = breaks_at
        self.recognisers: list[FakeRecogniser] = []

    def recogniser(self) -> "FakeRecogniser":
        self.recognisers.append(FakeRecogniser(self))
        return self.recognisers[-1]


class FakeRecogniser:
    """Hears one side; an utterance ends after half a second without sound."""

    def __init__(self, model: FakeModel) -> None:
        self._model = model
        self._sentences = cycle(model.sentences)
        self._now = 0.0
        self._voice: tuple[float, float] | None = None

    def accept(self, piece: bytes) -> Utterance | None:
        start, self._now = self._now, self._now + len(piece) / (2 * SAMPLE_RATE)
        if self._now > self._model.breaks_at:
            raise Deaf
        if max(map(abs, array("h", piece)), default=0) > LOUD:
            self._voice = (self._voice[0] if self._voice else start, self._now)
        if self._voice and self._now - self._voice[1] >= PAUSE_SECONDS:
            return self._utterance()
        return None

    def partial(self) -> str:
        return "…" if self._voice else ""

    def finish(self) -> Utterance | None:
        return self._utterance() if self._voice else None

    def _utterance(self) -> Utterance:
        assert self._voice is not None
        (start, end), self._voice = self._voice, None
        text = next(self._sentences)
        each = (end - start) / len(text.split())
        words = (
            HeardWord(text=word, start=start + n * each, end=start + (n + 1) * each, confidence=0.9)
            for n, word in enumerate(text.split())
        )
        return Utterance(text=text, words=tuple(words))
