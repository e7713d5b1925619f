"""真相: what really happened in a rehearsal, written down by the model itself, not by our programs.

Against this the journal is held afterwards.
"""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.day.channel import Channel
from simulator.day.fairness import unfair
from simulator.day.stay import Stay
from simulator.day.telephone import Rang, Ringing, Talk


@dataclass(slots=True, kw_only=True)
class TrueOffer:
    """A telephone rang."""

    seat: str
    at: datetime
    ended_at: datetime | None = None
    how: Rang | None = None


@dataclass(slots=True, kw_only=True)
class TrueStay:
    """A stay in a queue; ``how`` it ended is as :meth:`simulator.day.stay.Stay.run` tells it."""

    queue: str
    queued_at: datetime
    entered: bool = True
    """False for whoever was turned away at its door."""
    offers: list[TrueOffer] = field(default_factory=list)
    seat: str = ""
    answered_at: datetime | None = None
    talk: Talk | None = None
    ended_at: datetime | None = None
    how: str = ""


@dataclass(slots=True, kw_only=True)
class TrueDuty:
    """签入到签出: each was dialled first, and done a moment later; None for what has not happened yet.

    ``talked_until`` is when the last talk before the log-off was over, None without one.
    """

    seat: str
    dialled_in: datetime
    logged_in: datetime
    dialled_off: datetime | None = None
    logged_off: datetime | None = None
    talked_until: datetime | None = None


@dataclass(slots=True, kw_only=True)
class TrueCall:
    """A citizen's call."""

    call_id: str
    caller: str
    arrived_at: datetime
    stays: list[TrueStay] = field(default_factory=list)
    gone_at: datetime | None = None

    @property
    def answered(self) -> bool:
        """Whether any seat talked to the citizen."""
        return any(stay.answered_at for stay in self.stays)


class TruthBook:
    """Every call of the day, in the order of arrival; also counts what must never happen."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.calls: dict[str, TrueCall] = {}
        self.duties: dict[str, list[TrueDuty]] = {}
        """Of every seat that was ever logged in, by its interface."""
        self.double_offers: list[str] = []
        self.unfair: list[str] = []
        """Offers in which somebody else should have come first."""
        self._ringing: dict[str, str] = {}
        self._dialled: dict[str, datetime] = {}
        self._talked: dict[str, datetime] = {}

    def dials(self, interface: str, at: datetime) -> None:
        """A seat dials a code to log in or off; until that has worked the first time counts."""
        self._dialled.setdefault(interface, at)

    def on_duty(self, interface: str, at: datetime, there: bool) -> None:
        """A telephone has come into its first queue, or is in no queue any more."""
        dialled, duties = self._dialled.pop(interface, at), self.duties.setdefault(interface, [])
        if there:
            seat = interface.partition("/")[2]
            duties.append(TrueDuty(seat=seat, dialled_in=dialled, logged_in=at))
        else:
            duty = duties[-1]
            duty.dialled_off, duty.logged_off = dialled, at
            duty.talked_until = self._talked.pop(duty.seat, None)

    def arrived(self, channel: Channel, at: datetime) -> None:
        """A citizen was answered by the exchange; a seat's own channel is nobody's arrival."""
        if "CALL_ID" in channel.variables:
            self.calls[channel.uniqueid] = TrueCall(
                call_id=channel.uniqueid, caller=channel.caller, arrived_at=at
            )

    def queued(self, stay: Stay, at: datetime) -> None:
        """He is in a queue."""
        if call := self.calls.get(stay.channel.uniqueid):
            call.stays.append(TrueStay(queue=stay.queue.name, queued_at=at))

    def refused(self, stay: Stay, how: str, at: datetime) -> None:
        """He was turned away at the door of a queue."""
        if call := self.calls.get(stay.channel.uniqueid):
            name = stay.queue.name
            call.stays.append(TrueStay(queue=name, queued_at=at, entered=False, ended_at=at, how=how))

    def offered(self, stay: Stay, ringing: Ringing, at: datetime) -> None:
        """A telephone rings for him."""
        seat, call_id = ringing.seat, stay.channel.uniqueid
        if seat in self._ringing:
            self.double_offers.append(f"{seat}: {self._ringing[seat]}, {call_id}")
        self._ringing[seat] = call_id
        if call := self.calls.get(call_id):
            rung = {offer.seat for offer in call.stays[-1].offers}
            chosen = next(member for member in stay.queue.members.values() if member.name == seat)
            self.unfair += unfair(stay, chosen, rung, self._talked)
            call.stays[-1].offers.append(TrueOffer(seat=seat, at=at))

    def offer_over(self, stay: Stay, ringing: Ringing, at: datetime) -> None:
        """It rings no more."""
        self._ringing.pop(ringing.seat, None)
        if call := self.calls.get(stay.channel.uniqueid):
            call.stays[-1].offers[-1].ended_at = at
            call.stays[-1].offers[-1].how = ringing.outcome.result()

    def answered(self, stay: Stay, talk: Talk, at: datetime) -> None:
        """A seat talks to him."""
        if call := self.calls.get(stay.channel.uniqueid):
            call.stays[-1].seat = talk.seat
            call.stays[-1].answered_at = at
            call.stays[-1].talk = talk

    def left(self, stay: Stay, how: str, at: datetime) -> None:
        """His stay is over."""
        if call := self.calls.get(stay.channel.uniqueid):
            last = call.stays[-1]
            last.ended_at = at
            last.how = how
            if last.seat:
                self._talked[last.seat] = at

    def gone(self, channel: Channel, at: datetime) -> None:
        """His channel is gone."""
        if call := self.calls.get(channel.uniqueid):
            call.gone_at = at
