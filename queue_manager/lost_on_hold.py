"""保持中断线: a telephone that goes away while it holds a citizen.

Asterisk hangs up a telephone from which no sound comes any more, but not one that holds, because many send
nothing then. So we do, once it has not answered for a while; the dialplan takes care of the citizen.
"""

import asyncio
from collections.abc import Mapping

import structlog

from core.ids import SeatNo
from queue_manager.ami import ActionRefused, AsteriskAway
from queue_manager.ami_events import seat_of
from queue_manager.readings import seat_named
from queue_manager.seat_watch import CONTACT_LOST, CONTACT_THERE, NOTHING_COMES
from queue_manager.talk_acts import Actor

log = structlog.get_logger(__name__)

GRACE_SECONDS = 10.0
"""A telephone that registers anew is away for a moment."""
EARLY_SECONDS = 0.5
"""A timer may go off a little early; one that was set for an earlier loss goes off much too early."""


class LostOnHold:
    """Hears every event; hangs up in :meth:`run`."""

    def __init__(self, ami: Actor) -> None:
        """Nobody holds."""
        self._ami = ami
        self._holding: dict[SeatNo, str] = {}
        self._lost_at: dict[SeatNo, float] = {}
        self._suspects: asyncio.Queue[SeatNo] = asyncio.Queue()

    def heard(self, event: Mapping[str, str]) -> None:
        """Take an event: header names in lower case."""
        name, channel = event.get("event"), event.get("channel", "")
        if name == "Hold":
            self._holding[seat_of(channel)] = channel
        elif name in ("Unhold", "Hangup") and self._holding.get(seat_of(channel)) == channel:
            del self._holding[seat_of(channel)]
        elif name == "ContactStatus":
            self._contact(seat_named(event.get("endpointname", "")), event.get("contactstatus", ""))

    async def run(self) -> None:
        """Hang up telephones that are gone, until cancelled."""
        while True:
            await self.look_at(await self._suspects.get())

    async def look_at(self, seat: SeatNo) -> None:
        """Hang up the seat's telephone if it holds a citizen and has been away for long."""
        channel, since = self._holding.get(seat), self._lost_at.get(seat)
        if channel is None or since is None or self._now() - since < GRACE_SECONDS - EARLY_SECONDS:
            return
        log.warning("座席话机在保持中断线, 挂断它, 市民回到队首", seat=seat)
        try:
            await self._ami.act("Hangup", Channel=channel, Cause=NOTHING_COMES)
        except (AsteriskAway, ActionRefused) as error:
            log.warning("断线的话机挂断不了", seat=seat, reason=error.sentence())

    def _contact(self, seat: SeatNo, status: str) -> None:
        if status in CONTACT_THERE:
            self._lost_at.pop(seat, None)
        elif status in CONTACT_LOST and seat not in self._lost_at:
            self._lost_at[seat] = self._now()
            asyncio.get_running_loop().call_later(GRACE_SECONDS, self._suspects.put_nowait, seat)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
