"""录音目录: the tables ``recordings``, ``recording_pieces`` and ``recording_gaps``."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from core.database import Instant, insert_into, metadata, upsert
from core.ids import CallId
from core.prepared import Prepared, Row
from recordings.model import Codec, Condition, Gap, GapReason, Piece, Recording, RecordingState

recordings = Table(
    "recordings",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("node", String(32), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("gap", String(200), nullable=False),
    Column("deleted_at", Instant),
    Column("deleted_for", String(200), nullable=False, server_default=""),
)
pieces = Table(
    "recording_pieces",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("path", Text, nullable=False, index=True),
    Column("from_at", Instant, nullable=False),
    Column("to_at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("codec", String(8), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("condition", String(16), nullable=False),
)
gaps = Table(
    "recording_gaps",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("from_at", Instant, primary_key=True),
    Column("reason", String(32), primary_key=True),
    Column("to_at", Instant, nullable=False),
    Column("about", String(200), nullable=False),
)
_HEAD = tuple(column.name for column in recordings.columns)
_PIECE = tuple(Piece.__dataclass_fields__)
_GAP = tuple(Gap.__dataclass_fields__)
_piece_fields, _gap_fields = attrgetter(*_PIECE), attrgetter(*_GAP)

# Statements that are executed for every call are built once: building costs more than executing.
_BEGIN = Prepared(
    lambda dialect: insert_into(recordings, dialect).on_conflict_do_nothing().returning(recordings.c.call_id),
    *_HEAD,
)
_ADD_PIECES = Prepared(insert(pieces), *(column.name for column in pieces.columns))
_DROP_GAPS = Prepared(delete(gaps).where(gaps.c.call_id == bindparam("of")))
_HEAD_OF = select(recordings).where(recordings.c.call_id == bindparam("of"))
_HEADS_OF, _LOCKED_HEADS_OF = Prepared(_HEAD_OF), Prepared(_HEAD_OF.with_for_update())
_PIECES_OF = Prepared(select(pieces).where(pieces.c.call_id == bindparam("of")).order_by(pieces.c.number))
_GAPS_OF = Prepared(
    select(gaps).where(gaps.c.call_id == bindparam("of")).order_by(gaps.c.from_at, gaps.c.reason)
)
_ADOPTED = Prepared(
    select(recordings)
    .where(recordings.c.node == bindparam("at_node"), recordings.c.state == RecordingState.ADOPTED.value)
    .order_by(recordings.c.at)
)
_READY = RecordingState.READY.value
_MARKED = (
    update(recordings)
    .where(recordings.c.call_id == bindparam("call"), recordings.c.state == _READY)
    .values(state=RecordingState.HEARD.value)
)
_HEARD = Prepared(_MARKED)
_HEARD_IN_VAIN = Prepared(
    _MARKED.where(~exists().where(pieces.c.call_id == bindparam("call"), pieces.c.bytes > 0))
)


def recording_of(connection: Connection, call_id: CallId) -> Recording | None:
    """Give the recording of a call, with the path where it lies now; None when there is none."""
    return _recording(connection, _HEADS_OF.execute(connection, {"of": call_id}))


def recordings_of(connection: Connection, call_ids: Sequence[CallId]) -> dict[CallId, Recording]:
    """Give the recordings of these calls, as far as there are any."""
    found = read(connection, select(recordings).where(recordings.c.call_id.in_(call_ids)))
    return {recording.call_id: recording for recording in found}


def register(connection: Connection, recording: Recording) -> bool:
    """Write a recording to which nothing more will be added, once; False when it was known."""
    head = {name: getattr(recording, name) for name in _HEAD} | {"state": recording.state.value}
    if not _BEGIN.execute(connection, head):
        return False
    _ADD_PIECES.execute(connection, *(_piece_row(recording.call_id, piece) for piece in recording.pieces))
    upsert(connection, gaps, *(_gap_row(recording.call_id, gap) for gap in recording.gaps))
    return True


def put(connection: Connection, recording: Recording) -> None:
    """Write a whole manifest, new or changed; a gap that was closed goes, a piece never does."""
    head = {name: getattr(recording, name) for name in _HEAD} | {"state": recording.state.value}
    upsert(connection, recordings, head)
    upsert(connection, pieces, *(_piece_row(recording.call_id, piece) for piece in recording.pieces))
    _DROP_GAPS.execute(connection, {"of": recording.call_id})
    upsert(connection, gaps, *(_gap_row(recording.call_id, gap) for gap in recording.gaps))


def locked(connection: Connection, call_id: CallId) -> Recording | None:
    """Give a recording that nobody else can change before this transaction ends; None when there is none."""
    # SQLite has one writer anyway, and leaves the clause out.
    return _recording(connection, _LOCKED_HEADS_OF.execute(connection, {"of": call_id}))


def mark_heard(connection: Connection, call_id: CallId, *, failed: bool) -> None:
    """Write that a complete recording was heard; one that failed only if there is nothing to try again."""
    (_HEARD_IN_VAIN if failed else _HEARD).execute(connection, {"call": call_id})


def adopted(connection: Connection, node: str) -> list[Recording]:
    """Give a node's recordings that a sweep found and nobody was told of, oldest first."""
    heads = _ADOPTED.execute(connection, {"at_node": node})
    return [found for head in heads if (found := _recording(connection, [head]))]


