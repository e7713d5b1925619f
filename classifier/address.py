"""地址: finds the place in what was said, by known names and by the endings that Chinese places have."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from classifier.model import PlaceRules
from classifier.phrases import Span

_NUMBER = "[0-9零〇一二三四五六七八九十百千幺两A-Za-z]{1,6}"
# 六百三十号楼下 is number 630, not a building.
_COUNTED = "(?:号楼(?![上下道顶梯里])|号院|单元|号|栋|幢|座|层|楼(?![上下道顶梯里盘房])|室|弄|组|期)"
_COUNTED_WORD = re.compile(f".*{_COUNTED}")
# The last number of 三栋二单元三零二 has no word behind it; 二单元两个月 is no such number.
_BARE = f"(?:{_NUMBER}(?=$|[^0-9个多天年月次元块千万楼]))?"
_HOUSE = re.compile(f"(?:{_NUMBER}{_COUNTED})+{_BARE}")
_BUILDING = re.compile("号楼|栋|幢|单元")
_BETWEEN = re.compile("[的和与跟,、]?|靠近")
_NUMERAL = re.compile("[0-9零一二三四五六七八九十百]*")
# A name of more than five characters before its ending is a piece of a sentence.
SHORTEST_NAME, LONGEST_NAME = 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    span: Span
    is_name: bool


def find_address(words: Sequence[str], rules: PlaceRules) -> str:
    """Return the fullest address as it was said, empty when none was heard."""
    text = "".join(words)
    houses = (Span(start=match.start(), end=match.end()) for match in _HOUSE.finditer(text))
    parts = [
        *(_Part(span=span, is_name=True) for span in _names(words, rules)),
        *(_Part(span=span, is_name=False) for span in houses),
    ]
    parts.sort(key=lambda part: (part.span.start, -part.span.end))
    chains = [chain for chain in _chains(text, parts, rules) if _says_where(text, chain)]
    best = max(
        chains, key=lambda chain: (len(chain), _span_of(chain).end - _span_of(chain).start), default=None
    )
    return text[_span_of(best).start : _span_of(best).end] if best else ""


def _names(words: Sequence[str], rules: PlaceRules) -> list[Span]:
    starts = [0, *accumulate(len(word) for word in words)]
    names: list[Span] = []
    for at, word in enumerate(words):
        first = _first_word_of_name(words, at, rules)
        if word in rules.known or first is not None:
            names.append(Span(start=starts[at if first is None else first], end=starts[at + 1]))
    return names


def _first_word_of_name(words: Sequence[str], at: int, rules: PlaceRules) -> int | None:
    """Return where the name begins that ends with this word; None if it ends no name."""
    word = words[at]
    if word in rules.known or not word.endswith(rules.endings):
        return None
    ending = next(ending for ending in rules.endings if word.endswith(ending))
    if not _NUMERAL.fullmatch(word.removesuffix(ending)):
        return None if word in rules.not_places else at
    # A bare ending, or a numbered road (枫林三路): the name is what stands between it and a plain word.
    first, length = at, 0
    while first > 0 and not _ends_a_name(words[first - 1], rules):
        first -= 1
        length += len(words[first])
    return first if SHORTEST_NAME <= length <= LONGEST_NAME else None


def _ends_a_name(word: str, rules: PlaceRules) -> bool:
    """Say whether a name that stands behind this word begins there."""
    if word in rules.not_names or word in rules.known or not word.isalnum():
        return True
    is_a_place = word.endswith(rules.endings) and word not in rules.not_places
    return is_a_place or word.endswith(rules.beside) or _COUNTED_WORD.fullmatch(word) is not None


def _chains(text: str, parts: Sequence[_Part], rules: PlaceRules) -> list[list[_Part]]:
    beside = re.compile("|".join(rules.beside))
    chains: list[list[_Part]] = []
    for part in parts:
        end = _span_of(chains[-1]).end if chains else 0
        if part.span.start < end:
            continue
        if not chains or not _BETWEEN.fullmatch(text[end : part.span.start]):
            chains.append([])
        chains[-1].append(part)
        if (after := beside.match(text, part.span.end)) is not None:
            chains[-1].append(_Part(span=Span(start=after.start(), end=after.end()), is_name=False))
    return chains


def _span_of(chain: Sequence[_Part]) -> Span:
    return Span(start=chain[0].span.start, end=chain[-1].span.end)


def _says_where(text: str, chain: Sequence[_Part]) -> bool:
    """Say whether a name stands in the chain, or at least the number of a building."""
    span = _span_of(chain)
    return any(part.is_name for part in chain) or _BUILDING.search(text, span.start, span.end) is not None
