"""抽查: which closed work orders are looked at again, drawn by chance, of every unit by itself."""

from collections import defaultdict
from collections.abc import Iterable
from random import Random

from core.ids import TicketNo

EVERY_ONE = 100
Drawn = tuple[TicketNo, str]
"""A work order and the unit that closed it."""


def drawn(closed: Iterable[Drawn], percent: int, chance: Random) -> list[Drawn]:
    """Draw ⌈percent⌉ of what each unit closed: nobody is never looked at. By unit and number."""
    of_unit: defaultdict[str, list[Drawn]] = defaultdict(list)
    for one in closed:
        of_unit[one[1]].append(one)
    found = [
        one for own in of_unit.values() for one in chance.sample(own, -(-len(own) * percent // EVERY_ONE))
    ]
    return sorted(found, key=lambda one: (one[1], one[0]))
