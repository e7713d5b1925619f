"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from core.clock import SHANGHAI

NINE_O_CLOCK = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC))
"""Whatever is open or closed touches this window."""


class StandingClock:
    """Gives the same instant until ``forward`` is called."""

    def __init__(self, at: datetime = NINE_O_CLOCK) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at
