"""排队的周围: what a stay in a queue needs besides itself, and who writes down what really happened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from simulator.day.members import Switchroom
from simulator.day.telephone import Ringing, Talk, Telephone

if TYPE_CHECKING:
    from simulator.day.stay import Stay


class Witness(Protocol):
    """Whoever writes down what really happened; instants are those of the events that tell it."""

    def queued(self, stay: "Stay", at: datetime) -> None:
        """The citizen is in the queue."""
        ...

    def refused(self, stay: "Stay", how: str, at: datetime) -> None:
        """The citizen was turned away at the door of the queue."""
        ...

    def offered(self, stay: "Stay", ringing: Ringing, at: datetime) -> None:
        """A telephone rings for him."""
        ...

    def offer_over(self, stay: "Stay", ringing: Ringing, at: datetime) -> None:
        """It rings no more."""
        ...

    def answered(self, stay: "Stay", talk: Talk, at: datetime) -> None:
        """A seat talks to him."""
        ...

    def left(self, stay: "Stay", how: str, at: datetime) -> None:
        """His stay is over."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a stay needs: the queues, the telephones by interface, a witness, and the citizen's own ear."""

    room: Switchroom
    telephones: dict[str, Telephone]
    witness: Witness
    begins_to_talk: Callable[[Talk], None]
