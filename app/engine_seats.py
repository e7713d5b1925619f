"""引擎里的座席: the seats' owner, wired to Asterisk, to the codes of the telephones and to the journal."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

from agi_scripts.fastagi import Flows
from agi_scripts.talk_keys import TalkKeys
from app.engine_edges import Edges
from app.instance import Instance
from app.seat_list import seats_of
from core.ids import CallId, QueueName, SeatNo, own_queue_of
from ivr.call import Call, Next, SeatCall
from ivr.flows.citizen_call import citizen_call
from ivr.flows.seat_desk import seat_desk
from ivr.seat_desk import Answer, Wish
from queue_manager.lost_on_hold import LostOnHold
from queue_manager.seat_desk import SeatDesk, SeatNeeds
from queue_manager.seat_rules import read_seat_rules
from queue_manager.sightings import Mouth, Seen, Sighting
from queue_manager.talk_acts import TalkActs, ThirdParty
from queue_manager.watch import Watch


class SeatRoom:
    """Speaks the words of flows and telephones to the desk; hears Asterisk for it."""

    def __init__(self, instance: Instance, edges: Edges, watch: Watch) -> None:
        """Nothing runs before :meth:`run`; raises SeatRulesWrong."""
        self._watch = watch
        self._acts = TalkActs(watch.ami, third_party_of(instance))
        self._lost_on_hold = LostOnHold(watch.ami)
        self.desk = SeatDesk(
            SeatNeeds(
                database=edges.database,
                clock=edges.clock,
                rules=read_seat_rules(instance.profile),
                asterisk=watch.ami,
                acts=self._acts,
                mark_urgent=self._mark_urgent,
                allowed=seats_of(instance),
            )
        )
        self._keys = TalkKeys(self, watch.ami)
        self.flows = Flows(citizen=self._citizen, seat=self._seat)
        watch.also(self)

    async def run(self) -> None:
        """Serve until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.desk.run())
            group.create_task(self._keys.run())
            group.create_task(self._acts.run())
            group.create_task(self._lost_on_hold.run())

    async def wish(self, seat: SeatNo, wish: Wish, about: str = "") -> Answer:
        """Do what a seat wishes for by a code."""
        return Answer(await self.desk.wish(seat, wish.value, about))

    def queue_that_knows(self, caller: str) -> QueueName | None:
        """Give the queue of the ready seat that talked to this citizen last; None when there is none."""
        seat = self.desk.preferred_seat(caller)
        return own_queue_of(seat) if seat is not None else None

    def heard(self, event: Mapping[str, str]) -> None:
        """Hear Asterisk."""
        self.desk.heard(event)
        self._keys.heard(event)
        self._acts.heard(event)
        self._lost_on_hold.heard(event)

    def connected(self) -> None:
        """The line to Asterisk is there again."""
        self.desk.connected()

    async def _citizen(self, call: Call) -> Next:
        return await citizen_call(call, self)

    async def _seat(self, call: SeatCall) -> Next:
        return await seat_desk(call, self)

    def _mark_urgent(self, call_id: CallId, seat: SeatNo, at: datetime) -> None:
        self._watch.saw(Sighting(call_id=call_id, at=at, kind=Seen.MARKED, mouth=Mouth.FLOW, seat=seat))


def third_party_of(instance: Instance) -> ThirdParty | None:
    """Give whom seats can call into a talk; None when there is no number, or no way out."""
    settings = instance.settings
    way_out = next((trunk.name for trunk in settings.trunks if trunk.gateway), "")
    if not settings.sip.emergency or not way_out:
        return None
    return ThirdParty(number=settings.sip.emergency, trunk=way_out)
