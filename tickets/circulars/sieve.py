"""筛选: which work orders a figure looks at; figures that look at the same ones share the looking."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from tickets.circulars.facts import TicketFact
from tickets.circulars.period import Period

Picked = list[TicketFact]
Test = Callable[[TicketFact], bool]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sieve:
    """一层筛: picks some ``of`` what another has picked, or of all."""

    pick: Callable[[Sequence[TicketFact], Period], Picked]
    of: "Sieve | None" = None


def during(instant_of: Callable[[TicketFact], datetime | None], of: Sieve | None = None) -> Sieve:
    """Give the sieve of those, among others or all, of which this instant lies in the period."""

    def pick(tickets: Sequence[TicketFact], period: Period) -> Picked:
        since, until = period.since, period.until
        return [one for one in tickets if (at := instant_of(one)) is not None and since <= at < until]

    return Sieve(pick=pick, of=of)


def those(of: Sieve | None, test: Test) -> Sieve:
    """Give the sieve of those, among others or all, that pass a test, whatever the period."""
    return Sieve(pick=lambda tickets, _: list(filter(test, tickets)), of=of)


class Sifted:
    """筛过的工单: those of a period, in the order of their numbers; each sieve is used once."""

    def __init__(self, tickets: Iterable[TicketFact], period: Period) -> None:
        """Use no sieve yet."""
        self.period = period
        self._all = sorted(tickets, key=attrgetter("no"))
        self._picked: dict[Sieve, Picked] = {}

    def by(self, sieve: Sieve) -> Picked:
        """Give what a sieve picks."""
        if sieve not in self._picked:
            among = self._all if sieve.of is None else self.by(sieve.of)
            self._picked[sieve] = sieve.pick(among, self.period)
        return self._picked[sieve]
