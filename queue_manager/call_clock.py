"""通话时钟: keeps every call on the clock by which it arrived, when the machine's clock is set meanwhile.

Asterisk dates what it tells with the machine's clock. When that is set back an hour, an answer would come
before its call. What Asterisk tells comes in order, so a step back is seen at once; a step forward is seen
because what is told comes earlier than it ever could. Lengths of calls that live at the step stay right;
calls that arrive after it are dated by the new clock. A step back that is shorter than the silence in which
it happened cannot be seen, and shortens what went on by so much.
"""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from core.ids import CallId
from queue_manager.sightings import Seen, Sighting

log = structlog.get_logger(__name__)

BACK = 1.0
"""Threads of Asterisk may date two events in the wrong order by less than so many seconds."""
AHEAD = 60.0
MOST = 5000
"""So many calls are remembered; more never live at a time."""


class CallClock:
    """One stream of what Asterisk tells, in the order in which it does."""

    def __init__(self) -> None:
        """Begin with no call."""
        self._set_back: OrderedDict[CallId, float] = OrderedDict()
        self._last: float | None = None
        self._last_elapsed = 0.0
        self._least_lag: float | None = None

    def tick(self, told: datetime, elapsed: float) -> None:
        """Take the date of the next thing told; ``elapsed`` is a clock that nobody sets, in seconds."""
        second = told.timestamp()
        if self._last is not None and second < self._last - BACK:
            self._step(self._last - second + (elapsed - self._last_elapsed))
        # What is told may come late, but never before it is so: the least lag is that of the two clocks.
        lag = elapsed - second
        if self._least_lag is not None and lag < self._least_lag - AHEAD:
            self._step(lag - self._least_lag)
        if self._least_lag is None or lag < self._least_lag:
            self._least_lag = lag
        self._last, self._last_elapsed = second, elapsed

    def dated(self, seen: Sighting) -> Sighting:
        """Give the sighting on its call's own clock."""
        back = self._set_back.get(seen.call_id, 0.0)
        if seen.kind is Seen.GONE:
            self._set_back.pop(seen.call_id, None)
        else:
            self._set_back.setdefault(seen.call_id, 0.0)
            if len(self._set_back) > MOST:
                self._set_back.popitem(last=False)
        return replace(seen, at=seen.at + timedelta(seconds=back)) if back else seen

    def _step(self, back: float) -> None:
        """The clock was set back by so many seconds, or ahead when they are negative."""
        for call_id in self._set_back:
            self._set_back[call_id] += back
        if self._least_lag is not None:
            self._least_lag += back
        log.warning(
            "系统时钟被拨动, 正在进行的通话仍按来电时的钟计时",
            seconds=round(-back),
            calls=len(self._set_back),
        )
