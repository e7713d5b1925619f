"""承办单位: weighs the words heard against each unit's duties (职责) and names the best three."""

from collections import defaultdict
from collections.abc import Sequence

from classifier.model import FoundWord, Profile
from core.events import SuggestedUnit

MOST_UNITS = 3
# A unit far behind the first is not worth a seat's second.
WORTH_NAMING = 0.2
# A duty for a whole field counts less than one that names the matter itself.
WHOLE_FIELD = 0.5
# Weight of what was not heard: keeps the score of a single faint word low.
UNHEARD = 1.5


def suggest_units(found: Sequence[FoundWord], profile: Profile) -> tuple[SuggestedUnit, ...]:
    """Return up to three units, best first, with the words that led to each.

    Nothing heard gives no unit; words heard that nobody answers for give the district backstop alone.
    """
    words = tuple(dict.fromkeys(word.word for word in found))
    claims: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for word in words:
        for unit, weight in _claims_on(word, profile).items():
            claims[unit][word] = weight
    sums = {unit: sum(by_word.values()) for unit, by_word in claims.items()}
    if not sums:
        return (SuggestedUnit(name=profile.backstop, score=0.0, words=words[:1]),) if words else ()
    whole = sum(max(by_word.get(word, 0.0) for by_word in claims.values()) for word in words) + UNHEARD
    best = sorted(sums, key=lambda unit: (-sums[unit], unit))[:MOST_UNITS]
    return tuple(
        SuggestedUnit(name=unit, score=round(sums[unit] / whole, 3), words=_strongest(claims[unit]))
        for unit in best
        if sums[unit] >= WORTH_NAMING * sums[best[0]]
    )


def _claims_on(word: str, profile: Profile) -> dict[str, float]:
    """Weigh one word for every unit that answers for it; the narrowest duty counts fully."""
    claims: dict[str, float] = {}
    strongest = max(meaning.weight for meaning in profile.meanings[word])
    for duty in profile.duties.get(word, ()):
        claims[duty.unit] = strongest * duty.weight
    for meaning in profile.meanings[word]:
        share = 1.0
        for path in _paths_upward(meaning.category):
            for duty in profile.duties.get(path, ()):
                claims[duty.unit] = max(claims.get(duty.unit, 0.0), meaning.weight * duty.weight * share)
            if path in profile.duties:
                share *= WHOLE_FIELD
    return claims


def _paths_upward(category: str) -> list[str]:
    parts = category.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def _strongest(by_word: dict[str, float]) -> tuple[str, ...]:
    return tuple(sorted(by_word, key=lambda word: -by_word[word])[:3])
