"""业务类别: what the citizen wants of us, read from how it was said."""

from collections import defaultdict
from dataclasses import dataclass

from classifier.model import DemandRules
from classifier.phrases import Span, finder_of
from core.understanding import DemandType


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandGuess:
    """业务类别推荐: the type and the words for it; no words when nothing was heard."""

    demand_type: DemandType
    words: tuple[str, ...]


class DemandEar:
    """The cues of a profile, ready to be asked."""

    def __init__(self, rules: DemandRules) -> None:
        """Turn the phrases into expressions once."""
        self._default = rules.default
        self._cues = tuple((cue.demand_type, cue.weight, finder_of(cue.said)) for cue in rules.cues)

    def guess(self, text: str) -> DemandGuess:
        """Weigh the cues heard; longer ones swallow those inside them (不是投诉 is no 投诉)."""
        hits = [(span, kind, weight) for kind, weight, find in self._cues for span in find(text)]
        hits.sort(key=lambda hit: (hit[0].start - hit[0].end, hit[0].start))
        taken: list[Span] = []
        heard: defaultdict[DemandType, dict[str, float]] = defaultdict(dict)
        for span, kind, weight in hits:
            if not any(span.overlaps(other) for other in taken):
                taken.append(span)
                heard[kind][text[span.start : span.end]] = weight
        if not heard:
            return DemandGuess(demand_type=self._default, words=())
        # One plain statement outweighs many hints; hints only decide between types without one.
        best = max(heard, key=lambda kind: (max(heard[kind].values()), sum(heard[kind].values())))
        words = sorted(heard[best], key=lambda word: -heard[best][word])
        return DemandGuess(demand_type=best, words=tuple(words[:3]))
