"""一座城市的一天: the exchange, the citizens who call it and the people at its seats, on the virtual loop."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from core.clock import Clock
from simulator.day.channel import Channel
from simulator.day.citizens import Arrivals, Citizen, Fate, fates_of
from simulator.day.day_file import Day
from simulator.day.dialplan import Exchanged
from simulator.day.dialplan_text import Dialplan
from simulator.day.exchange import Exchange
from simulator.day.manager import Manager, ManagerDoor
from simulator.day.members import Switchroom
from simulator.day.operators import Operator
from simulator.day.queues_text import general_in, rules_in
from simulator.day.telephone import Telephone
from simulator.day.truth import TruthBook

FIRST_SEAT = 8001
MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the real Asterisk of this hotline gets: its configuration, and where its files lie."""

    node: str
    configuration: Path
    logs: Path
    manager: ManagerDoor
    away: Callable[[list[str], Channel], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which day, with how many calls, from which seed."""

    day: Day
    calls: int
    seed: int


def seats_of(day: Day) -> list[str]:
    """Give the numbers of the seats that such a day needs."""
    return [str(FIRST_SEAT + n) for n in range(sum(shift.seats for shift in day.shifts))]


class Town:
    """Everything outside of our own programs."""

    def __init__(self, site: Site, plan: Plan, clock: Clock) -> None:
        """Read the configuration; nobody moves before :meth:`live`."""
        self.exchange = Exchange(site.node, clock, site.logs)
        queues = (site.configuration / "queues.conf").read_text(encoding="utf-8")
        self.room = Switchroom(self.exchange, rules_in(queues), general_in(queues))
        self.truth = TruthBook()
        self.room.on_duty = self.truth.on_duty
        self.manager = Manager(self.room, site.manager)
        self._plan = plan
        telephones = [Telephone(self.room, number) for number in seats_of(plan.day)]
        self.on = Exchanged(
            room=self.room,
            dialplan=Dialplan((site.configuration / "extensions.conf").read_text(encoding="utf-8")),
            telephones={telephone.interface: telephone for telephone in telephones},
            truth=self.truth,
            away=site.away,
        )

    async def open(self) -> None:
        """Let the manager interface listen."""
        await self.manager.start()

    def close(self) -> None:
        """Nothing more will happen."""
        self.exchange.close()

    async def live(self, arrived: Callable[[int], None]) -> None:
        """Live through the day, until nobody calls any more; ``arrived`` is told how many have called."""
        async with asyncio.TaskGroup() as group:
            for operator, begins, ends in self._operators():
                group.create_task(operator.work(begins, ends))
            arrivals = Arrivals(fates_of(self._plan.day, self._plan.calls, self._plan.seed), self._plan.seed)
            for number, fate in enumerate(arrivals, 1):
                await asyncio.sleep(max(0.0, fate.at - asyncio.get_running_loop().time()))
                group.create_task(self._life_of(fate, arrivals))
                arrived(number)

    async def _life_of(self, fate: Fate, arrivals: Arrivals) -> None:
        """Call; call again after giving up, and once more having been answered."""
        comes_back_after = fate.comes_back_after
        while True:
            citizen = Citizen(on=self.on, fate=fate, to_whom=self._colleague)
            content = await citizen.call()
            pause = None if content else fate.redials_after
            if citizen.answered:
                pause, comes_back_after = comes_back_after, None
            if pause is None or not arrivals.take_place():
                return
            await asyncio.sleep(pause)

    def _colleague(self, seat: str, order: int) -> str:
        """Choose another seat that is logged in; empty when there is none."""
        others = sorted(
            {
                member.name
                for queue in self.room.queues.values()
                for member in queue.members.values()
                if member.name != seat and not member.paused
            }
        )
        return others[order % len(others)] if others else ""

    def _operators(self) -> list[tuple[Operator, float, float]]:
        telephones = iter(self.on.telephones.values())
        found = []
        for shift in self._plan.day.shifts:
            for _ in range(shift.seats):
                telephone = next(telephones)
                random = Random(f"{self._plan.seed}/operator/{telephone.number}")
                operator = Operator(self.on, telephone, self._plan.day.seats, random)
                # nobody is on the minute
                late = random.random() * MINUTE
                found.append((operator, shift.begins * MINUTE + late, shift.ends * MINUTE + late))
        return found
