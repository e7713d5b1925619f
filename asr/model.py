"""识别用语: what a recogniser heard, before it becomes part of a transcript."""

from dataclasses import dataclass

from core.understanding import HeardWord, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """话段: one stretch of speech between two pauses; ``text`` is the recogniser's own, words apart."""

    text: str
    words: tuple[HeardWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """听到的语句: a segment so far; ``final`` when it will not change any more."""

    segment: Segment
    final: bool
