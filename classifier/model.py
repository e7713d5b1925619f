"""词表、职责与规则: the nouns of classification, as a hotline writes them in its profile."""

from collections.abc import Mapping
from dataclasses import dataclass

from classifier.phrases import Phrase
from core.understanding import DemandType, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One thing a word speaks for: a category path of one to three levels, with a weight above 0."""

    category: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """职责: what a unit answers for, a category path or a single word, with a weight above 0."""

    unit: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRule:
    """紧急规则: words said, words that only sound so, what takes a hit back, and the category it is of.

    The category is empty for a rule that says nothing about the matter.
    """

    name: str
    level: Urgency
    category: str
    said: tuple[Phrase, ...]
    sounding: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRules:
    """All rules, and what calms any of them when it stands directly before or after a hit.

    A question (会不会漏气) is no denial: ``asking`` takes back what ``calm_before`` found.
    """

    rules: tuple[UrgencyRule, ...]
    calm_before: tuple[Phrase, ...]
    asking: tuple[Phrase, ...]
    calm_after: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandCue:
    """业务类别线索: these phrases speak for this type."""

    demand_type: DemandType
    weight: float
    said: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRules:
    """All cues, and the type when none was heard."""

    cues: tuple[DemandCue, ...]
    default: DemandType


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRules:
    """地点规则: known names, endings that make a name, and words that never belong to one."""

    known: frozenset[str]
    endings: tuple[str, ...]
    beside: tuple[str, ...]
    not_names: frozenset[str]
    not_places: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """配置档 of the classifier: everything that a hotline may change without touching code.

    ``phrases`` are words of several parts (停了~电) that no word cutter finds.
    ``children`` maps a path of one or two levels (and ``""``) to the names below it, in file order;
    ``meanings`` maps a word to what it speaks for; ``duties`` maps a category path or a word to units.
    """

    children: Mapping[str, tuple[str, ...]]
    meanings: Mapping[str, tuple[Meaning, ...]]
    phrases: Mapping[Phrase, tuple[Meaning, ...]]
    duties: Mapping[str, tuple[Duty, ...]]
    units: tuple[str, ...]
    backstop: str
    urgency: UrgencyRules
    demand: DemandRules
    places: PlaceRules
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWord:
    """A word found in the text, as ``text[start:end]``, and what it speaks for, at least one thing."""

    word: str
    start: int
    end: int
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A word of the text, as ``text[start:end]``, what it speaks for and how much."""

    word: str
    start: int
    end: int
    about: str
    weight: float
