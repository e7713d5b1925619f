"""学习研究制度: study.toml of a profile: who studies how often, and who is reminded of it when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from tickets.circulars.period import Kind, Period, period_of
from tickets.deadlines import UnitClass
from tickets.profile import NO_MORE_KEYS, PolicyFile, wrong_in_text

STUDY = "study.toml"
PLACES = ("unit", "period", "last")
"""What the reminder may name in braces."""


class Every(StrEnum):
    """多久一次."""

    MONTH = "月"
    QUARTER = "季度"
    YEAR = "年"


_KINDS: Mapping[Every, Kind] = {
    Every.MONTH: Kind.MONTHLY,
    Every.QUARTER: Kind.QUARTERLY,
    Every.YEAR: Kind.YEARLY,
}
_SHORTEST: Mapping[Every, int] = {Every.MONTH: 28, Every.QUARTER: 90, Every.YEAR: 365}
"""How many days there are at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyPolicy:
    """学习研究制度. ``deepest`` 0: units of every level; ``remind_days`` 0: nobody is reminded."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    every: Every
    times: int
    unit_classes: tuple[UnitClass, ...]
    deepest: int
    remind_days: int
    text: str

    def period_of(self, day: date) -> Period:
        """Give the period in which one studies, of a day."""
        return period_of(_KINDS[self.every], day)


def read_study(folder: Path) -> StudyPolicy:
    """Read and check study.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / STUDY)
    policy = file.read(StudyPolicy)
    longest = _SHORTEST[policy.every] - 1
    classes = policy.unit_classes
    wrong = {
        "times": "至少 1 次" if policy.times < 1 else "",
        "unit_classes": "" if classes and len(set(classes)) == len(classes) else "至少写一类, 每类只写一次",
        "deepest": "不能小于 0; 0 是不限" if policy.deepest < 0 else "",
        "remind_days": "" if 0 <= policy.remind_days <= longest else f"应当是 0 到 {longest}; 0 是不提醒",
        "text": wrong_in_text(policy.text, PLACES),
    }
    for key, reason in wrong.items():
        if reason:
            raise file.wrong((key,), reason)
    return policy
