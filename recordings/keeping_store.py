"""留存目录: the tables ``recording_access``, ``recording_holds`` and ``recording_strays``; the long lists."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    Text,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from core.database import Instant, metadata, upsert
from core.ids import CallId, TicketNo
from recordings.model import Access, Act, Hold, Piece, Recording, RecordingState
from recordings.store import piece_of, pieces, read, recordings

access = Table(
    "recording_access",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("who", String(64), nullable=False),
    Column("act", String(16), nullable=False),
    Column("call_id", String(64), nullable=False, index=True),
    Column("reason", String(200), nullable=False),
    Column("given_to", Text, nullable=False),
)
holds = Table(
    "recording_holds",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(64), nullable=False, index=True),
    Column("ticket_no", String(18), nullable=False, index=True),
    Column("reason", String(200), nullable=False),
    Column("held_by", String(64), nullable=False),
    Column("held_at", Instant, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", String(64), nullable=False, server_default=""),
    Column("lifted_for", String(200), nullable=False, server_default=""),
)
strays = Table(
    "recording_strays",
    metadata,
    Column("path", Text, primary_key=True),
    Column("node", String(32), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("why", String(100), nullable=False),
)
_OVER = (RecordingState.EXPIRED.value, RecordingState.DELETED.value)
PAGE = 500
Place = tuple[CallId, int]
"""Where in the list of all pieces one is: after this call, and this number of piece."""
BEGINNING: Place = (CallId(""), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A piece and whose it is."""

    call_id: CallId
    state: RecordingState
    gap: str
    piece: Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """来历不明的文件: listed once; ``why`` it is nobody's."""

    path: str
    node: str
    found_at: datetime
    bytes: int
    why: str


def note_access(connection: Connection, noted: Access) -> None:
    """Write who did what with a recording, and what for."""
    connection.execute(insert(access).values(asdict(noted) | {"act": noted.act.value}))


def accesses_of(connection: Connection, call_id: CallId) -> list[Access]:
    """Give everybody who had to do with a recording, oldest first."""
    query = select(access).where(access.c.call_id == call_id).order_by(access.c.id)
    names = tuple(Access.__dataclass_fields__)
    rows = connection.execute(query).mappings()
    return [Access(**{name: row[name] for name in names} | {"act": Act(row["act"])}) for row in rows]


def add_hold(connection: Connection, hold: Hold) -> None:
    """Write a hold."""
    values = asdict(hold) | {"call_id": hold.call_id or "", "ticket_no": hold.ticket_no or ""}
    connection.execute(insert(holds).values(values))


def lift_holds(connection: Connection, key: CallId | TicketNo, lifted: Mapping[str, object]) -> int:
    """Lift every hold on a call or on a work order; gives how many there were."""
    mine = or_(holds.c.call_id == key, holds.c.ticket_no == key) & holds.c.lifted_at.is_(None)
    return connection.execute(update(holds).where(mine).values(**lifted)).rowcount


def holds_on(connection: Connection, keys: Iterable[CallId | TicketNo]) -> dict[str, list[Hold]]:
    """Give all holds, lifted ones too, on these calls and work orders, oldest first."""
    wanted = list(keys)
    query = select(holds).where(or_(holds.c.call_id.in_(wanted), holds.c.ticket_no.in_(wanted)))
    found: dict[str, list[Hold]] = defaultdict(list)
    names = tuple(Hold.__dataclass_fields__)
    for row in connection.execute(query.order_by(holds.c.id)).mappings():
        known = {name: row[name] for name in names}
        hold = Hold(**known | {"call_id": row["call_id"] or None, "ticket_no": row["ticket_no"] or None})
        found[row["call_id"] or row["ticket_no"]].append(hold)
    return found


def registered_after(connection: Connection, node: str, after: Place, limit: int = PAGE) -> list[Registered]:
    """Give the next pieces of a node whose files should be there, in the order of their calls."""
    query = (
        select(pieces, recordings.c.state, recordings.c.gap)
        .join(recordings, recordings.c.call_id == pieces.c.call_id)
        .where(recordings.c.node == node, recordings.c.state.not_in(_OVER))
        .where(tuple_(pieces.c.call_id, pieces.c.number) > after)
        .order_by(pieces.c.call_id, pieces.c.number)
        .limit(limit)
    )
    return _registered(connection, query)


def registered_at(connection: Connection, paths: Sequence[str]) -> dict[str, Registered]:
    """Give whose these files are, deleted recordings' too, as far as they are anybody's."""
    query = (
        select(pieces, recordings.c.state, recordings.c.gap)
        .join(recordings, recordings.c.call_id == pieces.c.call_id)
        .where(pieces.c.path.in_(paths))
    )
    return {found.piece.path: found for found in _registered(connection, query)}


def strays_at(connection: Connection, paths: Sequence[str]) -> set[str]:
    """Give those of these files that were listed already."""
    return set(connection.execute(select(strays.c.path).where(strays.c.path.in_(paths))).scalars())


def list_stray(connection: Connection, stray: Stray) -> None:
    """List a file that is nobody's; listed twice is listed once."""
    upsert(connection, strays, asdict(stray))


def strays_of(connection: Connection, node: str) -> list[Stray]:
    """Give every file that was listed and not cleared away yet."""
    rows = connection.execute(select(strays).where(strays.c.node == node).order_by(strays.c.path))
    return [Stray(**dict(row)) for row in rows.mappings()]


def forget_strays(connection: Connection, paths: Sequence[str]) -> None:
    """Take files off the list."""
    connection.execute(strays.delete().where(strays.c.path.in_(paths)))


def begun_before(
    connection: Connection, node: str, instant: datetime, after: Recording | None, limit: int = PAGE
) -> list[Recording]:
    """Give a node's next recordings that began before this instant and are not deleted, oldest first."""
    query = (
        select(recordings)
        .where(recordings.c.node == node, recordings.c.at < instant)
        .where(recordings.c.state != RecordingState.DELETED.value)
        .order_by(recordings.c.at, recordings.c.call_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(recordings.c.at, recordings.c.call_id) > (after.at, after.call_id))
    return read(connection, query)


def between(connection: Connection, node: str, begin: datetime, end: datetime) -> list[Recording]:
    """Give a node's recordings that began in ``[begin, end)``, oldest first."""
    query = select(recordings).where(recordings.c.node == node)
    in_this_time = query.where(recordings.c.at >= begin, recordings.c.at < end)
    return read(connection, in_this_time.order_by(recordings.c.at, recordings.c.call_id))


def _registered(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[Registered]:
    return [
        Registered(
            call_id=row["call_id"],
            state=RecordingState(row["state"]),
            gap=row["gap"],
            piece=piece_of(row),
        )
        for row in connection.execute(query).mappings()
    ]
