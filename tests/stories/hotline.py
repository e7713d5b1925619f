"""A real hotline for stories: real Asterisk, engine, recogniser, broker and telephones, on loopback."""

import itertools
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from random import Random

from app.demo import CITIZENS_ADDRESS, SEAT_ADDRESS, demo_instance
from app.house import House
from app.instance import Instance
from app.parts import database_url
from app.ports import free_port
from app.supervisor import Part
from core.database import Database
from core.ids import SeatNo
from ivr.prompt_book import Prompt
from ivr.voice import Speaker
from simulator.caller_id import CallerId
from simulator.digest import Account
from simulator.phone import Phone
from simulator.signalling import Line
from simulator.telephone import Telephone
from tests.stories.people import CITIZEN_WORDS, SEAT_BYE, SEAT_WORDS, CitizenCalling, SeatAtPhone
from tests.stories.records import Records
from tests.stories.sounds import Sounds, sound_of_wav
from tests.stories.waiting import PATIENCE_SECONDS, until_true

POLICE = "110"
"""The third party, and an outside number that seats may hand citizens to."""
SEATS = tuple(SeatNo(str(number)) for number in range(8001, 8005))

numbers = (f"139{number:08d}" for number in itertools.count(10000001))
"""Every citizen of every story has a number of his own, by which his call is found."""
FIRST = -10
"""Niceness of telephones and hotline: a busy machine must not be taken for a bad telephone line."""
seeds = itertools.count(1)
"""Two telephones of one seed would give their calls the same names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hotline:
    """The running hotline and what stories do with it."""

    house: House
    sounds: Sounds
    records: Records

    @property
    def instance(self) -> Instance:
        """Where it writes and listens."""
        return self.house.instance

    @property
    def server(self) -> tuple[str, int]:
        """Where telephones reach it."""
        return ("127.0.0.1", self.instance.settings.sip.port)

    @property
    def greeting(self) -> bytes:
        """What every citizen hears first."""
        return self.prompt(Prompt.GREETING)

    def prompt(self, which: Prompt) -> bytes:
        """Give the sound of a spoken sentence."""
        return sound_of_wav(self.instance.prompts / f"{which}.wav")

    @asynccontextmanager
    async def citizen(
        self, number: str = "", *, shown: CallerId | None = None, dialled: str = "12345"
    ) -> AsyncIterator[CitizenCalling]:
        """A citizen whose call Asterisk has answered; ``shown`` is a caller id other than the number."""
        number = number or next(numbers)
        async with self.phone(number, CITIZENS_ADDRESS) as phone:
            call = phone.dial(dialled, shown)
            await call.until_answered(PATIENCE_SECONDS)
            yield CitizenCalling(number=number, phone=phone, call=call, sounds=self.sounds)

    @asynccontextmanager
    async def phone(self, number: str, ip: str, account: Account | None = None) -> AsyncIterator[Phone]:
        """A telephone at an address; citizens call from their carrier's, strangers from their own."""
        line = Line(number=number, server=self.server, ip=ip, account=account)
        async with Phone(line, Random(next(seeds))) as phone:
            yield phone

    @asynccontextmanager
    async def seat(self, number: SeatNo = SEATS[0]) -> AsyncIterator[SeatAtPhone]:
        """A seat that is logged in; at the end it needs no wrap-up and logs off."""
        async with self.telephone_of(number) as seat:
            await seat.dials("*12")
            try:
                yield seat
            finally:
                await seat.dials("*15")
                await seat.dials("*13")

    @asynccontextmanager
    async def telephone_of(self, number: SeatNo = SEATS[0]) -> AsyncIterator[SeatAtPhone]:
        """A seat's registered telephone; nobody has logged in."""
        account = Account(user=number, secret=self.instance.secret(f"seat-{number}"))
        async with self.phone(number, SEAT_ADDRESS, account) as phone:
            await phone.register()
            yield SeatAtPhone(phone=phone, sounds=self.sounds)

    async def everybody_goes_home(self) -> None:
        """Log every seat off, also one that a story which failed left behind."""
        for number in SEATS:
            async with self.telephone_of(number) as seat:
                await seat.dials("*15")
                await seat.dials("*13")

    @asynccontextmanager
    async def telephone_outside(self, number: str = POLICE) -> AsyncIterator[SeatAtPhone]:
        """A telephone in the public network, where the trunk leads to."""
        (trunk,) = self.instance.settings.trunks
        ip, port = trunk.gateway.split(":")
        line = Line(number=number, server=self.server, ip=ip, port=int(port))
        async with Phone(line, Random(next(seeds))) as phone:
            yield SeatAtPhone(phone=phone, sounds=self.sounds)

    def pid(self, part: str) -> int:
        """Give the process number of a part."""
        return self.house.supervisor.pid_of(part)

    def send(self, part: str, number: signal.Signals) -> int:
        """Kill −9, stop or continue a part of the hotline; gives its process number."""
        pid = self.pid(part)
        os.kill(pid, number)
        return pid

    @contextmanager
    def hanging(self, part: str) -> Iterator[None]:
        """Let a part do nothing and answer nobody for a while, without being dead."""
        self.send(part, signal.SIGSTOP)
        try:
            yield
        finally:
            self.send(part, signal.SIGCONT)

    @asynccontextmanager
    async def without(self, part: Part) -> AsyncIterator[None]:
        """Stop a part for a while."""
        await self.house.supervisor.stop_part(part.name)
        try:
            yield
        finally:
            await self.house.supervisor.start(part)

    async def until_back(self, part: str, old_pid: int) -> None:
        """Wait until the supervisor has started a killed part of ours again and it serves."""
        ready = self.instance.ready_file(part)

        def back() -> bool:
            pid = self.pid(part)
            return pid != old_pid and ready.exists() and ready.read_text() == str(pid)

        await until_true(back, f"{part} to come back")


def instance_with_a_way_out(name: str) -> Instance:
    """Give an instance whose trunk takes calls to the outside, and one number that seats may reach there."""
    plain = demo_instance(name)
    settings = plain.settings
    (trunk,) = settings.trunks
    gateway = f"{CITIZENS_ADDRESS}:{free_port(udp=True)}"
    way_out = settings.model_copy(
        update={
            "trunks": (trunk.model_copy(update={"gateway": gateway}),),
            "sip": settings.sip.model_copy(update={"outside": (POLICE,), "emergency": POLICE}),
        }
    )
    return replace(plain, settings=way_out)


@asynccontextmanager
async def running(instance: Instance) -> AsyncIterator[Hotline]:
    """Open a house for stories and close it again; before whatever else runs on this machine, if we may."""
    everyday = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    places = instance.places
    sounds = Sounds(Telephone(Speaker(places.program("espeak-ng"), places.program("sox"))))
    # before any call: a process that computes sounds is late with the packets of its telephones
    await sounds.prepare(CITIZEN_WORDS, SEAT_WORDS, SEAT_BYE)
    with instance.claimed(afresh=True):
        house = House(instance, SEATS, lambda _step: None)
        await house.open()
        database = Database(database_url(instance), inline=True)
        try:
            yield Hotline(house=house, sounds=sounds, records=Records(database))
        finally:
            database.close()
            await house.close()
            os.setpriority(os.PRIO_PROCESS, 0, everyday)
