"""重复: what must never be there twice: a draft for one call, a ringing telephone for two citizens.

Both are counted from what the engine itself wrote down and told, so that it can be found out.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from app.rehearsal_tolerance import TOLERANCE
from core.database import Connection
from core.ids import CallId, TicketNo
from queue_manager import store
from queue_manager.figures.figure import Window

Draft = tuple[CallId, TicketNo]


class _Taken(NamedTuple):
    """Whom something was taken up with, and from when until when; ``vague`` in a gap."""

    since: datetime
    until: datetime
    vague: bool


def doubly_drafted(written: Iterable[Draft], told: Collection[Draft]) -> int:
    """Count drafts beyond the first of a call, and calls beyond the first of a number.

    The table has room for one draft per call, so a second one would only be known to those who were told.
    """
    written = list(written)
    drafts = [*written, *(set(told) - set(written))]
    doubles = (Counter(call_id for call_id, _ in drafts), Counter(number for _, number in drafts))
    return sum(times - 1 for counted in doubles for times in counted.values())


def doubly_rung(connection: Connection, window: Window, hidden: Collection[str]) -> int:
    """Count offers to a seat that rings or talks, and of a citizen for whom another telephone rings.

    ``hidden`` are the calls that touch a gap: there two ringings may share a second.
    """
    of_seats, of_calls = defaultdict[str, list[_Taken]](list), defaultdict[str, list[_Taken]](list)
    for offer in store.offers_between(connection, window.since, window.until):
        until = offer.ended_at or window.until
        taken = _Taken(offer.offered_at, until, offer.call_id in hidden)
        of_seats[offer.seat].append(taken)
        of_calls[offer.call_id].append(taken)
    for talk in store.segments_between(connection, window.since, window.until):
        if talk.seat is not None and talk.answered_at is not None:
            until = talk.ended_at or window.until
            of_seats[talk.seat].append(_Taken(talk.answered_at, until, talk.call_id in hidden))
    return sum(map(_overlaps, (*of_seats.values(), *of_calls.values())))


def _overlaps(taken: list[_Taken]) -> int:
    """Count what began before something else was over."""
    number, last = 0, None
    for one in sorted(taken):
        if last is not None:
            slack = TOLERANCE if one.vague or last.vague else timedelta()
            number += one.since + slack < last.until
        if last is None or one.until > last.until:
            last = one
    return number
