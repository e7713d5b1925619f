"""座席登记: which positions there are; Asterisk's configuration is a projection of this list."""

import re

from core.clock import Clock
from core.database import Database
from core.errors import HotlineError
from core.ids import SeatNo
from queue_manager import store
from queue_manager.model import SeatRow

_NUMBER = re.compile(r"[1-9][0-9]{2,5}")


class WrongSeatNumber(HotlineError):
    """座席号应当是 3 到 6 位数字、不以 0 开头,例如 8001。"""


class NoSuchSeat(HotlineError):
    """没有这个座席号:用 ./hotline seat list 看有哪些。"""


class SeatRegister:
    """Adds, lists and removes seats, at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on this database."""
        self._database = database
        self._clock = clock

    def add(self, number: str, name: str) -> SeatRow:
        """添加座席; adding it again renames it. Raises WrongSeatNumber."""
        if not _NUMBER.fullmatch(number):
            raise WrongSeatNumber(given=repr(number))
        seat = SeatRow(number=SeatNo(number), name=name or number, added_at=self._clock.now())
        self._database.now(lambda connection: store.put_seat(connection, seat))
        return seat

    def all(self) -> list[SeatRow]:
        """列出座席, by number."""
        return self._database.now(store.seats_known)

    def remove(self, number: str) -> None:
        """移除座席. Raises NoSuchSeat."""
        if not self._database.now(lambda connection: store.drop_seat(connection, SeatNo(number))):
            raise NoSuchSeat(number=number)
