"""转写存储: the table ``transcripts``, one row per call."""

import json
from dataclasses import replace
from typing import cast

from sqlalchemy import JSON, Column, Connection, String, Table, Text, bindparam, select

from asr.transcript import citizen_text
from core.database import Instant, metadata, upsert
from core.events import TranscriptReady
from core.ids import CallId
from core.prepared import Prepared
from core.wire import from_json, to_json

transcripts = Table(
    "transcripts",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("model", String(100), nullable=False),
    Column("outcome", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("segments", JSON, nullable=False),
    Column("citizen_text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)
_OF_CALL, _OUTCOME_OF = (
    Prepared(select(asked).where(transcripts.c.call_id == bindparam("of")))
    for asked in (transcripts, transcripts.c.outcome)
)


def keep(connection: Connection, fact: TranscriptReady) -> bool:
    """Write a transcript; False when nothing new was told.

    The same twice changes nothing, and one that is done is never replaced by one that failed.
    """
    known = transcript_of(connection, fact.call_id)
    if known is not None and (_same(known, fact) or _worse(fact, known)):
        return False
    upsert(
        connection,
        transcripts,
        {
            "call_id": fact.call_id,
            "model": fact.model,
            "outcome": fact.outcome,
            "reason": fact.reason,
            "segments": json.loads(to_json(fact))["segments"],
            "citizen_text": citizen_text(fact.segments),
            "created_at": fact.at,
        },
    )
    return True


def transcript_of(connection: Connection, call_id: CallId) -> TranscriptReady | None:
    """Give what was heard in a call; None when it was not heard yet."""
    found = _OF_CALL.execute(connection, {"of": call_id})
    if not found:
        return None
    row = found[0]
    told = {name: row[name] for name in ("call_id", "model", "outcome", "reason", "segments")}
    body = json.dumps(told | {"at": row["created_at"].isoformat()})
    return cast("TranscriptReady", from_json(TranscriptReady.__name__, body))


def outcome_of(connection: Connection, call_id: CallId) -> str | None:
    """Give how hearing a call ended; None when it was not heard yet."""
    found = _OUTCOME_OF.execute(connection, {"of": call_id})
    return str(found[0]["outcome"]) if found else None


def _same(one: TranscriptReady, other: TranscriptReady) -> bool:
    return replace(one, at=other.at) == other


def _worse(one: TranscriptReady, other: TranscriptReady) -> bool:
    return one.outcome != "done" and other.outcome == "done"
