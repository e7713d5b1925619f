"""座席登记: which positions there are and what they can do; Asterisk's configuration projects it."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import QueueName, SeatNo
from queue_manager import seat_store
from queue_manager.seat_rules import INTAKE
from queue_manager.seat_state import Seat

_NUMBER = re.compile(r"[1-9][0-9]{2,5}")
LAST_PENALTY = 99
"""A seat that let a call ring in vain is put behind all others by more than that."""


class WrongSeatNumber(HotlineError):
    """座席号应当是 3 到 6 位数字、不以 0 开头,例如 8001。"""


class NoSuchSeat(HotlineError):
    """没有这个座席号:用 ./hotline seat list 看有哪些。"""


class NoSuchQueue(HotlineError):
    """没有这个技能组:配置档的 seats.toml 里写着有哪些,加上以后重新运行 ./hotline up。"""


class WrongPenalty(HotlineError):
    """优先级应当是 0 到 99 的整数,0 最先接,数字大的在前面的都忙时才接。"""


class LastSkill(HotlineError):
    """这是该座席唯一的技能组,不能拿掉:先加别的技能组,或移除整个座席。"""


def check_number(number: str) -> None:
    """Raise WrongSeatNumber for what is none."""
    if not _NUMBER.fullmatch(number):
        raise WrongSeatNumber(given=repr(number))


def check_queue(queue: str, known: Collection[str]) -> None:
    """Raise NoSuchQueue, with those that there are, for what is none."""
    if queue not in known:
        raise NoSuchQueue(given=queue, known=" ".join(known))


class SeatRegister:
    """Adds, changes, lists and removes seats, at once."""

    def __init__(self, database: Database, clock: Clock, queues: Collection[QueueName] = (INTAKE,)) -> None:
        """Work on this database; a seat can serve these queues."""
        self._database = database
        self._clock = clock
        self._queues = queues

    @property
    def queues(self) -> Collection[QueueName]:
        """Give the queues that a seat can serve."""
        return self._queues

    def add(self, number: str, name: str = "", *, supervisor: bool | None = None) -> Seat:
        """添加座席; adding it again renames it, or says whether it is a supervisor's.

        A new one serves the first of all queues. Raises WrongSeatNumber.
        """
        check_number(number)

        def changed(known: Seat | None) -> Seat:
            seat = known or new_seat(SeatNo(number), name or number, self._clock.now())
            mark = seat.supervisor if supervisor is None else supervisor
            return replace(seat, name=name or seat.name, supervisor=mark)

        return self._change(number, changed)

    def give_skill(self, number: str, queue: str, penalty: int) -> Seat:
        """Let a seat serve a queue, behind those with a lower penalty.

        Raises NoSuchSeat, NoSuchQueue, WrongPenalty.
        """
        check_queue(queue, self._queues)
        if not 0 <= penalty <= LAST_PENALTY:
            raise WrongPenalty(given=penalty)
        return self._change(number, lambda known: _skilled(known, number, {QueueName(queue): penalty}))

    def take_skill(self, number: str, queue: str) -> Seat:
        """Let a seat serve a queue no longer. Raises NoSuchSeat, NoSuchQueue, LastSkill."""

        def changed(known: Seat | None) -> Seat:
            seat = _skilled(known, number, {})
            if queue not in seat.skills:
                raise NoSuchQueue(given=queue, known=" ".join(seat.skills))
            rest = {name: penalty for name, penalty in seat.skills.items() if name != queue}
            if not rest:
                raise LastSkill(seat=number, queue=queue)
            return replace(seat, skills=rest)

        return self._change(number, changed)

    def all(self) -> list[Seat]:
        """列出座席, by number."""
        return self._database.now(seat_store.seats_known)

    def remove(self, number: str) -> None:
        """移除座席. Raises NoSuchSeat."""
        if not self._database.now(lambda connection: seat_store.drop_seat(connection, SeatNo(number))):
            raise NoSuchSeat(number=number)

    def _change(self, number: str, changed: Callable[[Seat | None], Seat]) -> Seat:
        def work(connection: Connection) -> Seat:
            known = {seat.number: seat for seat in seat_store.seats_known(connection)}
            seat = changed(known.get(SeatNo(number)))
            seat_store.put_seat(connection, seat)
            return seat

        return self._database.now(work)


def seats_with(connection: Connection, allowed: Collection[SeatNo], now: datetime) -> list[Seat]:
    """Give the register; those of ``allowed`` who are not in it are put in."""
    known = {seat.number for seat in seat_store.seats_known(connection)}
    for number in allowed:
        if number not in known:
            seat_store.put_seat(connection, new_seat(number, number, now))
    return seat_store.seats_known(connection)


def new_seat(number: SeatNo, name: str, now: datetime) -> Seat:
    """Make a seat that takes every call."""
    return Seat(number=number, name=name, added_at=now, skills={INTAKE: 0})


def _skilled(known: Seat | None, number: str, more: dict[QueueName, int]) -> Seat:
    if known is None:
        raise NoSuchSeat(number=number)
    return replace(known, skills={**known.skills, **more})
