"""时钟: the one source of the current time; passed in, so that tests own the time."""

from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time of day."""

    def now(self) -> datetime:
        """Give the present instant, aware, Asia/Shanghai."""
        ...


class SystemClock:
    """The wall clock of this machine."""

    def now(self) -> datetime:
        """Give the present instant, aware, Asia/Shanghai."""
        return datetime.now(SHANGHAI)


def from_epoch(seconds: float) -> datetime:
    """Turn Asterisk's seconds since 1970 into an instant in Asia/Shanghai."""
    return datetime.fromtimestamp(seconds, SHANGHAI)