def unheard(connection: Connection, node: str) -> list[Recording]:
    """Give a node's complete recordings that have no words yet, oldest first."""
    return read(
        connection,
        select(recordings)
        .where(recordings.c.node == node, recordings.c.state == _READY)
        .order_by(recordings.c.at),
    )


def heard_before(connection: Connection, node: str, began: datetime) -> list[Recording]:
    """Give a node's recordings that began earlier than this and wait to be compressed, oldest first."""
    return read(
        connection,
        select(recordings)
        .where(recordings.c.node == node, recordings.c.state == RecordingState.HEARD.value)
        .where(recordings.c.at < began)
        .where(exists().where(pieces.c.call_id == recordings.c.call_id, pieces.c.bytes > 0))
        .order_by(recordings.c.at),
    )


def read(connection: Connection, heads: Select[tuple[object, ...]]) -> list[Recording]:
    """Give the whole recordings that a query over ``recordings`` chooses, in its order."""
    chosen = heads.with_only_columns(recordings.c.call_id)
    found = connection.execute(heads).mappings().all()
    if not found:
        return []
    rows = select(pieces).where(pieces.c.call_id.in_(chosen)).order_by(pieces.c.number)
    of_call = _by_call(connection.execute(rows).mappings())
    rows = select(gaps).where(gaps.c.call_id.in_(chosen)).order_by(gaps.c.from_at, gaps.c.reason)
    missing = _by_call(connection.execute(rows).mappings())
    return [_put_together(head, of_call[head["call_id"]], missing[head["call_id"]]) for head in found]


def _recording(connection: Connection, heads: Sequence[Row]) -> Recording | None:
    """Read what belongs to the only head, if there is one."""
    if not heads:
        return None
    of = {"of": heads[0]["call_id"]}
    return _put_together(heads[0], _PIECES_OF.execute(connection, of), _GAPS_OF.execute(connection, of))


def _put_together(head: Row, of_call: Iterable[Row], missing: Iterable[Row]) -> Recording:
    return Recording(
        **{name: head[name] for name in _HEAD}
        | {
            "state": RecordingState(head["state"]),
            "pieces": tuple(map(piece_of, of_call)),
            "gaps": tuple(map(_gap_of, missing)),
        }
    )


def piece_of(row: Row) -> Piece:
    """Read a row of ``recording_pieces``."""
    known = {name: row[name] for name in _PIECE}
    return Piece(**known | {"codec": Codec(row["codec"]), "condition": Condition(row["condition"])})


def _gap_of(row: Row) -> Gap:
    known = {name: row[name] for name in _GAP}
    return Gap(**known | {"reason": GapReason(row["reason"])})


def _by_call(rows: Iterable[Row]) -> dict[str, list[Row]]:
    of_call: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_call[row["call_id"]].append(row)
    return of_call


def _piece_row(call_id: CallId, piece: Piece) -> dict[str, object]:
    known = dict(zip(_PIECE, _piece_fields(piece), strict=True))
    return known | {"call_id": call_id, "codec": piece.codec.value, "condition": piece.condition.value}


def _gap_row(call_id: CallId, gap: Gap) -> dict[str, object]:
    known = dict(zip(_GAP, _gap_fields(gap), strict=True))
    return known | {"call_id": call_id, "reason": gap.reason.value}
