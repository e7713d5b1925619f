"""Asterisk's queues as the seats' owner sees them: members, telephones, callers, and a line that can break.

Written after app_queue: whom it rings, what it tells about it, and that it goes on when nobody listens.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.ids import CallId, QueueName, SeatNo
from queue_manager.ami import ActionRefused, AsteriskAway
from queue_manager.seat_desk import SeatDesk
from tests.fakes.clock import StandingClock

FREE, IN_USE, AWAY, RINGING = 1, 2, 5, 6
RING_SECONDS = 15.0


@dataclass(slots=True)
class Member:
    name: str
    penalty: int = 0
    paused: bool = False
    reason: str = ""
    login_time: int = 0
    last_pause: int = 0
    last_call: int = 0


@dataclass(slots=True, eq=False)
class Citizen:
    call_id: CallId
    queue: QueueName
    since: datetime
    seat: SeatNo | None = None
    leg: str = ""
    answered: bool = False
    rung_since: datetime | None = None


@dataclass(slots=True)
class AsteriskQueues:
    """Members by queue and interface; ``desk`` is told what happens while ``line`` is up."""

    clock: StandingClock
    queues: tuple[str, ...]
    members: dict[str, dict[str, Member]] = field(default_factory=dict)
    devices: dict[SeatNo, int] = field(default_factory=dict)
    last_calls: dict[SeatNo, int] = field(default_factory=dict)
    citizens: dict[CallId, Citizen] = field(default_factory=dict)
    unplugged: set[SeatNo] = field(default_factory=set)
    desk: SeatDesk | None = None
    line: bool = True
    sent: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.members = {queue: {} for queue in self.queues}

    # the manager interface

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        if not self.line:
            raise AsteriskAway(action=action)
        if action == "CoreShowChannels":
            return [{"response": "Success"}, *self._channels()]
        if action == "QueueStatus":
            return [{"response": "Success"}, *self._status()]
        self.sent.append((action, fields))
        if not self._do(action, fields):
            raise ActionRefused(action=action)
        return [{"response": "Success"}]

    def _do(self, action: str, fields: dict[str, str]) -> bool:
        interface, queue = fields["Interface"], fields.get("Queue", "")
        paused, reason = fields.get("Paused") == "true", fields.get("Reason", "")
        penalty = int(fields.get("Penalty", "0"))
        match action:
            case "QueueAdd":
                done = self.add(queue, interface, fields["MemberName"], penalty)
                return done and self.pause(interface, reason, paused=paused, only=queue)
            case "QueueRemove":
                return self.remove(queue, interface)
            case "QueuePause":
                return self.pause(interface, reason, paused=paused)
            case _:
                return self.punish(queue, interface, penalty)

    # what people do, also without the engine

    def add(self, queue: str, interface: str, name: str, penalty: int = 0) -> bool:
        if queue not in self.members or interface in self.members[queue]:
            return False
        member = Member(name=name, penalty=penalty, login_time=self._seconds())
        self.members[queue][interface] = member
        self._tell_member("QueueMemberAdded", queue, interface)
        return True

    def remove(self, queue: str, interface: str) -> bool:
        if interface not in self.members.get(queue, {}):
            return False
        self._tell_member("QueueMemberRemoved", queue, interface)
        del self.members[queue][interface]
        return True

    def pause(self, interface: str, reason: str, *, paused: bool, only: str = "") -> bool:
        found = False
        for queue, members in self.members.items():
            member = members.get(interface)
            if member is None or only not in ("", queue):
                continue
            found = True
            if only and member.paused == paused:
                continue
            member.paused, member.reason = paused, reason if paused else ""
            member.last_pause = self._seconds() if paused else member.last_pause
            self._tell_member("QueueMemberPause", queue, interface)
        return found

    def punish(self, queue: str, interface: str, penalty: int) -> bool:
        member = self.members.get(queue, {}).get(interface)
        if member is None:
            return False
        member.penalty = penalty
        self._tell_member("QueueMemberPenalty", queue, interface)
        return True

    def log_in(self, seat: str) -> None:
        """The dialplan's own *12."""
        for queue in ("intake", f"seat-{seat}"):
            self.add(queue, f"PJSIP/{seat}", seat)
        self._tell(event="UserEvent", userevent="SeatCode", seat=seat, wish="log_in")

    def log_off(self, seat: str) -> None:
        """The dialplan's own *13."""
        for queue in self.members:
            self.remove(queue, f"PJSIP/{seat}")
        self._tell(event="UserEvent", userevent="SeatCode", seat=seat, wish="log_off")

    def be_ready(self, seat: str) -> None:
        """The dialplan's own *15."""
        self.pause(f"PJSIP/{seat}", "", paused=False)
        self._tell(event="UserEvent", userevent="SeatCode", seat=seat, wish="ready")

    def unplug(self, seat: SeatNo) -> None:
        """In a talk the telephone counts as busy until somebody hangs up."""
        self.unplugged.add(seat)
        if self.devices.get(seat, FREE) == FREE:
            self._device(seat, AWAY)
        self._tell(event="ContactStatus", endpointname=seat, contactstatus="Unreachable")

    def plug_in(self, seat: SeatNo) -> None:
        self.unplugged.discard(seat)
        if self.devices.get(seat) == AWAY:
            self._device(seat, FREE)
        self._tell(event="ContactStatus", endpointname=seat, contactstatus="Reachable")

    def crash(self) -> None:
        """It is killed and comes back: members are kept, calls and their times are not."""
        self.line = False
        self.citizens.clear()
        self.last_calls.clear()
        for seat in self.devices:
            self.devices[seat] = AWAY if seat in self.unplugged else FREE
        for members in self.members.values():
            for member in members.values():
                member.login_time = self._seconds()

    # calls

    def call(self, queue: str = "intake") -> Citizen:
        number = next(self.numbers)
        citizen = Citizen(CallId(f"hotline-{number}"), QueueName(queue), self.clock.now())
        self.citizens[citizen.call_id] = citizen
        return citizen

    def ring(self) -> None:
        """Ring for everyone who waits whoever is free, the longest waiting first, as app_queue would."""
        for citizen in sorted(self.citizens.values(), key=lambda one: one.since):
            if citizen.seat is None and (free := self._free(citizen.queue)):
                citizen.seat, citizen.leg = free[0], f"leg-{next(self.numbers)}"
                citizen.rung_since = self.clock.now()
                self._device(free[0], RINGING)
                self._tell_of("AgentCalled", citizen)

    def answer(self, citizen: Citizen) -> None:
        citizen.answered = True
        assert citizen.seat is not None
        self._tell_of("DialEnd", citizen, dialstatus="ANSWER")
        self._device(citizen.seat, IN_USE)
        self._tell_of("AgentConnect", citizen)

    def ring_out(self, citizen: Citizen) -> None:
        self._tell_of("AgentRingNoAnswer", citizen)
        self._tell_of("DialEnd", citizen, dialstatus="NOANSWER")
        self._drop_leg(citizen)

    def hang_up(self, citizen: Citizen) -> None:
        """The citizen hangs up, whatever he is doing."""
        del self.citizens[citizen.call_id]
        if citizen.seat is None:
            return
        if not citizen.answered:
            self._tell_of("DialEnd", citizen, dialstatus="CANCEL")
        else:
            self._tell_of("AgentComplete", citizen, reason="caller")
            self.last_calls[citizen.seat] = self._seconds()
        self._drop_leg(citizen)

    def cut_off(self, citizen: Citizen) -> None:
        """Nothing comes from the seat's telephone any more."""
        self._tell_of("AgentComplete", citizen, reason="agent")
        self._drop_leg(citizen, cause="44")

    def _free(self, queue: str) -> list[SeatNo]:
        able = [
            (member.penalty, -self._idle(seat), seat)
            for interface, member in self.members[queue].items()
            if (seat := SeatNo(interface.removeprefix("PJSIP/")))
            and not member.paused
            and self.devices.get(seat, FREE) == FREE
        ]
        return [seat for _, _, seat in sorted(able)]

    def _idle(self, seat: SeatNo) -> float:
        last = self.last_calls.get(seat)
        return float("inf") if last is None else self._seconds() - last

    def _drop_leg(self, citizen: Citizen, cause: str = "16") -> None:
        seat, leg = citizen.seat, citizen.leg
        assert seat is not None
        citizen.seat, citizen.leg, citizen.rung_since = None, "", None
        self._tell(event="Hangup", uniqueid=leg, channel=f"PJSIP/{seat}-00000001", cause=cause)
        self._device(seat, AWAY if seat in self.unplugged else FREE)

    def _device(self, seat: SeatNo, state: int) -> None:
        self.devices[seat] = state
        for queue, members in self.members.items():
            if f"PJSIP/{seat}" in members:
                self._tell_member("QueueMemberStatus", queue, f"PJSIP/{seat}")

    # what is told

    def _channels(self) -> Iterator[dict[str, str]]:
        for citizen in self.citizens.values():
            if citizen.seat is not None:
                yield {
                    "event": "CoreShowChannel",
                    "channel": f"PJSIP/{citizen.seat}-00000001",
                    "uniqueid": citizen.leg,
                    "channelstate": "6" if citizen.answered else "5",
                    "application": "AppQueue",
                    "chanvariable": f"CALL_ID={citizen.call_id}",
                }

    def _status(self) -> Iterator[dict[str, str]]:
        for queue, members in self.members.items():
            for interface in members:
                told = self._headers(queue, interface)
                told["location"], told["name"] = told.pop("interface"), told.pop("membername")
                yield {"event": "QueueMember", **told}

    def _headers(self, queue: str, interface: str) -> dict[str, str]:
        member, seat = self.members[queue][interface], SeatNo(interface.removeprefix("PJSIP/"))
        return {
            "queue": queue,
            "interface": interface,
            "membername": member.name,
            "penalty": str(member.penalty),
            "paused": str(int(member.paused)),
            "pausedreason": member.reason,
            "status": str(self.devices.get(seat, FREE)),
            "logintime": str(member.login_time),
            "lastpause": str(member.last_pause),
            "lastcall": str(self.last_calls.get(seat, 0)),
        }

    def _tell_member(self, event: str, queue: str, interface: str) -> None:
        self._tell(event=event, **self._headers(queue, interface))

    def _tell_of(self, event: str, citizen: Citizen, **more: str) -> None:
        self._tell(
            event=event,
            queue=citizen.queue,
            interface=f"PJSIP/{citizen.seat}",
            membername=str(citizen.seat),
            uniqueid=citizen.call_id,
            calleridnum="13812345678",
            chanvariable=f"CALL_ID={citizen.call_id}",
            destuniqueid=citizen.leg,
            **more,
        )

    def _tell(self, **event: str) -> None:
        if self.line and self.desk is not None:
            self.desk.heard({"timestamp": str(self.clock.now().timestamp()), **event})

    def _seconds(self) -> int:
        return int(self.clock.now().timestamp())
