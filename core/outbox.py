"""发件箱: facts written in the transaction of the change that they report, delivered at least once.

``append`` writes one row for the fact and one per listener that wants it; a listener's row goes
when it was told. A process that knows no listeners, a command for instance, writes one for everybody,
which whoever delivers shares out. Rows and not a cursor, because on PostgreSQL a lower id may be
committed later. All listeners share one look at the rows; each is told by a task of its own, so that a
slow one holds up only itself.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from core.database import Connection, Database, DatabaseTrouble
from core.errors import HotlineError
from core.events import KeptFact
from core.outbox_rows import (
    BATCH,
    Told,
    Waiting,
    count,
    forget,
    keep,
    note_failure,
    oldest,
    strike_off,
    strike_off_and_look,
)

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 1.0
"""So long a listener who can not be told now is left in peace."""
BREATH_SECONDS = 0.2
"""Between two looks others gather for so long: far fewer transactions when many call at once."""
STRIKE_SECONDS = 1.0
"""So long after he was told a listener's row may stand; a crash meanwhile tells him twice."""
KEEP_TOLD = timedelta(days=30)
"""So long a fact that everybody was told is kept, for whoever wants to know what was told."""
LOOK_SECONDS = 5.0
"""So often we look by ourselves, should nobody have said that something was committed."""


class NotNow(HotlineError):
    """对方暂时不在:稍后自动再送,一条不丢。"""


Tell = Callable[[Any], Awaitable[None]]
"""Takes a fact of the kind under which it is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told which facts; raises NotNow while its own neighbour is away, for as long as it takes."""

    name: str
    wants: Mapping[type[KeptFact], Tell]


@dataclass(slots=True, kw_only=True)
class _Round:
    """A listener's way: who has a batch in hand gets no other; what came meanwhile is looked for then."""

    listener: Listener
    batches: asyncio.Queue[list[Waiting]] = field(default_factory=asyncio.Queue)
    busy: bool = False
    passed_over: bool = False


class Outbox:
    """Appends facts and delivers them, to each listener in the order of their rows."""

    def __init__(self, database: Database) -> None:
        """Begin without listeners."""
        self._database = database
        self._rounds: dict[str, _Round] = {}
        self._wanted_by: dict[type[KeptFact], list[str]] | None = None
        self._told: list[Told] = []
        self._reminder: asyncio.TimerHandle | None = None
        self._committed = asyncio.Event()

    def connect(self, *listeners: Listener) -> None:
        """Name everyone who is told, before the first fact is appended."""
        self._rounds = {listener.name: _Round(listener=listener) for listener in listeners}
        wanted_by: dict[type[KeptFact], list[str]] = {}
        for listener in listeners:
            for kind in listener.wants:
                wanted_by.setdefault(kind, []).append(listener.name)
        self._wanted_by = wanted_by

    def append(self, connection: Connection, *news: KeptFact) -> None:
        """Keep facts, in this order, inside the caller's transaction."""
        if news:
            keep(connection, news, self._wanted_by)

    def wake(self) -> None:
        """Say that something was committed; without it the next look comes seconds later."""
        self._committed.set()

    async def deliver(self) -> None:
        """Deliver until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for way in self._rounds.values():
                    group.create_task(self._serve(way))
                group.create_task(self._hand_out())
        finally:
            # Whoever starts next need not tell these again.
            with contextlib.suppress(DatabaseTrouble):
                await self._strike_off()

    async def deliver_once(self) -> int:
        """Deliver what waits now, and give back how many facts were told."""
        for name, batch in (await self._look()).items():
            await self._tell_all(self._rounds[name].listener, batch)
        number = len(self._told)
        await self._strike_off()
        return number

    async def waiting(self) -> dict[str, tuple[int, int]]:
        """Per listener: how many facts wait, and how many were set aside."""
        return await self._database.in_transaction(count)

    async def waiting_since(self) -> datetime | None:
        """Give when the oldest fact became true that somebody was not told yet; None when all were."""
        return await self._database.in_transaction(oldest)

    async def forget_told(self, before: datetime) -> int:
        """Remove facts that became true before then and that nobody waits for; gives how many they were.

        Raises DatabaseTrouble; what was removed until then is removed.
        """
        number, last = 0, 0
        while found := await self._database.in_transaction(partial(forget, after=last, before=before)):
            last, removed = found
            number += removed
            await asyncio.sleep(BREATH_SECONDS)
        if number:
            log.info("发件箱里早已送达的事实已删除", facts=number, until=before.isoformat())
        return number

    async def _hand_out(self) -> None:
        """Look for what waits, whenever something was committed, and give it to those who tell."""
        while True:
            self._committed.clear()
            try:
                found = await self._look()
            except DatabaseTrouble as error:
                log.warning("数据库不在, 发件箱稍后再送", reason=type(error).__name__)
                self._committed.set()
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            for name, batch in found.items():
                self._rounds[name].busy = True
                self._rounds[name].batches.put_nowait(batch)
            await asyncio.sleep(BREATH_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._committed.wait()

    async def _serve(self, way: _Round) -> None:
        while True:
            batch = await way.batches.get()
            way.passed_over = len(batch) == BATCH
            if not await self._tell_all(way.listener, batch):
                await asyncio.sleep(PAUSE_SECONDS)
                way.passed_over = True
            way.busy = False
            if way.passed_over:
                self._committed.set()
            elif self._reminder is None:
                loop = asyncio.get_running_loop()
                self._reminder = loop.call_later(STRIKE_SECONDS, self._remember_to_strike_off)

    def _remember_to_strike_off(self) -> None:
        self._reminder = None
        if self._told:
            self._committed.set()

    async def _look(self) -> dict[str, list[Waiting]]:
        """Strike off what was told before, and give what waits; a crash in between tells some twice."""
        told, self._told = self._told, []
        free = tuple(name for name, way in self._rounds.items() if not way.busy)
        for way in self._rounds.values():
            way.passed_over |= way.busy
        try:
            return await self._database.in_transaction(
                partial(strike_off_and_look, told=told, listeners=free, wanted_by=self._wanted_by or {})
            )
        except DatabaseTrouble:
            self._told = told + self._told
            raise

    async def _strike_off(self) -> None:
        told, self._told = self._told, []
        if told:
            await self._database.in_transaction(partial(strike_off, told=told))

    async def _tell_all(self, listener: Listener, batch: list[Waiting]) -> bool:
        """Tell in order; False when one could not be told now, so that none after it is told before it."""
        for waiting in batch:
            if not await self._tell(listener, waiting):
                return False
            self._told.append((listener.name, waiting.fact_id))
        return True

    async def _tell(self, listener: Listener, waiting: Waiting) -> bool:
        try:
            await listener.wants[type(waiting.fact)](waiting.fact)
        except (NotNow, DatabaseTrouble):
            return False
        except Exception as error:
            log.exception("事实送达失败", listener=listener.name, fact=type(waiting.fact).__name__)
            reason = type(error).__name__
            with contextlib.suppress(DatabaseTrouble):
                await self._database.in_transaction(lambda c: note_failure(c, listener.name, waiting, reason))
            return False
        return True
