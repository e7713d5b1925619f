"""发件箱: facts written in the transaction of the change that they report, delivered at least once.

``append`` writes one row for the fact and one per listener that wants it; a listener's row goes
when it was told. Rows and not a cursor, because on PostgreSQL a lower id may be committed later.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from core.database import Database, DatabaseTrouble, Instant, metadata
from core.errors import HotlineError
from core.events import KeptFact
from core.wire import UnknownFact, from_json, to_json

log = structlog.get_logger(__name__)

TRIES = 5
"""A fact that a listener cannot take after so many tries is set aside, so that it blocks no other."""
PAUSE_SECONDS = 1.0
BREATH_SECONDS = 0.2
"""After some facts were told others gather for so long: far fewer transactions when many call at once."""
BATCH = 100

facts = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(40), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
deliveries = Table(
    "outbox_delivery",
    metadata,
    Column("fact_id", Integer, ForeignKey("outbox.id"), primary_key=True),
    Column("listener", String(40), primary_key=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("set_aside", String(200), nullable=False, server_default=""),
    Index("outbox_delivery_waiting", "listener", "set_aside", "fact_id"),
)


# Statements that are executed for every call are built once: building costs more than executing.
_KEEP = insert(facts).returning(facts.c.id, sort_by_parameter_order=True)
_WAITING = (
    select(facts.c.id, facts.c.name, facts.c.body, deliveries.c.tries)
    .join(deliveries, deliveries.c.fact_id == facts.c.id)
    .where(deliveries.c.listener == bindparam("listener"), deliveries.c.set_aside == "")
    .order_by(facts.c.id)
    .limit(BATCH)
)
_STRIKE_OFF = delete(deliveries).where(
    deliveries.c.fact_id == bindparam("told"), deliveries.c.listener == bindparam("by")
)


class NotNow(HotlineError):
    """对方暂时不在:稍后自动再送,一条不丢。"""


Told = Callable[[Any], Awaitable[None]]
"""Takes a fact of the kind under which it is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who is told which facts; raises NotNow while its own neighbour is away, for as long as it takes."""

    name: str
    wants: Mapping[type[KeptFact], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that was not made yet."""

    fact_id: int
    fact: KeptFact
    tries: int


