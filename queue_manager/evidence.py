"""证据: the sightings of one call in the order of time, without what repeats what was seen better.

Asterisk's queue log has whole seconds and repeats what AMI saw; reconciliation only concludes. Where an
exact sighting tells the same, theirs is left out.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import timedelta

from queue_manager.sightings import Mouth, Seen, Sighting

RANK = {kind: number for number, kind in enumerate(Seen)}
TRUST = {mouth: number for number, mouth in enumerate(Mouth)}
INEXACT = frozenset({Mouth.QUEUE_LOG, Mouth.RECONCILIATION, Mouth.EARLIER, Mouth.CEL})
LATE = timedelta(seconds=2)
"""A line of the queue log is dated with the end of its second, and Asterisk writes it a little later."""
EARLY = timedelta(seconds=1)
ABOUT = timedelta(seconds=3)
"""How well reconciliation knows when somebody entered a queue."""
ECHO = timedelta(minutes=1)
"""Whoever else sees an arrival sees it by then."""
ONCE = frozenset({Seen.ARRIVED, Seen.GONE})
"""Happens once in a call, whoever saw it."""


def in_order(seen: Iterable[Sighting]) -> list[Sighting]:
    """Sort by time; leave out doubles, and what an exacter mouth tells as well."""
    ordered = sorted(frozenset(seen), key=_place)
    if all(sighting.mouth not in INEXACT for sighting in ordered):
        return ordered
    kept: list[Sighting] = []
    for sighting in sorted(ordered, key=lambda one: TRUST[one.mouth]):
        if sighting.mouth not in INEXACT or not any(_repeats(sighting, other) for other in kept):
            kept.append(sighting)
    return sorted(kept, key=_place)


def without_echoes(fresh: AbstractSet[Sighting], known: AbstractSet[Sighting]) -> frozenset[Sighting]:
    """Leave out of ``fresh`` arrivals that tell what an earlier one told: several mouths see each."""
    arrivals = [sighting for sighting in (*fresh, *known) if sighting.kind is Seen.ARRIVED]
    if len(arrivals) < 2:
        return frozenset(fresh)
    first = min(arrivals, key=_place)
    return frozenset(s for s in fresh if s == first or not _echoes(s, first))


def _echoes(sighting: Sighting, first: Sighting) -> bool:
    said = (sighting.kind, sighting.caller, sighting.dialled, sighting.detail)
    return sighting.at - first.at <= ECHO and said == (
        first.kind,
        first.caller,
        first.dialled,
        first.detail,
    )


def _place(sighting: Sighting) -> tuple[object, ...]:
    return (
        sighting.at,
        RANK[sighting.kind],
        TRUST[sighting.mouth],
        sighting.queue,
        sighting.seat,
        sighting.detail,
        sighting.target,
        sighting.position,
        sighting.seconds,
        sighting.caller,
        sighting.dialled,
    )


def _repeats(inexact: Sighting, known: Sighting) -> bool:
    """Tell whether ``inexact`` is what ``known`` is, seen less well."""
    if inexact.kind is not known.kind or inexact.kind in ONCE:
        return False
    if inexact.mouth is Mouth.RECONCILIATION and inexact.kind is Seen.ANSWERED:
        return inexact.seat in ("", known.seat)
    if (inexact.queue, inexact.seat) != (known.queue, known.seat):
        return False
    late, early = (ABOUT, ABOUT) if inexact.mouth is Mouth.RECONCILIATION else (LATE, EARLY)
    return inexact.at - late <= known.at <= inexact.at + early
