"""A real hotline for stories: real Asterisk, engine, recogniser, broker and telephones, on loopback."""

import asyncio
import itertools
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TypeVar

from app.demo import CITIZENS_ADDRESS, SEAT_ADDRESS
from app.house import House
from app.instance import Instance
from app.parts import database_url
from core.database import Connection, Database
from core.ids import CallId, SeatNo
from ivr.voice import Speaker
from queue_manager import store as calls
from queue_manager.model import CallRow
from simulator.citizen import Citizen, CitizenPlan, CitizenReport
from simulator.digest import Account
from simulator.phone import Phone
from simulator.scenario import SEAT_CLOSING, SEAT_GREETING, SEAT_VOICE, Part
from simulator.seat_robot import SeatRobot, SeatScript
from simulator.signalling import Line
from simulator.telephone import QUIET, Telephone
from simulator.turns import Talks
from tickets import store as tickets
from tickets.model import Ticket

SEATS = tuple(SeatNo(str(number)) for number in range(8001, 8005))
PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.05
Found = TypeVar("Found")

SHORT = "喂,你好"
"""Words for stories that are not about words."""
CITIZEN_VOICE = SEAT_VOICE

numbers = (f"139{number:08d}" for number in itertools.count(10000001))
"""Every citizen of every story has a number of his own, by which his call is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """The running hotline and what stories do with it."""

    house: House
    telephone: Telephone
    database: Database
    talks: Talks

    @property
    def instance(self) -> Instance:
        return self.house.instance

    @property
    def server(self) -> tuple[str, int]:
        return ("127.0.0.1", self.instance.settings.sip.port)

    def line(self, number: str) -> Line:
        return Line(number=number, server=self.server, ip=CITIZENS_ADDRESS)

    def seat_line(self, seat: SeatNo = SEATS[0]) -> Line:
        account = Account(user=seat, secret=self.instance.secret(f"seat-{seat}"))
        return Line(number=seat, server=self.server, ip=SEAT_ADDRESS, account=account)

    @asynccontextmanager
    async def seat(self, seat: SeatNo = SEATS[0], **script: float) -> AsyncIterator[SeatRobot]:
        """A robot seat, logged in and serving; logged off afterwards."""
        sounds = SeatScript(
            greeting=await self.sound(SEAT_GREETING), closing=await self.sound(SEAT_CLOSING), **script
        )
        async with Phone(self.seat_line(seat), Random(seat)) as phone:
            robot = SeatRobot(phone, sounds, self.talks)
            await robot.log_in()
            serving = asyncio.ensure_future(robot.serve())
            try:
                yield robot
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
                await robot.dial_code("*13")

    async def sound(self, text: str, part: Part | None = None) -> bytes:
        """Speak a text as it sounds through a telephone."""
        voice = part.voice if part else CITIZEN_VOICE
        around = part.surroundings if part else QUIET
        return await asyncio.to_thread(self.telephone.sound_of, text, voice, around, Random(1))

    async def citizen(self, text: str = SHORT, number: str = "", part: Part | None = None) -> CitizenReport:
        """A whole call of a citizen who speaks once a seat has greeted, and waits for the seat's good-bye."""
        number = number or next(numbers)
        plan = CitizenPlan(number=number, lines=(await self.sound(text, part),))
        async with Phone(self.line(number), Random(number)) as phone:
            return await Citizen(phone, plan, self.talks, self.instance.heard).call()

    async def call_from(self, number: str, until: Callable[[CallRow], bool] = lambda _: True) -> CallRow:
        """Wait until the last call from this number is such a row."""

        def look(connection: Connection) -> CallRow | None:
            found = [row for row in calls.latest_calls(connection, 50) if row.caller == number]
            return found[0] if found and until(found[0]) else None

        return await self.wait_for(look, f"a call from {number}")

    async def ticket_of(self, call_id: CallId, until: Callable[[Ticket], bool] = lambda _: True) -> Ticket:
        """Wait until the ticket of this call is such a draft."""

        def look(connection: Connection) -> Ticket | None:
            ticket = tickets.ticket_of_call(connection, call_id)
            return ticket if ticket is not None and until(ticket) else None

        return await self.wait_for(look, f"a ticket of {call_id}")

    async def wait_for(self, look: Callable[[Connection], Found | None], what: str) -> Found:
        """Look into the database until there is something."""
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        while (found := self.database.now(look)) is None:
            if asyncio.get_running_loop().time() > until:
                raise AssertionError(f"waited {PATIENCE_SECONDS} s for {what}")
            await asyncio.sleep(LOOK_SECONDS)
        return found

    def send(self, part: str, number: signal.Signals) -> None:
        """Kill −9, stop or continue a part of the hotline."""
        os.kill(self.house.supervisor.pid_of(part), number)

    async def until_back(self, part: str, old_pid: int) -> None:
        """Wait until the supervisor has started a killed part again and it serves."""
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        ready = self.instance.ready_file(part)
        while True:
            pid = self.house.supervisor.pid_of(part)
            if pid != old_pid and ready.exists() and ready.read_text() == str(pid):
                return
            if asyncio.get_running_loop().time() > until:
                raise AssertionError(f"{part} did not come back")
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def running(instance: Instance) -> AsyncIterator[Hotline]:
    """Open a house for stories and close it again."""
    places = instance.places
    with instance.claimed(afresh=True):
        house = House(instance, SEATS, lambda _step: None)
        await house.open()
        instance.heard.mkdir(exist_ok=True)
        database = Database(database_url(instance), inline=True)
        try:
            yield Hotline(
                house=house,
                telephone=Telephone(Speaker(places.program("espeak-ng"), places.program("sox"))),
                database=database,
                talks=Talks(),
            )
        finally:
            database.close()
            await house.close()
