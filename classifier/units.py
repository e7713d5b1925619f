"""承办单位: weighs the words heard against each unit's duties (职责) and names the best three."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from classifier.category import lies_in
from classifier.model import Duty, FoundWord, Profile
from core.understanding import SuggestedUnit

MOST_UNITS = 3
# A unit far behind the first is not worth a seat's second.
WORTH_NAMING = 0.2
# A duty for a whole field counts less than one that names the matter itself.
WHOLE_FIELD = 0.5
# A word that speaks for another category than the one chosen is a side matter.
SIDE_MATTER = 0.6
# Weight of what was not heard: keeps the score of a single faint word low.
UNHEARD = 1.5


def suggest_units(found: Sequence[FoundWord], category: str, profile: Profile) -> tuple[SuggestedUnit, ...]:
    """Return up to three units, best first, with the words that led to each.

    ``category`` is the path chosen for the whole. Nothing heard gives no unit; words heard that nobody
    answers for give the district backstop alone.
    """
    words = tuple({(word.word, word.meanings): word for word in found}.values())
    claims: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for word in words:
        for unit, weight in _claims_on(word, category, profile.duties).items():
            claims[unit][word.word] = max(weight, claims[unit].get(word.word, 0.0))
    sums = {unit: sum(by_word.values()) for unit, by_word in claims.items()}
    if not sums:
        heard = tuple(word.word for word in words[:1])
        return (SuggestedUnit(name=profile.backstop, score=0.0, words=heard),) if heard else ()
    heard_words = dict.fromkeys(word.word for word in words)
    most = (max(by_word.get(word, 0.0) for by_word in claims.values()) for word in heard_words)
    whole = sum(most) + UNHEARD
    best = sorted(sums, key=lambda unit: (-sums[unit], unit))[:MOST_UNITS]
    return tuple(
        SuggestedUnit(name=unit, score=round(sums[unit] / whole, 3), words=_strongest(claims[unit]))
        for unit in best
        if sums[unit] >= WORTH_NAMING * sums[best[0]]
    )


def _claims_on(word: FoundWord, category: str, duties: Mapping[str, tuple[Duty, ...]]) -> dict[str, float]:
    """Weigh one word for every unit that answers for it; the narrowest duty counts fully."""
    claims: defaultdict[str, float] = defaultdict(float)
    on_topic = any(lies_in(category, meaning.category) for meaning in word.meanings)
    strongest = max(meaning.weight for meaning in word.meanings) * (1.0 if on_topic else SIDE_MATTER)
    for duty in duties.get(word.word, ()):
        claims[duty.unit] = strongest * duty.weight
    for meaning in word.meanings:
        share = 1.0 if lies_in(category, meaning.category) else SIDE_MATTER
        for path in _paths_upward(meaning.category):
            for duty in duties.get(path, ()):
                claims[duty.unit] = max(claims[duty.unit], meaning.weight * duty.weight * share)
            if path in duties:
                share *= WHOLE_FIELD
    return claims


def _paths_upward(category: str) -> list[str]:
    parts = category.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def _strongest(by_word: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(by_word, key=lambda word: -by_word[word])[:3])
