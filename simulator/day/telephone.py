"""座席话机: a seat's telephone in the modelled exchange, and a call that rings or is talked on it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from simulator.day.channel import Channel
from simulator.day.exchange import Exchange
from simulator.day.members import DeviceState, Switchroom


class Rang(StrEnum):
    """How a telephone's ringing ended."""

    ANSWERED = "answered"
    REJECTED = "rejected"
    RUNG_OUT = "rung out"
    RESCINDED = "rescinded"


@dataclass(slots=True, kw_only=True, eq=False)
class Ringing:
    """振铃: one offer of one citizen to one telephone; whoever decides first decides."""

    leg: Channel
    citizen: Channel
    seat: str
    outcome: asyncio.Future[Rang] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def end(self, how: Rang) -> None:
        """Pick up, refuse, or stop ringing; too late is without effect."""
        if not self.outcome.done():
            self.outcome.set_result(how)


class Telephone:
    """A seat's telephone; ``ring`` is called for every offer, and says later what the person does."""

    def __init__(self, room: Switchroom, number: str) -> None:
        """Not registered yet."""
        self.number = number
        self.interface = f"PJSIP/{number}"
        self.ring: Callable[[Ringing], None] = lambda _ringing: None
        self.idle: Callable[[], None] = lambda: None
        """Called when it has stopped ringing, or a talk on it is over."""
        self._room = room

    def plug_in(self) -> None:
        """Register."""
        self._room.change_device(self.interface, DeviceState.NOT_IN_USE)

    def unplug(self) -> None:
        """Lose the registration; what is being talked goes on, as the exchange does not know better."""
        self._room.change_device(self.interface, DeviceState.UNAVAILABLE)

    @property
    def is_plugged_in(self) -> bool:
        """Whether it is registered."""
        return self._room.state_of(self.interface) is not DeviceState.UNAVAILABLE

    def show(self, state: DeviceState) -> None:
        """Show what the telephone does now; what is unplugged shows nothing."""
        if self.is_plugged_in:
            self._room.change_device(self.interface, state)
        if state is DeviceState.NOT_IN_USE:
            self.idle()


class Talk:
    """通话: a citizen and a seat hear each other, until one of them ends it."""

    def __init__(self, exchange: Exchange, citizen: Channel, ringing: Ringing) -> None:
        """Begin to talk."""
        self.citizen = citizen
        self.leg = ringing.leg
        self.seat = ringing.seat
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """``agent`` for the seat's hanging up, or where the seat sends the citizen."""
        self.held_seconds = 0.0
        self._exchange = exchange
        self._held_since: datetime | None = None

    def hang_up(self) -> None:
        """The seat hangs up."""
        if not self.over.done():
            self.over.set_result("agent")

    def transfer(self, to: str) -> None:
        """转接: the seat sends the citizen to another number and is free."""
        if not self.over.done():
            self.over.set_result(to)

    def hold(self) -> None:
        """The seat puts the citizen on hold: music."""
        if not self.over.done() and self._held_since is None:
            self._held_since = self._exchange.tell(
                "Hold", "call", f"{self.leg.headers()}MusicClass: default\r\n"
            )

    def unhold(self) -> None:
        """They hear each other again."""
        if not self.over.done() and self._held_since is not None:
            self._note_hold(self._exchange.tell("Unhold", "call", self.leg.headers()))

    def end(self, at: datetime) -> None:
        """The talk is over, on hold or not."""
        self.hang_up()
        self._note_hold(at)

    def _note_hold(self, until: datetime) -> None:
        if self._held_since is not None:
            self.held_seconds += (until - self._held_since).total_seconds()
            self._held_since = None
