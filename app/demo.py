"""演示: robots call a real hotline of their own and speak; what comes of it is read from its database."""

import asyncio
import time
from dataclasses import dataclass
from ipaddress import IPv4Network
from random import Random

from app.house import House, Step
from app.instance import Instance
from app.parts import database_url
from app.ports import free_port
from app.prepare.places import Places
from core.database import Connection, Database
from core.errors import HotlineError
from core.ids import SeatNo
from core.privacy import masked_number
from core.settings import Broker, Doors, Settings, Sip, Storage, Trunk, Web
from ivr.voice import Speaker
from queue_manager import store as calls
from queue_manager.model import CallRow
from simulator.citizen import Citizen, CitizenPlan
from simulator.digest import Account
from simulator.phone import Phone
from simulator.scenario import SEAT_CLOSING, SEAT_GREETING, SEAT_VOICE, Part
from simulator.seat_robot import SeatRobot, SeatScript
from simulator.signalling import Line
from simulator.telephone import QUIET, Telephone
from simulator.turns import Talks
from tickets import store as tickets
from tickets.model import Ticket

SEAT = SeatNo("8001")
CITIZENS_ADDRESS = "127.0.0.2"
READY_CODE = "*15"
SEAT_ADDRESS = "127.0.0.3"
BETWEEN_CALLS_SECONDS = 2.0
FILL_SECONDS = 30.0
LOOK_SECONDS = 0.1
SEED = 12345


class NotFilled(HotlineError):
    """演示通话结束后没有等到工单草稿:请看 log 文件夹里 engine 与 recogniser 的记录。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one citizen's call."""

    part: Part
    call: CallRow
    ticket: Ticket


class Demo:
    """One demonstration: a house of its own, robots in it, and what they leave behind."""

    def __init__(self, instance: Instance, parts: tuple[Part, ...], step: Step) -> None:
        """Nothing runs before :meth:`run`."""
        self.instance = instance
        self.house = House(instance, (SEAT,), step)
        self._parts = parts
        self._step = step
        places = instance.places
        self._telephone = Telephone(Speaker(places.program("espeak-ng"), places.program("sox")))
        self._talks = Talks()

    async def run(self) -> list[Outcome]:
        """Open the house and make the calls; the house stays open. Raises HotlineError."""
        sounds = asyncio.ensure_future(asyncio.to_thread(self._sounds))
        try:
            await self.house.open()
            self.instance.heard.mkdir()
            return await self._calls(await sounds)
        except BaseException:
            sounds.cancel()
            await self.house.close()
            raise

    def _sounds(self) -> dict[str, bytes]:
        """Speak every line once, by the text."""
        random = Random(SEED)
        seat = {
            text: self._telephone.sound_of(text, SEAT_VOICE, QUIET, random)
            for text in (SEAT_GREETING, SEAT_CLOSING)
        }
        return seat | {
            part.text: self._telephone.sound_of(part.text, part.voice, part.surroundings, random)
            for part in self._parts
        }

    async def _calls(self, sounds: dict[str, bytes]) -> list[Outcome]:
        server = ("127.0.0.1", self.instance.settings.sip.port)
        account = Account(user=SEAT, secret=self.instance.secret(f"seat-{SEAT}"))
        line = Line(number=SEAT, server=server, ip=SEAT_ADDRESS, account=account)
        script = SeatScript(
            greeting=sounds[SEAT_GREETING], closing=sounds[SEAT_CLOSING], ready_code=READY_CODE
        )
        async with Phone(line, Random(SEED)) as phone:
            seat = SeatRobot(phone, script, self._talks)
            await seat.log_in()
            self._step(f"机器座席 {SEAT} 已签入")
            serving = asyncio.ensure_future(seat.serve(len(self._parts)))
            try:
                await asyncio.gather(
                    *(self._one_call(number, part, sounds) for number, part in enumerate(self._parts))
                )
            finally:
                serving.cancel()
        self._step("等转写和填单")
        return await self._outcomes()

    async def _one_call(self, number: int, part: Part, sounds: dict[str, bytes]) -> None:
        await asyncio.sleep(number * BETWEEN_CALLS_SECONDS)
        server = ("127.0.0.1", self.instance.settings.sip.port)
        line = Line(number=part.number, server=server, ip=CITIZENS_ADDRESS)
        plan = CitizenPlan(number=part.number, lines=(sounds[part.text],))
        async with Phone(line, Random(SEED + number + 1)) as phone:
            self._step(f"市民 {masked_number(part.number)} 拨打 12345")
            await Citizen(phone, plan, self._talks, self.instance.heard).call()

    async def _outcomes(self) -> list[Outcome]:
        database = Database(database_url(self.instance))
        until = time.monotonic() + FILL_SECONDS
        try:
            while True:
                found = database.now(self._filled)
                if len(found) == len(self._parts):
                    return found
                if time.monotonic() > until:
                    raise NotFilled(log=self.instance.logs)
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            database.close()

    def _filled(self, connection: Connection) -> list[Outcome]:
        parts = {part.number: part for part in self._parts}
        found = []
        for call in reversed(calls.latest_calls(connection, len(parts))):
            ticket = tickets.ticket_of_call(connection, call.call_id)
            if ticket is not None and ticket.suggestion is not None and call.gone_at is not None:
                found.append(Outcome(part=parts[call.caller], call=call, ticket=ticket))
        return found


def demo_instance(name: str = "demo") -> Instance:
    """Give a hotline on embedded defaults and free ports, on loopback."""
    places = Places.load()
    settings = Settings(
        sip=Sip(port=free_port(udp=True)),
        doors=Doors(ami=free_port(), agi=free_port()),
        database=Storage(url="sqlite"),
        broker=Broker(port=free_port()),
        web=Web(use=False),
        trunks=(Trunk(name="citizens", addresses=(IPv4Network(CITIZENS_ADDRESS),)),),
    )
    return Instance(name=name, folder=places.data_dir / name, settings=settings, places=places)
