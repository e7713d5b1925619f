"""A seat desk on a fresh database and a fake of Asterisk's queues, for the tests of seats."""

from datetime import datetime, timedelta

from core.database import Database
from core.ids import CallId, SeatNo
from queue_manager.projection import Memberships, wanted
from queue_manager.seat_desk import SeatDesk, SeatNeeds
from queue_manager.seat_rules import SeatRules
from queue_manager.seat_state import SeatNow, SeatState
from queue_manager.seats import SeatRegister
from tests.fakes.asterisk_queue import AsteriskQueues, Citizen
from tests.fakes.clock import StandingClock

ONE, TWO, THREE = SeatNo("8001"), SeatNo("8002"), SeatNo("8003")
QUEUES = ("intake", "english", "seat-8001", "seat-8002", "seat-8003")
RULES = SeatRules()


class Acts:
    """Does nothing in Asterisk and says that it was done."""

    def __init__(self) -> None:
        self.done: list[tuple[str, CallId]] = []

    async def pause_recording(self, call_id: CallId, _seat: SeatNo) -> str:
        self.done.append(("pause", call_id))
        return "done"

    async def resume_recording(self, call_id: CallId, _seat: SeatNo) -> str:
        self.done.append(("resume", call_id))
        return "done"

    async def call_in(self, call_id: CallId) -> str:
        self.done.append(("call_in", call_id))
        return "not_allowed"


class SeatHouse:
    """Three seats; virtual time; the engine can be killed and started again."""

    def __init__(self, database: Database, seats: int = 3) -> None:
        self.database = database
        self.clock = StandingClock()
        self.asterisk = AsteriskQueues(clock=self.clock, queues=QUEUES)
        self.register = SeatRegister(database, self.clock, ("intake", "english"))  # type: ignore[arg-type]
        for number in range(8001, 8001 + seats):
            self.register.add(str(number))
        self.acts = Acts()
        self.marked: list[tuple[CallId, SeatNo, datetime]] = []
        self.desk = self._desk()

    async def start(self) -> SeatDesk:
        """An engine begins, whatever the last one knew."""
        self.desk = self._desk()
        self.asterisk.desk = self.desk
        await self.desk.open()
        self.desk.connected()
        await self.turn()
        return self.desk

    def kill(self) -> None:
        self.asterisk.desk = None

    async def turn(self, seconds: float = 0.0) -> None:
        """Let time go by in steps of two seconds, the engine's own."""
        end = self.clock.now() + timedelta(seconds=seconds)
        while True:
            if self.asterisk.desk is not None:
                await self.desk.turn()
                await self.desk.paper.write()
            if self.clock.now() >= end:
                return
            self.clock.forward(min(2.0, (end - self.clock.now()).total_seconds()))

    def cut_line(self) -> None:
        self.asterisk.line = False

    def mend_line(self) -> None:
        self.asterisk.line = True
        if self.asterisk.desk is not None:
            self.desk.connected()

    async def leave(self, gap: str) -> None:
        """The ``line`` is cut, or the ``engine`` is killed."""
        if gap == "line":
            self.cut_line()
        else:
            self.kill()
        self.clock.forward(1)

    async def come_back(self, gap: str) -> None:
        self.clock.forward(1)
        if gap == "line":
            self.mend_line()
            await self.turn()
        else:
            await self.start()

    async def talk(self, seat: SeatNo = ONE) -> Citizen:
        """Log the seat in and let it answer a citizen."""
        await self.desk.wish(seat, "log_in")
        await self.turn()
        citizen = self.asterisk.call()
        self.asterisk.ring()
        self.asterisk.answer(citizen)
        await self.turn()
        assert self.state(seat) is SeatState.TALKING
        return citizen

    def state(self, seat: SeatNo = ONE) -> SeatState:
        return self.now(seat).state

    def now(self, seat: SeatNo = ONE) -> SeatNow:
        return self.desk.book.now[seat]

    def there(self, seat: SeatNo = ONE) -> dict[str, tuple[int, bool, str]]:
        """Penalty, pause and its reason of a seat in each queue of Asterisk's."""
        return {
            queue: (
                members[f"PJSIP/{seat}"].penalty,
                members[f"PJSIP/{seat}"].paused,
                members[f"PJSIP/{seat}"].reason,
            )
            for queue, members in self.asterisk.members.items()
            if f"PJSIP/{seat}" in members
        }

    def wanted(self, seat: SeatNo = ONE) -> Memberships:
        return wanted(self.desk.book.seats[seat], self.now(seat))

    def is_projected(self, seat: SeatNo = ONE) -> bool:
        must = {
            queue: (member.penalty, member.paused, member.reason)
            for queue, member in self.wanted(seat).items()
        }
        names = {
            members[f"PJSIP/{seat}"].name
            for members in self.asterisk.members.values()
            if f"PJSIP/{seat}" in members
        }
        return self.there(seat) == must and names <= {seat}

    def _desk(self) -> SeatDesk:
        return SeatDesk(
            SeatNeeds(
                database=self.database,
                clock=self.clock,
                rules=RULES,
                asterisk=self.asterisk,
                acts=self.acts,
                mark_urgent=lambda *marked: self.marked.append(marked),
            )
        )
