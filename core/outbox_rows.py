"""发件箱的行: the tables of the outbox, and what is done to them within a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import (
    ClauseElement,
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
    literal,
    select,
    union_all,
    update,
)

from core.database import Instant, metadata
from core.events import KeptFact
from core.prepared import Prepared
from core.wire import UnknownFact, from_json, to_json

log = structlog.get_logger(__name__)

TRIES = 5
"""A fact that a listener cannot take after so many tries is set aside, so that it blocks no other."""
BATCH = 100
OLD_BATCH = 500
EVERYBODY = "*"
"""In the place of a listener, where whoever kept the fact knows none: who delivers next shares it out."""
WantedBy = Mapping[type[KeptFact], Sequence[str]]

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
_KEEP = Prepared(insert(facts).returning(facts.c.id), "name", "body", "at")
_WANTED = Prepared(insert(deliveries), "fact_id", "listener")
_STRIKE_OFF = Prepared(
    delete(deliveries).where(
        deliveries.c.fact_id == bindparam("told"), deliveries.c.listener == bindparam("by")
    )
)
_FOR_EVERYBODY = delete(deliveries).where(deliveries.c.listener == EVERYBODY).returning(deliveries.c.fact_id)
_WAITING: dict[tuple[str, ...], Prepared] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that was not made yet."""

    fact_id: int
    fact: KeptFact
    tries: int


Told = tuple[str, int]
"""A listener and the row of the fact that he was told."""


def keep(connection: Connection, news: Sequence[KeptFact], wanted_by: WantedBy | None) -> None:
    """Write facts, in this order, and a delivery for each who wants them; None: whoever that may be."""
    wanted = [
        {"fact_id": fact_id, "listener": listener}
        for fact_id, fact in ((_kept(connection, fact), fact) for fact in news)
        for listener in ((EVERYBODY,) if wanted_by is None else wanted_by.get(type(fact), ()))
    ]
    if wanted:
        _WANTED.execute(connection, *wanted)


def _kept(connection: Connection, fact: KeptFact) -> int:
    row = {"name": type(fact).__name__, "body": to_json(fact), "at": fact.at}
    return int(_KEEP.execute(connection, row)[0]["id"])


def strike_off_and_look(
    connection: Connection, told: Sequence[Told], listeners: tuple[str, ...], wanted_by: WantedBy
) -> dict[str, list[Waiting]]:
    """Strike off what was told, and give what waits for these listeners, at most a batch for each.

    What another process kept for everybody is shared out before, so that it keeps its place in the order.
    """
    strike_off(connection, told)
    if not listeners:
        return {}
    asked = (*listeners, EVERYBODY)
    if asked not in _WAITING:
        _WAITING[asked] = Prepared(_waiting_for(asked))
    rows = _WAITING[asked].execute(connection, {})
    if any(row["listener"] == EVERYBODY for row in rows):
        _share_out(connection, wanted_by)
        rows = _WAITING[asked].execute(connection, {})
    found: dict[str, list[Waiting]] = {}
    read: dict[int, object] = {}
    for row in rows:
        # What came for everybody in between is shared out at the next look.
        if row["listener"] != EVERYBODY and (waiting := _read(connection, row, read)):
            found.setdefault(row["listener"], []).append(waiting)
    return found


def _share_out(connection: Connection, wanted_by: WantedBy) -> None:
    """Of two who deliver at once only one finds a row that it can take away."""
    taken = connection.execute(_FOR_EVERYBODY).scalars().all()
    names = {kind.__name__: listeners for kind, listeners in wanted_by.items()}
    for begin in range(0, len(taken), BATCH):
        some = facts.c.id.in_(taken[begin : begin + BATCH])
        kept = connection.execute(select(facts.c.id, facts.c.name).where(some)).all()
        wanted = [{"fact_id": row.id, "listener": one} for row in kept for one in names.get(row.name, ())]
        if wanted:
            _WANTED.execute(connection, *wanted)


