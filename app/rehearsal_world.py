"""演练的边界: an instance of its own in a folder that is thrown away, and neighbours that can fail."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from agi_scripts.away import leave_note
from app.engine_edges import ami_door_of
from app.house import node_of
from app.instance import Instance
from app.prepare.places import AsteriskPlaces, Places
from app.seat_list import add_seats
from asterisk_conf.render import render
from core.clock import SHANGHAI, Clock
from core.database import Connection, Database, DatabaseTrouble
from core.events import KEPT, KeptFact, TicketDrafted
from core.ids import CallId, SeatNo, TicketNo
from core.outbox import Listener, NotNow
from core.settings import Broker, Settings, Storage, Web
from ivr.prompt_book import Prompt
from simulator.day.agi_peer import WAV_BYTES_PER_SECOND
from simulator.day.channel import Channel
from simulator.day.manager import ManagerDoor
from simulator.day.town import Site

DATE = datetime(2026, 3, 2, tzinfo=SHANGHAI)
"""A Monday."""
PROMPT_SECONDS = 2.5
GREETING_SECONDS = 6.0
NAME = "rehearsal"

Result = TypeVar("Result")


def rehearsal_house(folder: Path, places: Places, database: str) -> Instance:
    """Give a hotline that stands below ``folder``; nothing is there yet."""
    nothing = AsteriskPlaces(version="", launcher=folder / "asterisk", modules=folder, data=folder)
    settings = Settings(database=Storage(url=database), broker=Broker(use="none"), web=Web(use=False))
    return Instance(
        name=NAME,
        folder=folder,
        settings=settings,
        places=replace(places, asterisk=nothing, service_user=None, programs={"flac": folder / "flac"}),
    )


def furnished(instance: Instance, seats: list[str]) -> Instance:
    """Put into its folders what a hotline with these seats has: prompts and configuration."""
    instance.make_folders()
    for prompt in Prompt:
        seconds = GREETING_SECONDS if prompt is Prompt.GREETING else PROMPT_SECONDS
        with (instance.prompts / f"{prompt}.wav").open("wb") as silence:
            silence.truncate(int(seconds * WAV_BYTES_PER_SECOND))
    numbers = [SeatNo(seat) for seat in seats]
    add_seats(instance, numbers)
    render(node_of(instance, numbers), instance.asterisk)
    return instance


def site_of(instance: Instance, clock: Clock) -> Site:
    """Give what the modelled Asterisk needs to know of the instance."""
    door = ami_door_of(instance)

    def away(arguments: list[str], channel: Channel) -> None:
        spool, _greeting, call_id, recording = arguments
        note = {
            "call_id": call_id,
            "at": clock.now().isoformat(),
            "caller": channel.caller,
            "dialled": channel.variables.get("DIALLED", ""),
            "recording": recording,
        }
        leave_note(Path(spool), note)

    return Site(
        node=instance.settings.node,
        configuration=instance.asterisk / "etc",
        logs=instance.asterisk / "log",
        manager=ManagerDoor(host=door.host, port=door.port, user=door.user, secret=door.secret),
        away=away,
    )


class Trouble(StrEnum):
    """What a database can do at its next transaction."""

    NONE = "none"
    REFUSES = "refuses"
    BREAKS_OFF = "breaks off before the commit"


@dataclass(slots=True, kw_only=True)
class Ambush:
    """Strikes at the next transaction, before or after its commit; the engine never hears of it."""

    strike: Callable[[], None]
    committed: bool


class FragileDatabase(Database):
    """A real database whose line can be cut, and at whose commits a process can die."""

    def __init__(self, url: str) -> None:
        """Healthy at first; at once on the virtual clock."""
        super().__init__(url, inline=True, for_a_day=True)
        self.trouble = Trouble.NONE
        self.ambush: Ambush | None = None

    async def in_transaction(self, work: Callable[[Connection], Result]) -> Result:
        """Run ``work(connection)``; in an ambush whoever asked never goes on."""
        ambush, self.ambush = self.ambush, None
        if ambush is None:
            return self.now(work)
        if ambush.committed:
            self.now(work)
        ambush.strike()
        await asyncio.get_running_loop().create_future()
        raise DatabaseTrouble

    def now(self, work: Callable[[Connection], Result]) -> Result:
        """Do the work, or fail as a lost connection does."""
        if self.trouble is Trouble.REFUSES:
            raise DatabaseTrouble
        if self.trouble is Trouble.BREAKS_OFF:
            return super().now(lambda connection: _broken_off(work, connection))
        return super().now(work)


def _broken_off(work: Callable[[Connection], Result], connection: Connection) -> Result:
    work(connection)
    raise DatabaseTrouble


class FragileBroker:
    """对外消息: takes what is published, unless it is away; remembers every draft of which it was told."""

    def __init__(self) -> None:
        """There at first."""
        self.away = False
        self.drafts: set[tuple[CallId, TicketNo]] = set()

    @property
    def listener(self) -> Listener:
        """All kept facts, as the real one."""
        return Listener(name="mqtt", wants=dict.fromkeys(KEPT, self.publish))

    async def publish(self, fact: KeptFact) -> None:
        """Take one; raises NotNow while away."""
        if self.away:
            raise NotNow(to="mqtt")
        if isinstance(fact, TicketDrafted):
            self.drafts.add((fact.call_id, fact.ticket_no))

    async def run(self) -> None:
        """Need no connection."""
