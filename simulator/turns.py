"""轮流说话: how robots know whose turn it is, since neither can tell speech from a waiting tone."""

import asyncio
from collections import defaultdict


class Turns:
    """What happened so far in the talk between one citizen and a seat."""

    def __init__(self) -> None:
        """Begin before anybody spoke."""
        self.seat_has_greeted = asyncio.Event()
        self.citizen_has_spoken = asyncio.Event()


class Talks:
    """Finds the turns of a talk by the number that the seat sees on its phone."""

    def __init__(self) -> None:
        """Begin with no talk."""
        self._by_number: defaultdict[str, Turns] = defaultdict(Turns)

    def of(self, number: str) -> Turns:
        """Give the turns of this caller's present talk."""
        return self._by_number[number]

    def forget(self, number: str) -> None:
        """End it: the next talk of this caller begins anew."""
        self._by_number.pop(number, None)
