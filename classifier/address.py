"""地址: finds the place in what was said, by known names and by the endings that Chinese places have."""

import re
from collections.abc import Sequence
from itertools import accumulate

from classifier.model import PlaceRules
from classifier.phrases import Span

_NUMBER = "[0-9零〇一二三四五六七八九十百千幺两A-Za-z]{1,6}"
_COUNTED = "号楼|号院|单元|号|栋|幢|座|层|楼|室|弄|组|期"
# The last number of 三栋二单元三零二 has no word behind it; 二单元两个月 is no such number.
_BARE = f"(?:{_NUMBER}(?=$|[^0-9个多天年月次元块千万]))?"
_HOUSE = re.compile(f"(?:{_NUMBER}(?:{_COUNTED}))+{_BARE}")
_BUILDING = re.compile("号楼|栋|幢|单元")
_BETWEEN = re.compile(r"(?:的|和|与|跟|,|,|、|靠近)?")
# A name of more than five characters before its ending is a piece of a sentence.
LONGEST_NAME = 5


def find_address(words: Sequence[str], rules: PlaceRules) -> str:
    """Return the fullest address as it was said, empty when none was heard."""
    text = "".join(words)
    parts = sorted({*_names(words, rules), *_houses(text)}, key=lambda span: (span.start, -span.end))
    chains = _chains(text, parts, rules)
    worth = [chain for chain in chains if _says_where(text, chain)]
    best = max(worth, key=lambda chain: (len(chain), chain[-1].end - chain[0].start), default=None)
    return text[best[0].start : best[-1].end] if best else ""


def _names(words: Sequence[str], rules: PlaceRules) -> list[Span]:
    starts = [0, *accumulate(len(word) for word in words)]
    names: list[Span] = []
    for at, word in enumerate(words):
        if word in rules.known:
            names.append(Span(start=starts[at], end=starts[at + 1]))
        elif word not in rules.not_places and (ending := _ending_of(word, rules)):
            first = at if len(word) > len(ending) else _first_word_of_name(words, at, rules)
            if first is not None:
                names.append(Span(start=starts[first], end=starts[at + 1]))
    return names


def _ending_of(word: str, rules: PlaceRules) -> str:
    return next((ending for ending in rules.endings if word.endswith(ending)), "")


def _first_word_of_name(words: Sequence[str], at: int, rules: PlaceRules) -> int | None:
    first, length = at, 0
    while first > 0 and words[first - 1] not in rules.not_names and words[first - 1].isalnum():
        length += len(words[first - 1])
        if length > LONGEST_NAME:
            break
        first -= 1
    return first if first < at else None


def _houses(text: str) -> list[Span]:
    return [Span(start=match.start(), end=match.end()) for match in _HOUSE.finditer(text)]


def _chains(text: str, parts: Sequence[Span], rules: PlaceRules) -> list[list[Span]]:
    beside = re.compile("(?:" + "|".join(rules.beside) + ")")
    chains: list[list[Span]] = []
    for part in parts:
        if chains and part.start < chains[-1][-1].end:
            continue
        joins = chains and _BETWEEN.fullmatch(text[chains[-1][-1].end : part.start])
        if not joins:
            chains.append([])
        chains[-1].append(part)
        if (after := beside.match(text, part.end)) is not None:
            chains[-1].append(Span(start=after.start(), end=after.end()))
    return chains


def _says_where(text: str, chain: Sequence[Span]) -> bool:
    """A bare house number is an address only if it names a building."""
    said = text[chain[0].start : chain[-1].end]
    return len(chain) > 1 or not _HOUSE.fullmatch(said) or _BUILDING.search(said) is not None
