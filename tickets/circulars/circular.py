"""通报: everything that one issue says, made afresh from the facts; the same facts give the same issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tickets.circulars.breakdown import Breakdown, Trend, breakdowns, trend
from tickets.circulars.facts import CallFigure, Material, TicketFact
from tickets.circulars.figure import ROUNDING, Figure, change, figure_of
from tickets.circulars.period import Kind, Period, period_before, period_of
from tickets.circulars.policy import CircularPolicy
from tickets.circulars.ranking import UnitLine, scoring_words, unit_lines
from tickets.circulars.rule_book import HANDLING, INTAKE, MATTERS, SUPERVISED, VISITS
from tickets.circulars.sieve import Sifted

GROUPS = (
    ("intake", "受理情况", INTAKE),
    ("handling", "办理情况", HANDLING),
    ("visits", "回访与满意度", VISITS),
    ("supervised", "督办与领导交办", SUPERVISED),
)
NOTES = (
    ROUNDING,
    "构成按数量从多到少排列, 数量相同按名称排列;各项占比分别四舍五入, 相加可能不等于 100%",
    "上期的数按上期结束时的情形计算",
)
ORDER = "构成按数量从多到少排列, 数量相同按名称排列;各项占比分别四舍五入, 相加可能不等于 100%"
WITH_RANKING = (Kind.MONTHLY, Kind.QUARTERLY, Kind.YEARLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """一行: a figure with that of the period before."""

    figure: Figure
    before: Figure

    @property
    def change(self) -> str:
        """环比."""
        return change(self.figure, self.before)

    @property
    def better(self) -> bool | None:
        """Tell whether it went the right way; None when nothing can be said."""
        was, now = self.before.hundredths, self.figure.hundredths
        if was is None or now is None or was == now or not self.figure.good:
            return None
        return (now > was) == (self.figure.good > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """一组指标."""

    key: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """核对: two numbers that must be equal."""

    title: str
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Tell whether they are."""
        return self.left == self.right


@dataclass(frozen=True, slots=True, kw_only=True)
class Circular:
    """一期通报. ``items`` are the work orders that a special report lists, ``tickets`` all it is made of."""

    kind: Kind
    topic: str
    district: str
    period: Period
    before: Period
    as_of: datetime
    issuer: str
    groups: tuple[Group, ...]
    calls: tuple[CallFigure, ...]
    trend: Trend
    breakdowns: tuple[Breakdown, ...]
    units: tuple[UnitLine, ...]
    ranks: bool
    items: tuple[TicketFact, ...]
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    tickets: tuple[TicketFact, ...]
    top: int

    @property
    def title(self) -> str:
        """Give what stands at its head."""
        what = f"“{self.topic}”{self.kind}" if self.topic else str(self.kind)
        return f"{self.period.name}{self.district}热线工单{what}"

    @property
    def is_over(self) -> bool:
        """Tell whether the period had ended when it was made."""
        return self.as_of >= self.period.until

    def figure(self, key: str) -> Line:
        """Give one figure by its key."""
        return next(line for group in self.groups for line in group.lines if line.figure.key == key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """要什么: which kind, for the period of which day, as known at which instant, about which words.

    ``district``: only of this one; a special report of it lists all that came in there or is still open.
    """

    kind: Kind
    period: Period
    as_of: datetime
    topic: str = ""
    district: str = ""

    @property
    def before(self) -> Period:
        """上期."""
        return period_before(self.kind, self.period)


def asked_for(asked: Kind, now: datetime, period: Period | None = None, topic: str = "") -> Asked:
    """Ask for a period, of today if none is named; once it is over nothing later is looked at."""
    of = period or period_of(asked, now.date())
    return Asked(kind=asked, period=of, as_of=min(now, of.until), topic=topic)


def circular_of(asked: Asked, material: Material, policy: CircularPolicy) -> Circular:
    """Make the circular."""
    period = asked.period
    tickets = _known(asked, material)
    now = Sifted(tickets, period)
    groups = _groups(now, _as_it_stood_before(asked, tickets))
    splits, course = breakdowns(now, Sifted(tickets, asked.before)), trend(now)
    ranks = asked.kind in WITH_RANKING
    return Circular(
        kind=asked.kind,
        topic=asked.topic,
        district=asked.district,
        period=period,
        before=asked.before,
        as_of=asked.as_of,
        issuer=policy.issuer,
        groups=groups,
        calls=material.calls,
        trend=course,
        breakdowns=splits,
        units=unit_lines(tickets, material.units, period, policy),
        ranks=ranks,
        items=_special(tickets, asked) if asked.kind is Kind.SPECIAL else (),
        checks=_checks(groups, splits, course),
        notes=(ROUNDING, ORDER, *(scoring_words(policy) if ranks else ())),
        tickets=tuple(tickets),
        top=policy.top,
    )


def _as_it_stood_before(asked: Asked, tickets: Sequence[TicketFact]) -> Sifted:
    """Give the period before, as things stood at its end."""
    until = asked.before.until
    return Sifted([one.as_it_stood(until) for one in tickets if one.received_at < until], asked.before)


def _groups(now: Sifted, before: Sifted) -> tuple[Group, ...]:
    """Work every rule out for this period, and for the one before."""
    return tuple(
        Group(
            key=key,
            title=title,
            lines=tuple(Line(figure=figure_of(rule, now), before=figure_of(rule, before)) for rule in rules),
        )
        for key, title, rules in GROUPS
    )


def _number(ticket: TicketFact) -> str:
    return ticket.no


def _known(asked: Asked, material: Material) -> list[TicketFact]:
    """Give what is about the topic, as it stood, in the order of numbers."""
    return sorted(
        (
            one.as_it_stood(asked.as_of)
            for one in material.tickets
            if one.received_at < asked.as_of
            and (asked.topic in one.category or asked.topic in one.title)
            and asked.district in ("", one.district)
        ),
        key=_number,
    )


def _special(tickets: Sequence[TicketFact], asked: Asked) -> tuple[TicketFact, ...]:
    """专报: what leaders asked for or what was urgent, and was received in the period or is still open."""
    period = asked.period
    return tuple(
        one
        for one in tickets
        if (asked.district or one.matter in MATTERS or one.urgency != "一般")
        and not (one.invalid or one.withdrawn)
        and (period.holds(one.received_at) or one.closed_at is None or period.holds(one.closed_at))
    )


def _checks(groups: Sequence[Group], splits: Sequence[Breakdown], course: Trend) -> tuple[Check, ...]:
    number = {line.figure.key: line.figure.num for group in groups for line in group.lines}
    valid = number["valid"]
    return (
        Check(
            title="有效受理 = 直接解答 + 派单 + 待派单",
            left=valid,
            right=number["on_line"] + number["sent"] + number["waiting"],
        ),
        Check(
            title="受理量 = 有效受理 + 不计有效", left=number["received"], right=valid + number["left_out"]
        ),
        *(Check(title=f"有效受理 = 各{one.title}之和", left=valid, right=one.total) for one in splits),
        Check(title=f"有效受理 = 各{course.unit}之和", left=valid, right=course.total),
    )
