"""满意率: each dimension by itself, before and after what two persons left out, with the list of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.ids import TicketNo
from tickets.circulars.figure import half_up
from tickets.visits_policy import Dimension, VisitPolicy

FULL = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """一次评价: the last talk with a citizen in the period. ``left_out``: why it does not count, or empty."""

    ticket_no: TicketNo
    at: datetime
    unit: str
    urgency: str
    answers: Mapping[str, str]
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """计数 of one dimension. Rates are hundredths of a percent, None when nobody rated."""

    good: int
    fair: int
    bad: int
    aside: int

    @property
    def den(self) -> int:
        """Give how many rated: who would not is shown beside it."""
        return self.good + self.fair + self.bad

    @property
    def rate(self) -> int | None:
        """(好 + 中) ÷ (好 + 中 + 差)."""
        return half_up(FULL * (self.good + self.fair), self.den)

    @property
    def strict(self) -> int | None:
        """好 ÷ (好 + 中 + 差)."""
        return half_up(FULL * self.good, self.den)


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """一个维度的满意率: ``before`` with everything, ``after`` without what two persons left out."""

    dimension: Dimension
    before: Counts
    after: Counts

    @property
    def rule(self) -> str:
        """Say how it is counted."""
        one = self.dimension
        upper = " + ".join((*one.good, *one.fair))
        aside = f", {'、'.join(one.aside)}不入分母" if one.aside else ""
        return f"({upper}) ÷ ({' + '.join((*one.good, *one.fair, *one.bad))}){aside}"


def satisfaction(rated: Sequence[Rated], policy: VisitPolicy) -> tuple[Satisfaction, ...]:
    """Give the rates of every dimension that the profile asks."""
    counted = [one for one in rated if not one.left_out]
    return tuple(
        Satisfaction(dimension=one, before=_counts(rated, one), after=_counts(counted, one))
        for one in policy.dimension
    )


def satisfaction_by(
    rated: Sequence[Rated], policy: VisitPolicy, key: Callable[[Rated], str]
) -> Mapping[str, tuple[Satisfaction, ...]]:
    """Give the rates of each group apart, by urgency or by unit for instance; each has its own exclusions."""
    groups: defaultdict[str, list[Rated]] = defaultdict(list)
    for one in rated:
        groups[key(one)].append(one)
    return {name: satisfaction(groups[name], policy) for name in sorted(groups)}


def _counts(rated: Iterable[Rated], dimension: Dimension) -> Counts:
    told = Counter(one.answers.get(dimension.field, "") for one in rated)
    return Counts(
        good=sum(told[word] for word in dimension.good),
        fair=sum(told[word] for word in dimension.fair),
        bad=sum(told[word] for word in dimension.bad),
        aside=sum(told[word] for word in dimension.aside),
    )


def left_out(rated: Iterable[Rated]) -> tuple[Rated, ...]:
    """剔除清单: always shown beside the rate."""
    return tuple(one for one in rated if one.left_out)
