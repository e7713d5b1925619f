"""录音目录: the table ``recordings``."""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Float, String, Table, Text, select

from core.database import Instant, metadata, upsert
from core.events import RecordingReady
from core.ids import CallId
from recordings.model import Recording, RecordingState

recordings = Table(
    "recordings",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("path", Text, nullable=False),
    Column("node", String(32), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("duration_seconds", Float, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("gap", String(200), nullable=False),
)
_FIELDS = tuple(Recording.__dataclass_fields__)

Append = Callable[[Connection, RecordingReady], None]


def recording_of(connection: Connection, call_id: CallId) -> Recording | None:
    """Give the recording of a call, with the path where it lies now; None when there is none."""
    query = select(recordings).where(recordings.c.call_id == call_id)
    found = connection.execute(query).mappings().first()
    return _recording(dict(found)) if found else None


def begin(connection: Connection, recording: Recording) -> None:
    """Write a recording that has just begun; one that is known stays as it is."""
    if recording_of(connection, recording.call_id) is None:
        put(connection, recording)


def finish(connection: Connection, recording: Recording, fact: RecordingReady, append: Append) -> None:
    """Write that nothing more will be added, and append the fact, once."""
    known = recording_of(connection, recording.call_id)
    if known is not None and known.state is RecordingState.GROWING:
        put(connection, recording)
        append(connection, fact)


def mark_heard(connection: Connection, call_id: CallId, *, failed: bool) -> None:
    """Write that a complete recording was heard; one that failed only if there is nothing to try again."""
    known = recording_of(connection, call_id)
    if known is None or known.state is not RecordingState.READY:
        return
    if not failed or not known.bytes:
        put(connection, replace(known, state=RecordingState.HEARD))


def unheard(connection: Connection, node: str) -> list[Recording]:
    """Give a node's complete recordings that have no words yet, oldest first."""
    rows = connection.execute(
        select(recordings)
        .where(recordings.c.node == node, recordings.c.state == RecordingState.READY.value)
        .order_by(recordings.c.at)
    ).mappings()
    return [_recording(dict(row)) for row in rows]


def heard_before(connection: Connection, node: str, began: datetime) -> list[Recording]:
    """Give a node's recordings that began earlier than this and wait to be compressed, oldest first."""
    rows = connection.execute(
        select(recordings)
        .where(recordings.c.node == node, recordings.c.state == RecordingState.HEARD.value)
        .where(recordings.c.at < began, recordings.c.bytes > 0)
        .order_by(recordings.c.at)
    ).mappings()
    return [_recording(dict(row)) for row in rows]


def put(connection: Connection, recording: Recording) -> None:
    """Write a recording, new or changed."""
    upsert(connection, recordings, asdict(recording) | {"state": recording.state.value})


def _recording(row: dict[str, object]) -> Recording:
    known = {name: row[name] for name in _FIELDS}
    return Recording(**known | {"state": RecordingState(str(row["state"]))})  # type: ignore[arg-type]  # columns are fields
