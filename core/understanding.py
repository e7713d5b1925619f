"""听懂: what was said in a call and what was made of it, as events carry it and work orders keep it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from core.privacy import Personal

Spoken = Annotated[str, Personal("text")]


class Side(StrEnum):
    """声道: whose voice it is; left and right channel of the recording."""

    CITIZEN = "citizen"
    SEAT = "seat"


class Urgency(StrEnum):
    """紧急程度."""

    ORDINARY = "一般"
    URGENT = "紧急"
    VERY_URGENT = "特急"


class DemandType(StrEnum):
    """业务类别."""

    CONSULT = "咨询"
    HELP = "求助"
    COMPLAIN = "投诉"
    REPORT = "举报"
    SUGGEST = "建议"
    PRAISE = "表扬"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardWord:
    """词: one recognised word; seconds from the start of the recording; confidence 0 to 1."""

    text: Spoken
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """语句: what one side said without a pause; ``raw`` is the recogniser's, ``text`` the cleaned one."""

    side: Side
    start: float
    end: float
    raw: Spoken
    text: Spoken
    words: tuple[HeardWord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """依据: a word that led to a suggestion; ``about`` names what it speaks for, weight is its share."""

    word: Spoken
    about: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedUnit:
    """推荐承办单位 with the words that led there; score 0 to 1."""

    name: str
    score: float
    words: tuple[Spoken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """智能推荐: never a decision. ``category`` is level1/level2/level3, as far as known."""

    demand_type: DemandType
    category: str
    category_score: float
    unsure: bool
    units: tuple[SuggestedUnit, ...]
    urgency: Urgency
    evidence: tuple[Evidence, ...]
    address: Spoken = ""
    title: Spoken = ""
    version: str = ""
