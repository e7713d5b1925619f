"""紧急程度: rules with recall first; they warn and show why, a person decides."""

from collections.abc import Iterator
from dataclasses import dataclass

from classifier.model import UrgencyRule, UrgencyRules
from classifier.phrases import Finder, Span, any_of, finder_at_end, finder_of
from classifier.sounds import as_it_sounds
from core.understanding import Urgency

# Characters before a hit in which a calming phrase may stand.
CALM_REACH = 12
ORDER = (Urgency.ORDINARY, Urgency.URGENT, Urgency.VERY_URGENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """紧急依据: what was heard, where, and which rule it met."""

    rule: str
    level: Urgency
    category: str
    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    rule: UrgencyRule
    said: Finder
    sounding: Finder
    unless: Finder


class UrgencyWatch:
    """The rules of a profile, ready to be asked."""

    def __init__(self, rules: UrgencyRules) -> None:
        """Turn the phrases into expressions once."""
        self._calm_before = finder_at_end(rules.calm_before)
        self._asking = finder_at_end(rules.asking)
        self._calm_after = any_of(rules.calm_after)
        self._watches = tuple(
            _Watch(
                rule=rule,
                said=finder_of(rule.said),
                sounding=finder_of(rule.sounding, as_it_sounds),
                unless=finder_of(rule.unless),
            )
            for rule in rules.rules
        )

    def alarms_in(self, text: str) -> tuple[Alarm, ...]:
        """Return what was heard that may be urgent, the most urgent first, each rule once."""
        sound = as_it_sounds(text)
        alarms = [alarm for watch in self._watches for alarm in self._first_alarm(watch, text, sound)]
        return tuple(sorted(alarms, key=lambda alarm: -ORDER.index(alarm.level)))

    def _first_alarm(self, watch: _Watch, text: str, sound: str) -> Iterator[Alarm]:
        spared: list[Span] | None = None
        for span in (*watch.said(text), *watch.sounding(sound)):
            if spared is None:
                spared = list(watch.unless(text))
            if self._calmed(text, span) or any(span.overlaps(other) for other in spared):
                continue
            heard = text[span.start : span.end]
            rule = watch.rule
            yield Alarm(
                rule=rule.name,
                level=rule.level,
                category=rule.category,
                word=heard,
                start=span.start,
                end=span.end,
            )
            return

    def _calmed(self, text: str, span: Span) -> bool:
        before = text[max(0, span.start - CALM_REACH) : span.start]
        if any(self._calm_before(before)) and not any(self._asking(before)):
            return True
        return self._calm_after is not None and self._calm_after.match(text, span.end) is not None


def urgency_of(alarms: tuple[Alarm, ...]) -> Urgency:
    """Return the level of the most urgent alarm, 一般 without any."""
    return alarms[0].level if alarms else Urgency.ORDINARY