def strike_off(connection: Connection, told: Iterable[Told]) -> None:
    """Forget deliveries that were made."""
    struck = [{"told": fact_id, "by": listener} for listener, fact_id in told]
    if struck:
        _STRIKE_OFF.execute(connection, *struck)


def forget(connection: Connection, after: int, before: datetime) -> tuple[int, int] | None:
    """Remove of the next rows behind ``after`` those that became true before then and were told.

    Gives the last row that was looked at and how many were removed; None when no more are old enough.
    """
    next_rows = select(facts.c.id, facts.c.at).where(facts.c.id > after).order_by(facts.c.id).limit(OLD_BATCH)
    old = [row.id for row in connection.execute(next_rows) if row.at < before]
    if not old:
        return None
    waiting = select(deliveries.c.fact_id).where(deliveries.c.fact_id.in_(old))
    gone = connection.execute(delete(facts).where(facts.c.id.in_(old), facts.c.id.not_in(waiting)))
    return old[-1], gone.rowcount


def note_failure(connection: Connection, listener: str, waiting: Waiting, reason: str) -> None:
    """Count a try that failed; after the last the delivery is set aside, with the reason."""
    _note_tries(connection, (listener, waiting.fact_id), waiting.tries + 1, reason)


def oldest(connection: Connection) -> datetime | None:
    """Give when the oldest fact became true that somebody was not told yet."""
    waiting = select(deliveries.c.fact_id).where(deliveries.c.set_aside == "")
    found: datetime | None = connection.execute(
        select(func.min(facts.c.at, type_=Instant)).where(facts.c.id.in_(waiting))
    ).scalar_one()
    return found


def count(connection: Connection) -> dict[str, tuple[int, int]]:
    """Give per listener how many facts wait, and how many were set aside."""
    aside = deliveries.c.set_aside != ""
    rows = connection.execute(
        select(deliveries.c.listener, aside, func.count()).group_by(deliveries.c.listener, aside)
    )
    counted: dict[str, tuple[int, int]] = {}
    for listener, set_aside, number in rows:
        waits, asides = counted.get(listener, (0, 0))
        counted[listener] = (waits, asides + number) if set_aside else (waits + number, asides)
    return counted


def _waiting_for(listeners: tuple[str, ...]) -> ClauseElement:
    """One statement for all: whoever is told nothing costs one step into the index."""
    parts = [
        select(
            literal(name).label("listener"),
            facts.c.id,
            facts.c.name,
            facts.c.body,
            deliveries.c.tries,
        )
        .join(deliveries, deliveries.c.fact_id == facts.c.id)
        .where(deliveries.c.listener == name, deliveries.c.set_aside == "")
        .order_by(deliveries.c.fact_id)
        .limit(BATCH)
        .subquery()
        for name in listeners
    ]
    return union_all(*(select(part) for part in parts))


def _read(connection: Connection, row: Mapping[str, Any], read: dict[int, object]) -> Waiting | None:
    """Give a delivery; a fact that several want is read once, for none of them can change it."""
    try:
        fact = read[row["id"]] = read.get(row["id"]) or from_json(row["name"], row["body"])
    except UnknownFact as error:
        log.error("发件箱里有读不懂的事实, 已搁置", listener=row["listener"], reason=str(error))  # noqa: TRY400 - a sentence, no trace
        _note_tries(connection, (row["listener"], row["id"]), TRIES, type(error).__name__)
        return None
    return Waiting(fact_id=row["id"], fact=fact, tries=row["tries"]) if isinstance(fact, KeptFact) else None


def _note_tries(connection: Connection, delivery: tuple[str, int], tries: int, reason: str) -> None:
    listener, fact_id = delivery
    connection.execute(
        update(deliveries)
        .where(deliveries.c.fact_id == fact_id, deliveries.c.listener == listener)
        .values(tries=tries, set_aside=reason if tries >= TRIES else "")
    )
