"""时限规则: which limit applies to which case; the first rule from the top that fits decides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product

from core.calendar import CalendarEnds
from core.errors import HotlineError
from core.understanding import DemandType, Urgency
from tickets.limits import Limit, Office, due_of


class RulesContradict(HotlineError):
    """时限规则互相矛盾:请按括号里的提示改 limits.toml。"""


class ClockKind(StrEnum):
    """时钟: what has to be done by when."""

    SIGN = "签收"
    CONTACT = "联系"
    ARRIVE = "到场"
    FINISH = "办结"
    REPLY = "答复"
    REDO = "重办"
    VISIT = "回访"


class DispatchMode(StrEnum):
    """交办方式."""

    ON_LINE = "即时答复"
    WRITTEN = "书面"
    PHONE = "电话"
    SMS = "短信"
    SYSTEM = "系统"


class UnitClass(StrEnum):
    """单位类别."""

    DISTRICT = "区县"
    CITY = "市直"
    CENTRAL = "中央省驻"
    PUBLIC = "公共服务"
    CONTACT_POINT = "联系点"


class Area(StrEnum):
    """地段: how far the scene is."""

    URBAN = "城区"
    RURAL = "农村"
    REMOTE = "偏远"


class Matter(StrEnum):
    """办件类别: how a work order came to be supervised."""

    ORDINARY = "普通件"
    SUPERVISED = "督办件"
    INSTRUCTED = "批示件"
    LEADER_TAKEN = "领导接听件"
    JOINT_MEETING = "联席会议"
    SIXTH_DAY = "逢6"
    WHISTLE = "吹哨"


PHONE = "电话"
CHANNELS = (
    *(PHONE, "网站", "微博", "微信", "APP", "电子信箱", "短信", "市长信箱", "书记信箱", "舆情", "吹哨"),
    *("省平台", "接诉即办", "省网站", "企业专员", "政民互动", "110", "媒体", "企业市长直通车"),
)
"""受理方式."""
SUB_CLOCKS = (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.ARRIVE, ClockKind.REPLY)
"""What has to be done before a case is finished, or with it."""
NEEDED = (ClockKind.FINISH, ClockKind.REDO)
"""Every case must have these limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """情形: what a limit depends on; what is not known is empty, and then only general rules fit."""

    channel: str = ""
    mode: str = ""
    unit_class: str = ""
    urgency: str = ""
    demand_type: str = ""
    area: str = ""
    matter: str = ""


SIDES = tuple(Case.__dataclass_fields__)
KNOWN: Mapping[str, tuple[str, ...]] = {
    "channel": CHANNELS,
    "mode": tuple(DispatchMode),
    "unit_class": tuple(UnitClass),
    "urgency": tuple(Urgency),
    "demand_type": tuple(DemandType),
    "area": tuple(Area),
    "matter": tuple(Matter),
}
"""What each side of a case may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """One rule: ``when`` names, side by side, what it is for; a side that is not named may be anything."""

    name: str
    clocks: tuple[ClockKind, ...]
    limit: Limit
    when: Mapping[str, tuple[str, ...]]

    def fits(self, case: Case) -> bool:
        """Tell whether the case is one that this rule is for."""
        return all(getattr(case, side) in allowed for side, allowed in self.when.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A limit applied: why, and by when."""

    clock: ClockKind
    rule: LimitRule
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """假如: when something would be due by a rule; None when the calendar does not reach so far."""

    clock: ClockKind
    rule: LimitRule
    due: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """The rules of one hotline, and its office hours."""

    rules: tuple[LimitRule, ...]
    office: Office

    def rule_for(self, clock: ClockKind, case: Case) -> LimitRule | None:
        """Give the first rule that fits; None when this clock is not kept for such a case."""
        return next((rule for rule in self.rules if clock in rule.clocks and rule.fits(case)), None)

    def due_for(self, clock: ClockKind, case: Case, at: datetime) -> Due | None:
        """Say by when; None when this clock is not kept for such a case. Raises CalendarEnds."""
        rule = self.rule_for(clock, case)
        if rule is None:
            return None
        return Due(clock=clock, rule=rule, due=due_of(rule.limit, at, self.office))

    def what_if(self, at: datetime) -> list[WhatIf]:
        """Apply every rule to something received at ``at``, in the order of the file."""
        return [
            WhatIf(clock=clock, rule=rule, due=self._due_if_known(rule, at))
            for rule in self.rules
            for clock in rule.clocks
        ]

    def _due_if_known(self, rule: LimitRule, at: datetime) -> datetime | None:
        try:
            return due_of(rule.limit, at, self.office)
        except CalendarEnds:
            return None

    def longest_days(self) -> int:
        """Give the longest limit in working days: how far ahead the calendar must be known."""
        return max((rule.limit.amount for rule in self.rules if rule.limit.measure == "工作日"), default=0)


