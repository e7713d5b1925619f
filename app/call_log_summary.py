"""通话小结: what the rows say of a call that has ended, for its line in the call log."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from app.call_log_lines import CallSummary, milliseconds, to_the_millisecond
from app.call_log_words import OFFERS, PARTIES
from core.database import Connection, Database
from core.ids import CallId
from queue_manager import store
from queue_manager.model import CallRow, OfferRow

URGENT, ORDINARY = "加急", "一般"


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
    segments = store.segments_of(connection, call_id)
    offers = store.offers_of(connection, call_id) if row.offered_at else []
    return CallSummary(
        caller=row.caller,
        queues=_once(segment.queue for segment in segments),
        seats=_once(segment.seat for segment in segments),
        waited_seconds=row.waited_seconds,
        talk_seconds=row.talk_seconds,
        hold_seconds=row.hold_seconds,
        end_reason=row.end_reason,
        more=_more(row, offers),
    )


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    """Give names in the order in which they come first."""
    return tuple(dict.fromkeys(name for name in names if name))


def _more(row: CallRow, offers: Iterable[OfferRow]) -> Mapping[str, Any]:
    known = {
        "arrived_at": to_the_millisecond(row.arrived_at) if row.arrived_at else None,
        "dialled": row.dialled,
        "urgency": URGENT if row.urgent_at else ORDINARY,
        "greeting_ms": _between(row.arrived_at, row.queued_at or row.gone_after),
        "offers": [f"{offer.seat}{_outcome(offer)}" for offer in offers],
        "transfers": row.transfers or None,
        "ended_by": PARTIES[row.ended_by],
        "total_ms": _between(row.arrived_at, row.gone_after),
        "gap": row.gap,
    }
    return {name: value for name, value in known.items() if value not in (None, "", [])}


def _outcome(offer: OfferRow) -> str:
    seconds = f"{offer.ring_seconds:.0f}秒"
    return f"振铃{seconds}{OFFERS[offer.outcome]}" if offer.outcome else f"振铃{seconds}"


def _between(since: datetime | None, until: datetime | None) -> int | None:
    if since is None or until is None:
        return None
    return max(0, milliseconds((until - since).total_seconds()))
