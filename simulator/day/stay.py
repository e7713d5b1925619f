"""排队: one citizen's stay in one queue, as app_queue runs it: wait for the turn, ring, talk, leave.

Follows ``queue_exec``, ``wait_our_turn`` and ``wait_for_answer`` of Asterisk 22, with the habits that
matter to whoever counts: looks once a second, full seconds in its log, and ``QueueCallerAbandon``
even for a citizen whom it put out itself.
"""

import asyncio
import math
from dataclasses import dataclass, field
from datetime import datetime

from simulator.day.channel import NORMAL_CLEARING, USER_BUSY, Channel, ChannelState
from simulator.day.members import CallQueue, DeviceState, Member
from simulator.day.surroundings import Surroundings
from simulator.day.telephone import Rang, Ringing, Talk, Telephone

LOOK_SECONDS = 1.0
LEAST_SECONDS = 0.5
"""With less time left app_queue rings nobody else in this round."""
PHONE_SECONDS = 0.02
"""From the INVITE until the telephone says that it rings."""


@dataclass(slots=True, kw_only=True, eq=False)
class Stay:
    """A queue entry; ``seconds`` is the patience of the dialplan, 0 for no end."""

    channel: Channel
    queue: CallQueue
    around: Surroundings
    priority: int = 0
    seconds: int = 0
    since: int = 0
    position: int = 0
    first_position: int = 0
    pending: bool = False
    round_seconds: int = 0
    """How long telephones may ring now: the queue's time-out, or what the dialplan leaves of it."""
    look: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> str:
        """Give QUEUESTATUS, or where a seat sent the citizen; empty when seat or citizen hung up."""
        if self.around.room.is_deserted(self.queue):
            self.around.witness.refused(self, "JOINEMPTY", self.around.room.exchange.now())
            return "JOINEMPTY"
        self._join()
        try:
            leg = await self._until_answered()
        except asyncio.CancelledError:
            self._abandon("ABANDON")
            self._leave("hung up")
            raise
        if leg is not None:
            return await self._talk(*leg)
        how = "LEAVEEMPTY" if self.around.room.is_deserted(self.queue) and not self._is_late() else "TIMEOUT"
        self._abandon("EXITEMPTY" if how == "LEAVEEMPTY" else "EXITWITHTIMEOUT")
        self._leave(how)
        return how

    def _join(self) -> None:
        self.since = self.around.room.exchange.seconds()
        waiting = self.queue.waiting
        before = next((i for i, other in enumerate(waiting) if other.priority < self.priority), len(waiting))
        waiting.insert(before, self)
        self._count()
        self.first_position = self.position
        at = self._tell("QueueCallerJoin", f"Position: {self.position}\r\nCount: {len(waiting)}\r\n")
        self._log("NONE", "ENTERQUEUE", "", self.channel.caller, self.position)
        self.around.witness.queued(self, at)

    async def _until_answered(self) -> tuple[Member, Ringing] | None:
        while not self._is_hopeless():
            await self._wait_for_turn()
            while not self._is_hopeless():
                if answered := await self._ring():
                    return answered
                if self._is_hopeless():
                    break
                await asyncio.sleep(self.queue.rules.retry)
                if not self.around.room.is_turn(self):
                    break
        return None

    async def _wait_for_turn(self) -> None:
        """Look once a second; between two looks nothing but news can change the answer."""
        clock = asyncio.get_running_loop().time
        began = clock()
        while not self.around.room.is_turn(self) and not self._is_hopeless():
            self.look.clear()
            try:
                async with asyncio.timeout(self._seconds_left()):
                    await self.look.wait()
            except TimeoutError:
                return
            await asyncio.sleep(LOOK_SECONDS - math.fmod(clock() - began, LOOK_SECONDS))

    async def _ring(self) -> tuple[Member, Ringing] | None:
        """Ring one telephone after the other until the queue's time-out: try_calling."""
        loop = asyncio.get_running_loop()
        left = self._seconds_left()
        timeout = self.queue.rules.timeout
        self.round_seconds = timeout if left is None else min(timeout, left)
        until = loop.time() + self.round_seconds
        tried: set[str] = set()
        self.pending = True
        try:
            while until - loop.time() > LEAST_SECONDS and (member := self._next(tried)):
                tried.add(member.interface)
                ringing = await self._ring_one(member, until)
                if await ringing.outcome is Rang.ANSWERED:
                    return member, ringing
        finally:
            self.pending = False
        return None

    def _next(self, tried: set[str]) -> Member | None:
        room = self.around.room
        able = [m for m in self.queue.members.values() if m.interface not in tried and room.may_ring(self, m)]
        return min(able, key=lambda member: room.metric(self.queue, member), default=None)

    async def _ring_one(self, member: Member, until: float) -> Ringing:
        telephone = self.around.telephones[member.interface]
        self.around.room.being_tried.add(member.interface)
        self.queue.round_robin = member.place + 1
        ringing = self._call(telephone, member)
        try:
            async with asyncio.timeout_at(until):
                await asyncio.sleep(PHONE_SECONDS)
                self.around.room.exchange.change_state(ringing.leg, ChannelState.RINGING)
                telephone.show(DeviceState.BUSY)
                telephone.ring(ringing)
                await asyncio.shield(ringing.outcome)
        except TimeoutError:
            ringing.end(Rang.RUNG_OUT)
        except asyncio.CancelledError:
            ringing.end(Rang.RESCINDED)
            self._log(member.name, "RINGCANCELED", 0)
            raise
        finally:
            self._stop_ringing(telephone, member, ringing)
        return ringing

    def _call(self, telephone: Telephone, member: Member) -> Ringing:
        exchange = self.around.room.exchange
        leg = exchange.make_channel(
            telephone.number,
            linkedid=self.channel.linkedid,
            caller=telephone.number,
            connected=self.channel.caller,
            context="from-seat",
        )
        leg.state = ChannelState.DOWN
        leg.variables["CALL_ID"] = self.channel.variables.get("CALL_ID", "")
        ringing = Ringing(leg=leg, citizen=self.channel, seat=member.name)
        at = self._tell("AgentCalled", leg.headers("Dest") + _served_by(member))
        dials = f"{self.channel.headers()}{leg.headers('Dest')}DialString: {telephone.number}\r\n"
        exchange.tell("DialBegin", "call", dials)
        self.around.witness.offered(self, ringing, at)
        return ringing

    def _stop_ringing(self, telephone: Telephone, member: Member, ringing: Ringing) -> None:
        how = ringing.outcome.result()
        exchange = self.around.room.exchange
        self.around.room.being_tried.discard(member.interface)
        if how is Rang.ANSWERED:
            exchange.change_state(ringing.leg, ChannelState.UP)
        if how is Rang.RUNG_OUT:
            self._tell_unanswered(member, ringing)
        at = self._tell_dial_end(ringing, _DIAL_STATUS[how])
        if how is Rang.REJECTED:
            self._tell_unanswered(member, ringing)
        self.around.witness.offer_over(self, ringing, at)
        if how is Rang.ANSWERED:
            return
        if how is Rang.RUNG_OUT:
            self._tell_dial_end(ringing, "CANCEL")
        exchange.end_channel(ringing.leg, USER_BUSY if how is Rang.REJECTED else NORMAL_CLEARING)
        telephone.show(DeviceState.NOT_IN_USE)

    def _tell_unanswered(self, member: Member, ringing: Ringing) -> None:
        milliseconds = 0 if ringing.outcome.result() is Rang.REJECTED else self.round_seconds * 1000
        said = f"{_served_by(member)}RingTime: {milliseconds}\r\n"
        self._tell("AgentRingNoAnswer", ringing.leg.headers("Dest") + said)
        self._log(member.name, "RINGNOANSWER", milliseconds)

    def _tell_dial_end(self, ringing: Ringing, status: str) -> datetime:
        said = self.channel.headers() + ringing.leg.headers("Dest")
        return self.around.room.exchange.tell("DialEnd", "call", f"{said}DialStatus: {status}\r\n")

    async def _talk(self, member: Member, ringing: Ringing) -> str:
        exchange = self.around.room.exchange
        telephone = self.around.telephones[member.interface]
        telephone.show(DeviceState.BUSY)
        member.talks_since = exchange.seconds()
        waited = member.talks_since - self.since
        self._take_out()
        said = f"{_served_by(member)}RingTime: 0\r\nHoldTime: {waited}\r\n"
        at = self._tell("AgentConnect", ringing.leg.headers("Dest") + said)
        self._log(member.name, "CONNECT", waited, ringing.leg.uniqueid, 0)
        talk = Talk(exchange, self.channel, ringing)
        self.around.witness.answered(self, talk, at)
        self.around.begins_to_talk(talk)
        how = "caller"
        try:
            how = await talk.over
        finally:
            at = self._complete(member, ringing.leg, how)
            talk.end(at)
            exchange.end_channel(ringing.leg)
            self.around.room.note_call(self.queue.name, member.interface)
            telephone.show(DeviceState.NOT_IN_USE)
            self.around.witness.left(self, how, at)
        return "" if how == "agent" else how

    def _complete(self, member: Member, leg: Channel, how: str) -> datetime:
        talked = self.around.room.exchange.seconds() - member.talks_since
        waited = member.talks_since - self.since
        reason = how if how in ("agent", "caller") else "transfer"
        if reason == "transfer":
            self._tell_transfer(leg, how)
            self._log(member.name, "BLINDTRANSFER", how, "transferred", waited, talked, self.first_position)
        else:
            self._log(member.name, f"COMPLETE{reason.upper()}", waited, talked, self.first_position)
        said = f"{_served_by(member)}HoldTime: {waited}\r\nTalkTime: {talked}\r\nReason: {reason}\r\n"
        return self._tell("AgentComplete", leg.headers("Dest") + said)

    def _tell_transfer(self, leg: Channel, to: str) -> None:
        who = leg.headers("Transferer") + self.channel.headers("Transferee")
        where = f"IsExternal: Yes\r\nContext: transferred\r\nExtension: {to}\r\n"
        self.around.room.exchange.tell("BlindTransfer", "call", f"Result: Success\r\n{who}{where}")

    def _abandon(self, kind: str) -> None:
        """app_queue says so of everybody whom nobody answered."""
        waited = self.around.room.exchange.seconds() - self.since
        places = f"Position: {self.position}\r\nOriginalPosition: {self.first_position}\r\n"
        self._tell("QueueCallerAbandon", f"{places}HoldTime: {waited}\r\n")
        self._log("NONE", kind, self.position, self.first_position, waited)

    def _leave(self, how: str) -> None:
        self.around.witness.left(self, how, self._take_out())

    def _take_out(self) -> datetime:
        self.queue.waiting.remove(self)
        said = f"Position: {self.position}\r\nCount: {len(self.queue.waiting)}\r\n"
        at = self._tell("QueueCallerLeave", said)
        self._count()
        self.around.room.look_again()
        return at

    def _count(self) -> None:
        for place, stay in enumerate(self.queue.waiting, 1):
            stay.position = place

    def _is_hopeless(self) -> bool:
        return self._is_late() or self.around.room.is_deserted(self.queue)

    def _is_late(self) -> bool:
        left = self._seconds_left()
        return left is not None and left <= 0

    def _seconds_left(self) -> int | None:
        return self.since + self.seconds - self.around.room.exchange.seconds() if self.seconds else None

    def _tell(self, event: str, said: str) -> datetime:
        queue = f"Queue: {self.queue.name}\r\n"
        return self.around.room.exchange.tell(event, "agent", self.channel.headers() + queue + said)

    def _log(self, seat: str, event: str, *data: object) -> None:
        self.around.room.exchange.queue_log.write(self.channel.uniqueid, self.queue.name, seat, event, *data)


def _served_by(member: Member) -> str:
    return f"Interface: {member.interface}\r\nMemberName: {member.name}\r\n"


_DIAL_STATUS = {
    Rang.ANSWERED: "ANSWER",
    Rang.REJECTED: "BUSY",
    Rang.RUNG_OUT: "NOANSWER",
    Rang.RESCINDED: "CANCEL",
}
