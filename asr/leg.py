"""一侧听写: one side of one call, heard piece by piece by its own recogniser."""

from typing import Protocol

from asr.aftercare import cleaned
from asr.audio import SAMPLE_BYTES, SAMPLE_RATE
from asr.model import Heard, Utterance
from core.understanding import HeardWord, Segment, Side

# A recogniser looks for the end of an utterance once per piece, so pieces of one size
# give the same transcript whether the call is heard live or afterwards.
PIECE_BYTES = SAMPLE_RATE * SAMPLE_BYTES // 5


class Recogniser(Protocol):
    """识别器: hears one side of one call from its start; never in two threads at once."""

    def accept(self, piece: bytes) -> Utterance | None:
        """Hear 16-bit 8 kHz samples; gives the utterance that ended in them, None if none did."""
        ...

    def partial(self) -> str:
        """Give what was heard since the last utterance ended; may still change; empty if nothing."""
        ...

    def finish(self) -> Utterance | None:
        """Say that nothing more comes; gives the last utterance, None if there was none."""
        ...


class SpeechModel(Protocol):
    """语音模型: one for all calls; its name stands in every transcript."""

    @property
    def name(self) -> str:
        """Name by which people know the model."""
        ...

    def recogniser(self) -> Recogniser:
        """Give a fresh recogniser for one side of one call."""
        ...


class Leg:
    """一侧: turns samples of any length into segments. Blocks while it hears: call it in a thread."""

    def __init__(self, side: Side, recogniser: Recogniser) -> None:
        """Begin at the start of the recording."""
        self.side = side
        self._recogniser = recogniser
        self._waiting = b""
        self._seconds = 0.0
        self._partial = ""
        self._partial_start = 0.0

    def hear(self, samples: bytes) -> list[Heard]:
        """Hear what is new; gives the utterances that ended and, if it changed, what is being said."""
        self._waiting += samples
        heard = []
        while len(self._waiting) >= PIECE_BYTES:
            piece, self._waiting = self._waiting[:PIECE_BYTES], self._waiting[PIECE_BYTES:]
            heard += self._ended(self._accept(piece))
        return heard + self._being_said()

    def finish(self) -> list[Heard]:
        """Hear the rest; gives the last utterances."""
        rest, self._waiting = self._waiting, b""
        heard = self._ended(self._accept(rest)) if rest else []
        return heard + self._ended(self._recogniser.finish())

    def _accept(self, piece: bytes) -> Utterance | None:
        self._seconds += len(piece) / (SAMPLE_RATE * SAMPLE_BYTES)
        return self._recogniser.accept(piece)

    def _ended(self, utterance: Utterance | None) -> list[Heard]:
        if utterance is None:
            return []
        self._partial = ""
        start, end = _span(utterance.words, self._seconds)
        segment = self._segment(utterance.text, (start, end), utterance.words)
        return [Heard(segment=segment, final=True)] if segment.text else []

    def _being_said(self) -> list[Heard]:
        partial = self._recogniser.partial()
        if partial == self._partial:
            return []
        if not self._partial:
            self._partial_start = self._seconds
        self._partial = partial
        segment = self._segment(partial, (self._partial_start, self._seconds), ())
        return [Heard(segment=segment, final=False)] if segment.text else []

    def _segment(self, raw: str, span: tuple[float, float], words: tuple[HeardWord, ...]) -> Segment:
        start, end = span
        text = cleaned(raw).text
        return Segment(side=self.side, start=start, end=end, raw=raw, text=text, words=words)


def _span(words: tuple[HeardWord, ...], now: float) -> tuple[float, float]:
    return (words[0].start, words[-1].end) if words else (now, now)