class Outbox:
    """Appends facts and delivers them, one task per listener, in the order of their rows."""

    def __init__(self, database: Database) -> None:
        """Begin without listeners."""
        self._database = database
        self._listeners: tuple[Listener, ...] = ()
        self._news: dict[str, asyncio.Event] = {}

    def connect(self, *listeners: Listener) -> None:
        """Name everyone who is told, before the first fact is appended."""
        self._listeners = listeners
        self._news = {listener.name: asyncio.Event() for listener in listeners}

    def append(self, connection: Connection, *news: KeptFact) -> None:
        """Keep facts, in this order, inside the caller's transaction."""
        if not news:
            return
        kept = connection.execute(
            _KEEP, [{"name": type(fact).__name__, "body": to_json(fact), "at": fact.at} for fact in news]
        )
        wanted = [
            {"fact_id": fact_id, "listener": listener.name}
            for fact_id, fact in zip(kept.scalars(), news, strict=True)
            for listener in self._listeners
            if type(fact) in listener.wants
        ]
        if wanted:
            connection.execute(insert(deliveries), wanted)

    def wake(self) -> None:
        """Say that something was committed; without it the next look comes a second later."""
        for news in self._news.values():
            news.set()

    async def deliver(self) -> None:
        """Deliver until cancelled."""
        async with asyncio.TaskGroup() as group:
            for listener in self._listeners:
                group.create_task(self._serve(listener))

    async def deliver_once(self) -> int:
        """Deliver what waits now, and give back how many facts were told."""
        number = 0
        for listener in self._listeners:
            told = await self._round(listener, [])
            await self._database.in_transaction(partial(_strike_off, listener=listener.name, told=told))
            number += len(told)
        return number

    async def waiting(self) -> dict[str, tuple[int, int]]:
        """Per listener: how many facts wait, and how many were set aside."""
        return await self._database.in_transaction(_count)

    async def waiting_since(self) -> datetime | None:
        """Give when the oldest fact became true that somebody was not told yet; None when all were."""
        return await self._database.in_transaction(_oldest)

    async def _serve(self, listener: Listener) -> None:
        told: list[int] = []
        try:
            while True:
                self._news[listener.name].clear()
                told = await self._round_if_possible(listener, told)
                if told:
                    await asyncio.sleep(BREATH_SECONDS)
                    continue
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news[listener.name].wait(), PAUSE_SECONDS)
        finally:
            # Stopped in the breath: whoever starts next need not tell these again.
            with contextlib.suppress(DatabaseTrouble):
                await self._database.in_transaction(partial(_strike_off, listener=listener.name, told=told))

    async def _round_if_possible(self, listener: Listener, told: list[int]) -> list[int]:
        """A database that is away for a while stops deliveries, not the engine."""
        try:
            return await self._round(listener, told)
        except DatabaseTrouble as error:
            log.warning("数据库不在, 发件箱稍后再送", listener=listener.name, reason=type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            return told

    async def _round(self, listener: Listener, told_before: list[int]) -> list[int]:
        """Strike off what was told before, tell what waits now; a crash in between tells some twice."""
        batch = await self._database.in_transaction(
            partial(_strike_off_and_look, listener=listener.name, told=told_before)
        )
        told: list[int] = []
        for waiting in batch:
            if not await self._tell(listener, waiting):
                break
            told.append(waiting.fact_id)
        return told

    async def _tell(self, listener: Listener, waiting: Waiting) -> bool:
        try:
            await listener.wants[type(waiting.fact)](waiting.fact)
        except (NotNow, DatabaseTrouble):
            return False
        except Exception as error:
            log.exception("事实送达失败", listener=listener.name, fact=type(waiting.fact).__name__)
            reason = type(error).__name__
            await self._database.in_transaction(lambda c: _failed(c, listener.name, waiting, reason))
            return False
        return True


def _strike_off_and_look(connection: Connection, listener: str, told: list[int]) -> list[Waiting]:
    _strike_off(connection, listener, told)
    rows = connection.execute(_WAITING, {"listener": listener})
    found = []
    for row in rows.all():
        try:
            fact = from_json(row.name, row.body)
        except UnknownFact as error:
            log.error("发件箱里有读不懂的事实, 已搁置", listener=listener, reason=str(error))  # noqa: TRY400 - a sentence, no trace
            _note_tries(connection, (listener, row.id), TRIES, type(error).__name__)
        else:
            if isinstance(fact, KeptFact):
                found.append(Waiting(fact_id=row.id, fact=fact, tries=row.tries))
    return found


def _strike_off(connection: Connection, listener: str, told: list[int]) -> None:
    if told:
        connection.execute(_STRIKE_OFF, [{"told": fact_id, "by": listener} for fact_id in told])


def _failed(connection: Connection, listener: str, waiting: Waiting, reason: str) -> None:
    _note_tries(connection, (listener, waiting.fact_id), waiting.tries + 1, reason)


def _note_tries(connection: Connection, delivery: tuple[str, int], tries: int, reason: str) -> None:
    """Count a failure; after the last try the delivery is set aside, with the reason."""
    listener, fact_id = delivery
    connection.execute(
        update(deliveries)
        .where(deliveries.c.fact_id == fact_id, deliveries.c.listener == listener)
        .values(tries=tries, set_aside=reason if tries >= TRIES else "")
    )


def _oldest(connection: Connection) -> datetime | None:
    waiting = select(deliveries.c.fact_id).where(deliveries.c.set_aside == "")
    oldest: datetime | None = connection.execute(
        select(func.min(facts.c.at, type_=Instant)).where(facts.c.id.in_(waiting))
    ).scalar_one()
    return oldest


def _count(connection: Connection) -> dict[str, tuple[int, int]]:
    aside = deliveries.c.set_aside != ""
    rows = connection.execute(
        select(deliveries.c.listener, aside, func.count()).group_by(deliveries.c.listener, aside)
    )
    counted: dict[str, tuple[int, int]] = {}
    for listener, set_aside, number in rows:
        waits, asides = counted.get(listener, (0, 0))
        counted[listener] = (waits, asides + number) if set_aside else (waits + number, asides)
    return counted
