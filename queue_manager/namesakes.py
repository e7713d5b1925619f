"""重号: Asterisk's number of a call seen again for another call; each call keeps a row of its own.

Asterisk names a call after the second of its arrival and a counter that begins anew with every restart.
When its clock was set back as well, a name can come twice. A citizen arrives once; so one who arrives under
the same name more than an hour later is somebody else.
"""

from collections.abc import Set as AbstractSet
from datetime import timedelta

from core.ids import CallId
from queue_manager.sightings import Mouth, Seen, Sighting, Vanished

APART = timedelta(hours=1)
A_MOMENT = timedelta(seconds=2)
"""So long before its arrival something of the new call may have been seen."""
MARK = "~"


def parts_of(call_id: CallId, seen: AbstractSet[Sighting]) -> list[tuple[CallId, frozenset[Sighting]]]:
    """Part what was seen under one name into calls: the first keeps the name, the next is ``name~2``.

    A call that must have ended before the next arrived, but was not seen to, has vanished by then.
    """
    arrivals = sorted(sighting.at for sighting in seen if sighting.kind is Seen.ARRIVED)
    if not arrivals or arrivals[-1] - arrivals[0] <= APART:
        return [(call_id, frozenset(seen))]
    begins = [arrivals[0]]
    for at in arrivals:
        if at - begins[-1] > APART:
            begins.append(at)
    parts: list[set[Sighting]] = [set() for _ in begins]
    for sighting in seen:
        later = sum(sighting.at >= begin - A_MOMENT for begin in begins[1:])
        parts[later].add(sighting)
    for part, next_begin in zip(parts, begins[1:], strict=False):
        if not any(sighting.kind is Seen.GONE for sighting in part):
            part.add(
                Sighting(
                    call_id=call_id,
                    at=next_begin - A_MOMENT,
                    kind=Seen.GONE,
                    mouth=Mouth.RECONCILIATION,
                    detail=Vanished.UNSEEN,
                )
            )
    return [(named(call_id, number), frozenset(part)) for number, part in enumerate(parts, 1)]


def named(call_id: CallId, number: int) -> CallId:
    """Give the name of the ``number``-th call of this name."""
    return call_id if number == 1 else CallId(f"{call_id}{MARK}{number}")


def base_of(call_id: CallId) -> CallId:
    """Give the name by which Asterisk knows a call."""
    return CallId(call_id.partition(MARK)[0])
