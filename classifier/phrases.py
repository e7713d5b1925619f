"""说法: a small pattern language that a hotline's staff can write, turned into regular expressions.

``~`` stands for up to six characters, ``·`` for up to two, ``(甲|乙)`` for one of them and ``?`` makes
what stands before it optional; everything else stands for itself.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

_GAPS = {"~": ".{0,6}?", "·": ".{0,2}?", "(": "(?:"}
_ALLOWED = re.compile(r"[\u4e00-\u9fffA-Za-z0-9~·()|?]+")


class PhraseWrong(ValueError):
    """说法写错了。"""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say something, in the pattern language above."""

    written: str

    def expression(self, spell: Callable[[str], str] = str) -> str:
        """Return the regular expression; ``spell`` rewrites the ordinary characters."""
        return "".join(_GAPS.get(char) or (char if char in "|)?" else spell(char)) for char in self.written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a text, as ``text[start:end]``."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        """Say whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


Finder = Callable[[str], Iterator[Span]]


def phrase_of(written: str) -> Phrase:
    """Check and keep one phrase; a wrong one raises :class:`PhraseWrong` with the reason in Chinese."""
    if not _ALLOWED.fullmatch(written):
        raise PhraseWrong(f"“{written}”里只能有汉字、字母、数字和 ~ · ( | ) ?")
    phrase = Phrase(written)
    if not is_pattern(written):
        return phrase
    try:
        expression = re.compile(phrase.expression())
    except re.error as wrong:
        raise PhraseWrong(f"“{written}”的括号或问号写得不对") from wrong
    if expression.match(""):
        raise PhraseWrong(f"“{written}”什么都能对上, 请写出至少一个必须听到的字")
    return phrase


def is_pattern(written: str) -> bool:
    """Say whether this is more than one plain word."""
    return any(char in "~·(|)?" for char in written)


def any_of(phrases: Sequence[Phrase], spell: Callable[[str], str] = str) -> re.Pattern[str] | None:
    """Return one expression for all of the phrases, None when there are none."""
    if not phrases:
        return None
    return re.compile("|".join(phrase.expression(spell) for phrase in phrases))


def finder_of(phrases: Sequence[Phrase], spell: Callable[[str], str] = str) -> Finder:
    """Return a function that finds all stretches of a text that say one of the phrases."""
    return partial(_spans, any_of(phrases, spell))


def finder_at_end(phrases: Sequence[Phrase]) -> Finder:
    """Return a function that finds a phrase only where a text ends with it."""
    expression = any_of(phrases)
    return partial(_spans, expression and re.compile(f"(?:{expression.pattern})$"))


def _spans(expression: re.Pattern[str] | None, text: str) -> Iterator[Span]:
    if expression is None:
        return
    for match in expression.finditer(text):
        yield Span(start=match.start(), end=match.end())
