"""对账: after a gap the journal catches up from Asterisk's logs, takes over what lives, closes what is gone.

Nothing is ever sent to Asterisk here but questions; what was to be done before the gap is not done again.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol

import structlog

from core.ids import CallId, SeatNo
from queue_manager import cel, queue_log
from queue_manager.desk import JournalDesk, Told
from queue_manager.log_files import SET_BACK
from queue_manager.model import Blind, GapRow, Heard
from queue_manager.namesakes import base_of
from queue_manager.reconciliation import BlindTime, Look, adopted, seats_by_name, vanished
from queue_manager.sightings import Seen, Sighting

log = structlog.get_logger(__name__)

OVERLAP = timedelta(seconds=60)
"""Log lines have whole seconds, and our own rows may be a moment behind."""
RECENTLY = timedelta(minutes=15)
"""So far back the logs are read when nothing is known to have been missed."""


BREATH = 500
AT_ONCE = 200
"""So many calls are read back in one transaction."""


class Asking(Protocol):
    """Whoever can ask Asterisk."""

    async def look(self) -> Look:
        """Ask what lives; raises AsteriskAway or ActionRefused."""
        ...

    async def caught_up(self) -> None:
        """Return when everything is written that was heard before the answer came."""
        ...


class Reconciler:
    """Brings the journal and what lives together."""

    def __init__(self, journal: JournalDesk) -> None:
        """Work on this journal."""
        self._journal = journal
        self._renamed: dict[str, SeatNo] = {}

    async def reconcile(self, asking: Asking, blind: BlindTime | None, heard: Heard) -> None:
        """对账, after a blind time, or because something looks wrong.

        Which calls are open is looked up before Asterisk is asked, so that one which arrives meanwhile is
        not taken for one that has vanished.
        """
        before = {base_of(row.call_id) for row in await self._journal.open_calls()}
        logged = await self._logged(blind)
        look = await asking.look()
        self._note_renamed(look)
        recovered = await self._catch_up([self._renamed_back(sighting) for sighting in logged])
        await asking.caught_up()
        await self._adopt(look)
        closed = await self._close(look, before | {seen.call_id for seen in logged}, blind)
        if blind is not None:
            gap = GapRow(
                node=self._journal.node.name,
                began_at=min(blind.began, look.at),
                ended_at=look.at,
                why=Blind.ASTERISK_RESTARTED if blind.restarted else blind.why,
                recovered=recovered,
                closed=closed,
            )
            await self._journal.put_gap(gap, heard)
        log.info("对账完成", living=len(look.living), recovered=recovered, closed=closed)

    async def _logged(self, blind: BlindTime | None) -> list[Sighting]:
        """Read both of Asterisk's logs, and let others go first every few milliseconds."""
        node = self._journal.node
        since = self._since(blind)
        logged: list[Sighting] = []
        for sighting in chain(
            queue_log.read(node.logs, since), cel.read(node.logs, since, str(node.recordings))
        ):
            logged.append(sighting)
            if len(logged) % BREATH == 0:
                await asyncio.sleep(0)
        return logged

    def _since(self, blind: BlindTime | None) -> datetime:
        now = self._journal.clock.now()
        if blind is None:
            return now - RECENTLY
        if blind.began <= now:
            return blind.began - OVERLAP
        log.warning(
            "没有监听的时候系统时钟被拨回, 多读两小时的记录", seconds=int((blind.began - now).total_seconds())
        )
        return now - SET_BACK

    async def _catch_up(self, logged: list[Sighting]) -> int:
        """Note what the logs tell and the journal does not know; gives how many sightings that were."""
        by_call: dict[CallId, list[Sighting]] = {}
        for sighting in logged:
            by_call.setdefault(sighting.call_id, []).append(sighting)
        call_ids, recovered = list(by_call), 0
        for first in range(0, len(call_ids), AT_ONCE):
            some = call_ids[first : first + AT_ONCE]
            known = await self._journal.told_of(some)
            told = [c for c in some if self._tells_more(c, known.get(c), by_call[c])]
            await self._journal.note(*(sighting for call_id in told for sighting in by_call[call_id]))
            recovered += sum(len(by_call[call_id]) for call_id in told)
        return recovered

    def _tells_more(self, call_id: CallId, known: Told | None, seen: Iterable[Sighting]) -> bool:
        """CEL ends every channel; those of seats are no calls."""
        if known is None:
            return any(sighting.kind is not Seen.GONE for sighting in seen)
        return self._journal.tell(call_id, known.seen.union(seen)).stories != known.stories

    async def _adopt(self, look: Look) -> None:
        told = await self._journal.told_of(look.living)
        stories = {call_id: one.story for call_id, one in told.items()}
        await self._journal.note(*adopted(look, stories))

    async def _close(self, look: Look, suspects: set[CallId], blind: BlindTime | None) -> int:
        still_open = {base_of(row.call_id) for row in await self._journal.open_calls()} & suspects
        told = await self._journal.told_of(still_open - look.living)
        last_seen = {call_id: max(s.at for s in one.seen) for call_id, one in told.items()}
        ends = list(vanished(last_seen, look.living, blind, look.at))
        await self._journal.note(*ends)
        for end in ends:
            log.warning(
                "来电已不在 Asterisk 里, 没有看见怎样结束, 按所知补记", call_id=end.call_id, why=end.detail
            )
        return len(ends)

    def _note_renamed(self, look: Look) -> None:
        found = seats_by_name(look)
        for name, seat in found.items():
            if self._renamed.get(name) != seat:
                log.warning("座席在 Asterisk 里被人改了名, 按话机号记账", seat=seat, called=name)
        self._renamed = found

    def _renamed_back(self, sighting: Sighting) -> Sighting:
        seat = self._renamed.get(sighting.seat)
        return sighting if seat is None else replace(sighting, seat=seat)
