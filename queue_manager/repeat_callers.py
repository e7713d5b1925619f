"""回头客: which seat talked to a citizen last, so that whoever calls again is asked first."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.ids import SeatNo

MOST_CALLERS = 100_000
SHORTEST_NUMBER = 5
"""Withheld numbers and switchboards' short codes are nobody's."""


class RepeatCallers:
    """Remembers in memory; a look-up costs a microsecond and asks nobody."""

    def __init__(self, hours: int) -> None:
        """Forget after so many hours; 0 remembers nobody."""
        self._kept = timedelta(hours=hours)
        self._talks: dict[str, tuple[datetime, SeatNo]] = {}

    def talked(self, caller: str, seat: SeatNo, at: datetime) -> None:
        """A seat talks to this caller."""
        if not self._kept or len(caller) < SHORTEST_NUMBER or not caller.lstrip("+").isdecimal():
            return
        self._talks.pop(caller, None)
        self._talks[caller] = (at, seat)
        if len(self._talks) > MOST_CALLERS:
            del self._talks[next(iter(self._talks))]

    def remember(self, talks: Iterable[tuple[str, SeatNo, datetime]]) -> None:
        """Take over what the database knows, oldest first."""
        for caller, seat, at in talks:
            self.talked(caller, seat, at)

    def seat_of(self, caller: str, now: datetime) -> SeatNo | None:
        """Give the seat that talked to him last; None when nobody did, or too long ago."""
        at, seat = self._talks.get(caller, (None, None))
        return seat if at is not None and now - at <= self._kept else None
