"""限次: how often somebody may ask within a time; who asks too often hears so, and nothing else."""

from collections import deque
from datetime import datetime, timedelta

from core.clock import Clock
from core.errors import HotlineError

MOST_KNOWN = 10_000


class AskedTooOften(HotlineError):
    """查询太频繁:请稍后再试。"""


class RateLimit:
    """At most so many within a sliding window, for each who asks; kept in memory only."""

    def __init__(self, most: int, within: timedelta, clock: Clock) -> None:
        """Begin with nobody known."""
        self._most = most
        self._within = within
        self._clock = clock
        self._asked: dict[str, deque[datetime]] = {}

    def count(self, who: str) -> None:
        """Count one; raises AskedTooOften, and counts nothing then."""
        now = self._clock.now()
        asked = self._asked.setdefault(who, deque())
        self._forget(asked, now)
        if len(asked) >= self._most:
            raise AskedTooOften
        asked.append(now)
        if len(self._asked) > MOST_KNOWN:
            self._forget_all(now)

    def _forget(self, asked: deque[datetime], now: datetime) -> None:
        while asked and now - asked[0] >= self._within:
            asked.popleft()

    def _forget_all(self, now: datetime) -> None:
        """Whoever floods us with made-up names fills no memory: the longest silent ones go first."""
        for asked in self._asked.values():
            self._forget(asked, now)
        kept = sorted(
            self._asked.items(),
            key=lambda one: one[1][-1] if one[1] else datetime.min.replace(tzinfo=now.tzinfo),
        )
        self._asked = dict(kept[-MOST_KNOWN // 2 :])
