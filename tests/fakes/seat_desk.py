"""A seat desk that does whatever it is asked, and remembers it."""

from dataclasses import dataclass, field

from core.ids import SeatNo
from ivr.seat_desk import Answer, Wish


@dataclass(kw_only=True)
class FakeSeatDesk:
    """Answers ``answer`` to everything, or raises ``trouble``."""

    answer: Answer = Answer.DONE
    trouble: Exception | None = None
    wishes: list[tuple[SeatNo, Wish, str]] = field(default_factory=list)

    async def wish(self, seat: SeatNo, wish: Wish, about: str = "") -> Answer:
        self.wishes.append((seat, wish, about))
        if self.trouble:
            raise self.trouble
        return self.answer
