"""目击明细的期限: what was seen of calls that ended long ago is removed; their rows in the journal stay.

Of an old call are kept its arrival and its end, so that a number that Asterisk gives again is still known to
be another call, and when its recording was paused. Everything else of it stands in its rows.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.database import Connection, Database
from core.ids import CallId
from queue_manager import journal_store

log = structlog.get_logger(__name__)

BATCH = 200
BREATH_SECONDS = 0.05
"""Calls go before: between two transactions."""
MISSED_NIGHTS = timedelta(days=40)
"""So many nights may be missed; what is older still is found by the command alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """So many calls ended before ``until``; so many sightings of theirs were removed, or would be."""

    until: datetime
    calls: int
    sightings: int


class Forgetting:
    """``keep_days``: so long everything that was seen of a call is kept after its end."""

    def __init__(self, database: Database, clock: Clock, keep_days: int) -> None:
        """Nothing is removed before it is run."""
        self._database = database
        self._clock = clock
        self._keep = timedelta(days=keep_days)

    async def run(self, *, since: datetime | None = None, dry_run: bool = False) -> Forgotten:
        """Remove what is due, of calls that ended since then or ever; a rehearsal only counts.

        Raises DatabaseTrouble; what was removed until then is removed.
        """
        until = self._clock.now() - self._keep
        calls = sightings = 0
        last: tuple[datetime, CallId] | None = (since, CallId("")) if since else None
        while True:
            ended, removed = await self._database.in_transaction(
                lambda c, last=last: _one_batch(c, last, until, dry_run=dry_run)  # type: ignore[misc]  # bound at once
            )
            if not ended:
                return Forgotten(until=until, calls=calls, sightings=sightings)
            last = ended[-1]
            calls, sightings = calls + len(ended), sightings + removed
            await asyncio.sleep(BREATH_SECONDS)

    async def tonight(self) -> None:
        """Remove what has become due in the last nights; raises DatabaseTrouble."""
        done = await self.run(since=self._clock.now() - self._keep - MISSED_NIGHTS)
        if done.sightings:
            log.info("过期的目击明细已删除, 话单不动", sightings=done.sightings, until=done.until.isoformat())


Batch = tuple[list[tuple[datetime, CallId]], int]


def _one_batch(
    connection: Connection, last: tuple[datetime, CallId] | None, until: datetime, *, dry_run: bool
) -> Batch:
    ended = journal_store.ended_before(connection, until, after=last, most=BATCH)
    ids = [call_id for _, call_id in ended]
    if not ids:
        return [], 0
    due = journal_store.count_details if dry_run else journal_store.forget_details
    return ended, due(connection, ids, until)
