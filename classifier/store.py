"""推荐存储: the table ``suggestions``, one row per call, so that a suggestion told twice is one."""

from sqlalchemy import JSON, Column, Connection, String, Table, bindparam, select

from core.database import Instant, metadata, upsert
from core.events import SuggestionReady
from core.prepared import Prepared
from core.wire import suggestion_plain

suggestions = Table(
    "suggestions",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("suggestion", JSON, nullable=False),
)
_OF_CALL = Prepared(select(suggestions.c.suggestion).where(suggestions.c.call_id == bindparam("of")))


def put(connection: Connection, fact: SuggestionReady) -> bool:
    """Keep a call's suggestion; False when the same one is kept already."""
    plain = suggestion_plain(fact.suggestion)
    known = _OF_CALL.execute(connection, {"of": fact.call_id})
    if known and known[0]["suggestion"] == plain:
        return False
    upsert(connection, suggestions, {"call_id": fact.call_id, "made_at": fact.at, "suggestion": plain})
    return True
