"""找词: finds the profile's words in a text, on the boundaries that the word cutter drew."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from classifier.model import FoundWord, Meaning
from classifier.phrases import Finder, Phrase, finder_of

LONGEST_TEXT = 6000  # characters: half an hour of one person's speech
LONGEST_JOIN = 6  # words: a phrase such as 没有|人|清理 was cut into several


def plain(text: str) -> str:
    """Return the text without spaces and odd forms: full-width letters become plain ones."""
    folded = unicodedata.normalize("NFKC", text[: 2 * LONGEST_TEXT])
    return "".join(char for char in folded if char.isprintable() and not char.isspace())[:LONGEST_TEXT]


def found_words(words: Sequence[str], wanted: Mapping[str, tuple[Meaning, ...]]) -> tuple[FoundWord, ...]:
    """Return the wanted words and phrases in the order of the text, the longest at each place.

    A phrase may join up to six neighbouring words, but never begins or ends inside one.
    """
    starts = [0, *accumulate(len(word) for word in words)]
    found: list[FoundWord] = []
    at = 0
    while at < len(words):
        step = 1
        for size in range(min(LONGEST_JOIN, len(words) - at), 0, -1):
            joined = "".join(words[at : at + size])
            if joined in wanted:
                found.append(
                    FoundWord(word=joined, start=starts[at], end=starts[at + size], meanings=wanted[joined])
                )
                step = size
                break
        at += step
    return tuple(found)


class PhraseFinder:
    """Finds the phrases of a profile, which may leap over what lies between their parts."""

    def __init__(self, phrases: Mapping[Phrase, tuple[Meaning, ...]]) -> None:
        """Turn the phrases into expressions once."""
        self._finders: tuple[tuple[Finder, tuple[Meaning, ...]], ...] = tuple(
            (finder_of([phrase]), meanings) for phrase, meanings in phrases.items()
        )

    def found_in(self, text: str) -> Iterator[FoundWord]:
        """Give every place where the text says one of the phrases."""
        for find, meanings in self._finders:
            for span in find(text):
                heard = text[span.start : span.end]
                yield FoundWord(word=heard, start=span.start, end=span.end, meanings=meanings)
