"""通话小结: what the rows say of a call that has ended, for its line in the call log."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from app.call_log_lines import CallSummary, milliseconds, to_the_millisecond
from core.database import Connection, Database
from core.ids import CallId
from queue_manager import store
from queue_manager.model import CallRow


class CallRows:
    """Reads from the database."""

    def __init__(self, database: Database) -> None:
        """Read beside the journal, which has written before it told."""
        self._database = database

    async def summary_of(self, call_id: CallId) -> CallSummary | None:
        """Sum up a call that has ended; None when there is no row of it."""
        return await self._database.in_transaction(partial(_summary_of, call_id=call_id))


def _summary_of(connection: Connection, call_id: CallId) -> CallSummary | None:
    row = store.call_of(connection, call_id)
    if row is None or row.end_reason is None:
        return None
    return CallSummary(
        caller=row.caller,
        queues=(row.queue,) if row.queue else (),
        seats=(row.seat,) if row.seat else (),
        waited_seconds=row.waited_seconds,
        talk_seconds=row.talk_seconds,
        hold_seconds=0.0,
        end_reason=row.end_reason,
        more=_more(row),
    )


def _more(row: CallRow) -> Mapping[str, Any]:
    known = {
        "arrived_at": to_the_millisecond(row.arrived_at) if row.arrived_at else None,
        "dialled": row.dialled,
        "greeting_ms": _between(row.arrived_at, row.queued_at or row.gone_at),
        "total_ms": _between(row.arrived_at, row.gone_at),
    }
    return {name: value for name, value in known.items() if value not in (None, "")}


def _between(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    return max(0, milliseconds((until - since).total_seconds()))