def check_rules(rules: tuple[LimitRule, ...]) -> None:
    """Raise RulesContradict for the first thing that cannot be meant so.

    A name given twice; a rule that never decides, because those above it take all its cases; a case
    without a limit that every case needs; a sub-limit that is longer than the whole.
    """
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise RulesContradict(rule=name, reason="规则名称写了两次")
    deciding: set[tuple[str, ClockKind]] = set()
    for case in _cases(rules):
        first = {clock: _first(rules, clock, case) for clock in ClockKind}
        deciding |= {(rule.name, clock) for clock, rule in first.items() if rule}
        _check_needed(first, case)
        _check_lengths(first)
    for rule in rules:
        for clock in rule.clocks:
            if (rule.name, clock) not in deciding:
                raise RulesContradict(rule=rule.name, clock=clock, reason=_idle(rules, rule, clock))


def _first(rules: tuple[LimitRule, ...], clock: ClockKind, case: Case) -> LimitRule | None:
    return next((rule for rule in rules if clock in rule.clocks and rule.fits(case)), None)


def _cases(rules: tuple[LimitRule, ...]) -> Iterator[Case]:
    """Give one case for each that any rule could tell from another."""
    sides = [_told_apart(rules, side) for side in SIDES]
    for values in product(*sides):
        yield Case(**dict(zip(SIDES, values, strict=True)))


def _told_apart(rules: tuple[LimitRule, ...], side: str) -> list[str]:
    """Give one value of each group that the rules treat alike, and one that no rule names."""
    by_rules: dict[tuple[bool, ...], str] = {}
    for value in ("", *KNOWN[side]):
        by_rules.setdefault(tuple(value in rule.when.get(side, ()) for rule in rules), value)
    return list(by_rules.values())


def _check_needed(first: Mapping[ClockKind, LimitRule | None], case: Case) -> None:
    for clock in NEEDED:
        if first[clock] is None:
            said = "、".join(value for side in SIDES if (value := getattr(case, side))) or "一般情形"
            raise RulesContradict(clock=clock, reason=f"{said}没有{clock}时限:请在最后加一条不带条件的规则")


def _check_lengths(first: Mapping[ClockKind, LimitRule | None]) -> None:
    whole = first[ClockKind.FINISH]
    for clock in SUB_CLOCKS:
        part = first[clock]
        if whole and part and part.limit.nominal_minutes > whole.limit.nominal_minutes:
            raise RulesContradict(
                rule=part.name,
                clock=clock,
                reason=f"{clock}时限 {part.limit} 比“{whole.name}”的办结时限 {whole.limit} 还长",
            )


def _idle(rules: tuple[LimitRule, ...], rule: LimitRule, clock: ClockKind) -> str:
    """Say which rules above take this rule's cases."""
    takers = dict.fromkeys(
        f"“{first.name}”({first.limit})"
        for case in _cases(rules)
        if rule.fits(case) and (first := _first(rules, clock, case))
    )
    return f"永远轮不到它:它的情形已由上面的{'、'.join(takers)}定了"
