"""座席名单: the seats that Asterisk is configured with, in a file: a projection of the table of seats.

Asterisk is started before any database is, so its seats cannot be read from there.
"""

import json
from collections.abc import Iterable, Sequence

from app.instance import Instance
from core.ids import SeatNo

FILE = "seats.json"


def seats_of(instance: Instance) -> list[SeatNo]:
    """Give the seats, by number."""
    return sorted(_read(instance))


def supervisors_of(instance: Instance) -> frozenset[SeatNo]:
    """Give those of them that are a supervisor's (班长)."""
    return frozenset(seat for seat, supervisor in _read(instance).items() if supervisor)


def put_seats(instance: Instance, seats: Iterable[tuple[SeatNo, bool]]) -> None:
    """Write the whole list: number, and whether it is a supervisor's."""
    file = instance.folder / FILE
    file.write_text(json.dumps({seat: {"supervisor": supervisor} for seat, supervisor in seats}, indent=1))
    instance.give_away(file)


def add_seats(instance: Instance, seats: Sequence[SeatNo]) -> None:
    """Put those on the list that are not."""
    known = _read(instance)
    if set(seats) - set(known):
        put_seats(instance, (dict.fromkeys(seats, False) | known).items())


def _read(instance: Instance) -> dict[SeatNo, bool]:
    file = instance.folder / FILE
    if not file.exists():
        return {}
    plain = json.loads(file.read_text())
    if isinstance(plain, list):
        # as the first version wrote it
        return {SeatNo(seat): False for seat in plain}
    return {SeatNo(seat): marks["supervisor"] for seat, marks in plain.items()}
