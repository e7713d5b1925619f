"""构成: how many valid demands fall to each channel, type, category and district; their course in time."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from core.ids import TicketNo
from tickets.circulars.facts import TicketFact
from tickets.circulars.figure import half_up
from tickets.circulars.period import DAY
from tickets.circulars.rule_book import VALID
from tickets.circulars.sieve import Picked, Sifted
from tickets.limits import day_of

MOST_DAYS = 31
UNKNOWN = "未填"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """一项; ``share`` in hundredths of a percent, ``before`` how many in the period before."""

    label: str
    ids: tuple[TicketNo, ...]
    share: int | None
    before: int

    @property
    def count(self) -> int:
        """Count the work orders."""
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """一种构成: the most first, equal ones by their name."""

    key: str
    title: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """Give the sum of its parts."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """走势: valid demands by day, or by month for long periods."""

    unit: str
    points: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """Give the sum of its points."""
        return sum(number for _, number in self.points)


def top_category(ticket: TicketFact) -> str:
    """Give the first level of the category."""
    return ticket.category.split("/")[0].strip()


WAYS: tuple[tuple[str, str, Callable[[TicketFact], str]], ...] = (
    ("channel", "受理方式", attrgetter("channel")),
    ("demand_type", "业务类别", attrgetter("demand_type")),
    ("category", "问题类别", top_category),
    ("district", "区域", attrgetter("district")),
)


def breakdowns(now: Sifted, before: Sifted) -> tuple[Breakdown, ...]:
    """Give every way of splitting the valid demands of a period."""
    return tuple(
        Breakdown(key=key, title=title, parts=_parts(now.by(VALID), before.by(VALID), label_of))
        for key, title, label_of in WAYS
    )


def _parts(now: Picked, then: Picked, label_of: Callable[[TicketFact], str]) -> tuple[Part, ...]:
    ids: defaultdict[str, list[TicketNo]] = defaultdict(list)
    for ticket in now:
        ids[label_of(ticket) or UNKNOWN].append(ticket.no)
    before = Counter(label_of(ticket) or UNKNOWN for ticket in then)
    parts = [
        Part(
            label=label,
            ids=tuple(own),
            share=half_up(len(own) * FULL, len(now)),
            before=before[label],
        )
        for label, own in ids.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-part.count, part.label)))


FULL = 10_000


def trend(sifted: Sifted) -> Trend:
    """Count the valid demands of each day of a period, or of each month when there are more than 31 days."""
    period = sifted.period
    by_day = (period.after - period.first).days <= MOST_DAYS
    on_day = Counter(day_of(ticket.received_at) for ticket in sifted.by(VALID))
    counts: Counter[str] = Counter()
    day = period.first
    while day < period.after:
        counts[_label(day, by_day=by_day)] += on_day[day]
        day += DAY
    return Trend(unit="日" if by_day else "月", points=tuple(counts.items()))


def _label(day: date, *, by_day: bool) -> str:
    return f"{day.month}-{day.day:02d}" if by_day else f"{day.month}月"
