"""识别后整理: makes recognised words readable; every change has its rule, the raw text is kept beside."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_HAN = r"〇\u3400-\u9fff"
_SPACE_AT_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_UNKNOWN = re.compile(r"\s*(?:\[unk\]|<unk>)\s*")
_SPOKEN_DIGITS = re.compile(r"[零〇幺一二三四五六七八九]{5,}")
_DIGIT = str.maketrans("零〇幺一二三四五六七八九", "001123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """整理结果: the readable text and the names of the rules that changed something, in order."""

    text: str
    rules: tuple[str, ...] = ()


def unknown_words_out(text: str) -> str:
    """The recogniser's mark for a sound that is no word of its vocabulary says nothing to a reader."""
    return _UNKNOWN.sub(" ", text).strip()


def spaces_out(text: str) -> str:
    """Chinese is written without spaces; between Latin words they stay."""
    return _SPACE_AT_HAN.sub("", text)


def spoken_digits(text: str) -> str:
    """Five digits or more in a row are a number that was read out: 幺三八零零 becomes 13800."""
    return _SPOKEN_DIGITS.sub(lambda run: run[0].translate(_DIGIT), text)


RULES: tuple[Callable[[str], str], ...] = (unknown_words_out, spaces_out, spoken_digits)


def cleaned(raw: str) -> Cleaned:
    """Apply every rule to one utterance, in the order of ``RULES``."""
    text, applied = raw, []
    for rule in RULES:
        changed = rule(text)
        if changed != text:
            applied.append(rule.__name__)
        text = changed
    return Cleaned(text=text, rules=tuple(applied))
