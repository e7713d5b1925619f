"""后果配置: consequences.toml of a profile: which conduct has which consequence, as printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from tickets.deadlines import ClockKind
from tickets.profile import NO_MORE_KEYS, PolicyFile
from tickets.roles import SUPERVISORS, Role
from tickets.wish import Action

CONSEQUENCES = "consequences.toml"
FULL_MARKS = 100
RETURNS = (Action.REDO, Action.DISSATISFIED, Action.UNIT_BACK)


class Conduct(StrEnum):
    """行为: what a rule looks for; each is one pure function."""

    RETURNED = "连续退回"
    SILENT = "未反馈"
    LATE = "逾期"
    UNTRUE = "反馈不实"
    SHIRKED = "推诿"
    REPEATED = "反复反映"
    ABSENT = "脱岗"
    FOUND = "认定"
    DISSATISFIED = "不满意"
    BOTTOM = "末位"
    PRAISED = "表扬"


class Within(StrEnum):
    """累计的时间."""

    PERIOD = "本期"
    QUARTER = "季"
    YEAR = "年"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceRule:
    """一条规则. ``times`` is how often before it applies; the rest only where the conduct needs it.

    ``points`` of each row are taken off the ``part`` of the score sheet, or given for what is praised.
    """

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    name: str
    conduct: Conduct
    basis: str
    sentence: str
    outcome: str
    times: int = 1
    within: Within = Within.PERIOD
    clocks: tuple[ClockKind, ...] = (ClockKind.FINISH, ClockKind.REDO)
    returns: tuple[Action, ...] = (Action.REDO,)
    findings: tuple[str, ...] = ()
    percent: int = 0
    least: int = 1
    years: int = 1
    points: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """得分表的一项, from which points are taken off, never below zero."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    name: str
    marks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """问责登记: what may be entered, and by whom."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    kinds: tuple[str, ...]
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequencePolicy:
    """后果制度. ``ranked_from``: units that were sent fewer work orders are not ranked."""

    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    ranked_from: int
    part: tuple[SheetPart, ...]
    register: Register
    rule: tuple[ConsequenceRule, ...] = ()

    @property
    def years(self) -> int:
        """Give how many years in a row the rules look at."""
        return max((rule.years for rule in self.rule), default=1)


def read_consequences(folder: Path) -> ConsequencePolicy:
    """Read and check consequences.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / CONSEQUENCES)
    policy = file.read(ConsequencePolicy)
    if policy.ranked_from < 1:
        raise file.wrong(("ranked_from",), "不能小于 1")
    names = [part.name for part in policy.part]
    if sum(part.marks for part in policy.part) != FULL_MARKS or len(set(names)) != len(names):
        raise file.wrong(("part",), f"各项不能同名, 分值加起来要正好 {FULL_MARKS}")
    if not policy.register.kinds or any(role not in SUPERVISORS for role in policy.register.roles):
        allowed = "、".join(dict.fromkeys(SUPERVISORS))
        raise file.wrong(("register", "roles"), f"kinds 至少写一种; roles 只能写 {allowed}")
    for number, rule in enumerate(policy.rule):
        for key, reason in _mistakes(rule, policy):
            raise file.wrong(("rule", number, key), f"{rule.name}:{reason}")
        if [one.name for one in policy.rule].count(rule.name) > 1:
            raise file.wrong(("rule", number, "name"), f"{rule.name}写了两次")
    return policy


def _mistakes(rule: ConsequenceRule, policy: ConsequencePolicy) -> list[tuple[str, str]]:
    """Give what contradicts itself, as key and reason."""
    needs_percent = rule.conduct in {Conduct.BOTTOM, Conduct.DISSATISFIED}
    found = [
        ("sentence", "要写出制度原文", bool(rule.sentence and rule.basis and rule.outcome)),
        ("times", "不能小于 1", min(rule.times, rule.least, rule.years) >= 1),
        ("percent", "应当是 1 到 100", not needs_percent or 1 <= rule.percent <= FULL_MARKS),
        ("percent", "这种行为不按百分比", needs_percent or not rule.percent),
        ("years", "只有末位能连续几年", rule.years == 1 or rule.conduct is Conduct.BOTTOM),
        ("findings", "要写明哪些登记种类", bool(rule.findings) or rule.conduct is not Conduct.FOUND),
        ("findings", "register.kinds 里没有", set(rule.findings) <= set(policy.register.kinds)),
        ("returns", f"只能写 {'、'.join(RETURNS)}", bool(rule.returns) and set(rule.returns) <= set(RETURNS)),
        ("part", "得分表没有这一项", not rule.points or rule.part in {one.name for one in policy.part}),
        ("points", "末位不能再扣分", not rule.points or rule.conduct is not Conduct.BOTTOM),
    ]
    return [(key, reason) for key, reason, holds in found if not holds]
