"""时限配置: limits.toml of a profile, as it is written and as the rules that it means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import ClassVar

from core.calendar import WorkingCalendar, national_calendar
from core.errors import HotlineError
from core.understanding import DemandType, Urgency
from tickets.calendar_file import read_calendar
from tickets.clock_changes import ExtensionRules
from tickets.deadlines import (
    CHANNELS,
    SIDES,
    Area,
    Case,
    ClockKind,
    Deadlines,
    DispatchMode,
    LimitRule,
    Matter,
    RulesContradict,
    UnitClass,
    check_rules,
)
from tickets.due_warnings import AT_DUE, WarningRules
from tickets.limits import Limit, LimitUnclear, Measure, MinutesStartAtOnce, Office, Start, limit_of
from tickets.profile import NO_MORE_KEYS, Place, PolicyFile
from tickets.urgent_chain import UrgentRules

LIMITS = "limits.toml"
NOTICE = timedelta(days=30)
"""So long before limits can no longer be counted somebody must be told."""


class CalendarEndsSoon(HotlineError):
    """工作日历快用完了:请把国务院公布的下一年放假调休安排写进配置档的 calendar.toml。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    begins: time
    ends: time


@dataclass(frozen=True, slots=True, kw_only=True)
class _Warnings:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    percents: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Extension:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    most: int
    longest: str
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Urgent:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    urgency: tuple[Urgency, ...]
    say_when: int
    ladder: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    name: str
    clock: tuple[ClockKind, ...]
    limit: str
    start: Start | None = None
    channel: tuple[str, ...] = ()
    mode: tuple[DispatchMode, ...] = ()
    unit_class: tuple[UnitClass, ...] = ()
    urgency: tuple[Urgency, ...] = ()
    demand_type: tuple[DemandType, ...] = ()
    area: tuple[Area, ...] = ()
    matter: tuple[Matter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    __pydantic_config__: ClassVar[Mapping[str, str]] = NO_MORE_KEYS
    hours: _Hours
    warnings: _Warnings
    extension: _Extension
    pause: _Pause
    urgent: _Urgent
    rule: tuple[_Rule, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPolicy:
    """时限制度: all that limits.toml of a hotline says."""

    deadlines: Deadlines
    warnings: WarningRules
    extension: ExtensionRules
    pause_reasons: tuple[str, ...]
    chain_urgencies: tuple[Urgency, ...]
    say_when_minutes: int
    ladder_minutes: tuple[int, int, int]

    @property
    def office(self) -> Office:
        """Give the office hours by which everything is counted."""
        return self.deadlines.office

    def alarm(self, today: date) -> str:
        """Give a sentence when limits will soon reach past the calendar; empty while there is time."""
        calendar = self.office.calendar
        if not calendar.ends_before(today + NOTICE, self.deadlines.longest_days()):
            return ""
        return str(CalendarEndsSoon(last=calendar.last))

    def urgent_rules(self, case: Case) -> UrgentRules | None:
        """Give the minutes of the urgent chain for a case; None when its urgency calls for none."""
        contact = self.deadlines.rule_for(ClockKind.CONTACT, case)
        arrive = self.deadlines.rule_for(ClockKind.ARRIVE, case)
        if case.urgency not in self.chain_urgencies or contact is None or arrive is None:
            return None
        return UrgentRules(
            contact=contact.limit.amount,
            arrive=arrive.limit.amount,
            say_when=self.say_when_minutes,
            ladder=self.ladder_minutes,
        )


def read_policy(folder: Path) -> LimitPolicy:
    """Read limits.toml and calendar.toml of a profile; raises PolicyWrong."""
    return read_limits(folder, read_calendar(folder, national_calendar()))


def read_limits(folder: Path, calendar: WorkingCalendar) -> LimitPolicy:
    """Read and check limits.toml of a profile; raises PolicyWrong."""
    file = PolicyFile.of(folder / LIMITS)
    written = file.read(_Written)
    _check_numbers(file, written)
    office = Office(calendar=calendar, begins=written.hours.begins, ends=written.hours.ends)
    policy = LimitPolicy(
        deadlines=Deadlines(rules=_rules(file, written.rule), office=office),
        warnings=WarningRules(percents=written.warnings.percents, office=office),
        extension=ExtensionRules(
            most=written.extension.most,
            longest=_limit(file, ("extension", "longest"), written.extension.longest, None),
            approvers=written.extension.approvers,
        ),
        pause_reasons=written.pause.reasons,
        chain_urgencies=written.urgent.urgency,
        say_when_minutes=written.urgent.say_when,
        ladder_minutes=written.urgent.ladder,
    )
    _check_chain(file, policy)
    return policy


def _rules(file: PolicyFile, written: tuple[_Rule, ...]) -> tuple[LimitRule, ...]:
    rules = tuple(_rule(file, number, rule) for number, rule in enumerate(written))
    try:
        check_rules(rules)
    except RulesContradict as error:
        named = [number for number, rule in enumerate(rules) if rule.name == error.facts.get("rule")]
        place: Place = ("rule", named[-1], "name") if named else ("rule",)
        told = f"{rules[named[-1]].name}:" if named else ""
        raise file.wrong(place, f"{told}{error.facts['reason']}") from error
    return rules


def _rule(file: PolicyFile, number: int, written: _Rule) -> LimitRule:
    if not written.name or not written.clock:
        raise file.wrong(("rule", number, "clock"), "规则要有名称, 并至少管一种时钟")
    for channel in written.channel:
        if channel not in CHANNELS:
            raise file.wrong(
                ("rule", number, "channel"), f"没有受理方式“{channel}”, 可以写 {'、'.join(CHANNELS)}"
            )
    return LimitRule(
        name=written.name,
        clocks=written.clock,
        limit=_limit(file, ("rule", number, "limit"), written.limit, written.start),
        when={side: values for side in SIDES if (values := tuple(getattr(written, side)))},
    )


def _limit(file: PolicyFile, place: Place, written: str, start: Start | None) -> Limit:
    try:
        return limit_of(written, start)
    except (LimitUnclear, MinutesStartAtOnce) as error:
        raise file.wrong(place, f"“{written}”不行, {(error.__doc__ or '').rstrip('。')}") from error


def _check_numbers(file: PolicyFile, written: _Written) -> None:
    percents = written.warnings.percents
    ladder = written.urgent.ladder
    wrong: dict[Place, str] = {}
    if written.hours.begins >= written.hours.ends:
        wrong["hours", "ends"] = "下班要晚于上班"
    if list(percents) != sorted({*percents, AT_DUE}) or percents[0] < 1:
        wrong["warnings", "percents"] = "应当是从小到大、不重复的百分数, 最后一个是 100"
    if written.extension.most < 0 or (written.extension.most and not written.extension.approvers):
        wrong["extension", "most"] = "次数不能小于 0; 允许延期就要写明谁能批准"
    if written.urgent.say_when < 1 or list(ladder) != sorted(ladder) or ladder[0] < 0:
        wrong["urgent", "ladder"] = "应当是三个从小到大的分钟数, say_when 至少 1 分钟"
    for place, reason in wrong.items():
        raise file.wrong(place, reason)


def _check_chain(file: PolicyFile, policy: LimitPolicy) -> None:
    """Whatever is urgent must be owed within minutes, wherever it is."""
    for urgency in policy.chain_urgencies:
        for area in ("", *Area):
            case = Case(urgency=urgency, area=area)
            for clock in (ClockKind.CONTACT, ClockKind.ARRIVE):
                rule = policy.deadlines.rule_for(clock, case)
                if rule is None or rule.limit.measure is not Measure.MINUTES:
                    where = f"{urgency}{area or '地段不明'}"
                    raise file.wrong(
                        ("urgent", "urgency"), f"{where}没有以分钟计的{clock}时限, 紧急链走不下去"
                    )
