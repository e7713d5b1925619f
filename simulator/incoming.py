"""来电: a call that reaches this phone: it rings at once; whoever holds the phone answers or declines."""

import asyncio

from simulator.call import Call, EndedBy
from simulator.dialog import dialog_from
from simulator.sdp import Direction, NoCommonCodec, media_in
from simulator.signalling import Signalling
from simulator.sip_message import SipMessage, response_to, user_in
from simulator.udp import Address


class IncomingCall(Call):
    """Rings as soon as it is made."""

    def __init__(self, signalling: Signalling, invite: SipMessage, source: Address) -> None:
        """Say 180 Ringing."""
        dialog = dialog_from(invite, signalling.contact, signalling.token())
        super().__init__(signalling, dialog, source)
        self._invite = invite
        self._acknowledged = asyncio.Event()
        self.caller = user_in(invite.header("From"))
        self.caller_header = invite.header("From")
        self.times.ringing_at = self.times.invited_at
        self._say(180, "Ringing")

    async def answer(self) -> None:
        """Pick up; comes back when the caller knows, or when the call is over. Raises NoCommonCodec."""
        if self.over:
            return
        try:
            offered = media_in(self._invite.body)
        except NoCommonCodec:
            self.decline(488, "Not Acceptable Here")
            raise
        self.times.answered_at = self._loop.time()
        self.status = 200
        direction = offered.direction.seen_from_the_other_side
        self.audio.connect(offered)
        self._accept(self._invite, direction if offered.direction is not Direction.BOTH else self._direction)
        await self._acknowledged.wait()

    def decline(self, status: int = 486, reason: str = "Busy Here") -> None:
        """Refuse a call that rings."""
        if not self.over and self.times.answered_at is None:
            self._refuse(status, reason, EndedBy.US)

    async def hang_up(self) -> None:
        """End the call; one that rings is declined."""
        self.decline()
        await super().hang_up()

    def receive(self, request: SipMessage) -> None:
        """Take a request that belongs to this call."""
        if request.method == "CANCEL":
            self._reply(response_to(request, 200, "OK", to=self._dialog.local))
            if not self.over and self.times.answered_at is None:
                self._refuse(487, "Request Terminated", EndedBy.THEM)
        elif request.method == "INVITE" and request.cseq == self._invite.cseq and self._answer is None:
            self._say(180, "Ringing")
        else:
            super().receive(request)
        if request.method == "ACK":
            self._acknowledged.set()

    def _refuse(self, status: int, reason: str, by: EndedBy) -> None:
        self.status = status
        refusal = response_to(self._invite, status, reason, to=self._dialog.local)
        self._answer = refusal
        self._repeat(refusal)
        self._end(by)

    def _say(self, status: int, reason: str) -> None:
        contact = (("Contact", self._dialog.contact),)
        self._reply(response_to(self._invite, status, reason, to=self._dialog.local, extra=contact))

    def _end(self, by: EndedBy) -> None:
        super()._end(by)
        self._acknowledged.set()
