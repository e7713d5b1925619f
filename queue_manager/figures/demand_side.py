"""诉求指标: whether one call was enough."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from queue_manager.figures.facts import Contact, Demand
from queue_manager.figures.figure import Reading, rate

SETTLED_WITHIN = timedelta(days=7)
REPEATED_WITHIN = timedelta(days=30)


def readings(demands: Iterable[Demand]) -> dict[str, Reading]:
    """Give the figures; see the rule book."""
    known = list(demands)
    valid = [demand for demand in known if demand.fresh and demand.valid]
    closed = [demand for demand in known if demand.fresh and demand.closed]
    repeats = [again for demand in known for again in _repeats(demand.contacts)]
    return {
        "direct_answer_rate": rate(
            sum(demand.closed and not demand.dispatched for demand in valid), len(valid)
        ),
        "first_contact_resolution": rate(sum(not _came_back(demand) for demand in closed), len(closed)),
        "repeat_call_rate": rate(sum(repeats), len(repeats)),
    }


def _came_back(demand: Demand) -> bool:
    times = sorted(contact.at for contact in demand.contacts)
    return len(times) > 1 and times[1] - times[0] <= SETTLED_WITHIN


def _repeats(contacts: Sequence[Contact]) -> Iterator[bool]:
    """Say for each call about a demand whether its number had called about it shortly before.

    Two callers who withhold their numbers need not be the same one.
    """
    last: dict[str, datetime] = {}
    for contact in sorted(contacts, key=lambda contact: contact.at):
        before = last.get(contact.number) if contact.number else None
        if contact.counted:
            yield before is not None and contact.at - before <= REPEATED_WITHIN
        last[contact.number] = contact.at
