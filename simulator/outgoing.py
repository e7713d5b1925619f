"""去电: a call that this phone makes: INVITE, ringing, answer or refusal, CANCEL."""

import asyncio

from core.errors import HotlineError
from simulator.call import GOODBYE_SECONDS, Call, EndedBy
from simulator.dialog import Dialog
from simulator.sdp import media_in
from simulator.signalling import Signalling
from simulator.sip_message import Headers, SipMessage, tag_in, with_body


class CallRefused(HotlineError):
    """电话没有接通:对方占线、拒接、无人应答或没有这个号码。"""


class OutgoingCall(Call):
    """Begins to call as soon as it is made."""

    def __init__(self, signalling: Signalling, dialog: Dialog, extra: Headers = ()) -> None:
        """Send the INVITE; ``extra`` are headers to be added to it."""
        super().__init__(signalling, dialog, signalling.line.server)
        self._extra = extra
        self._offer = self._description(self._direction)
        self._branch = ""
        self._reacted = asyncio.Event()
        self._ringing = asyncio.Event()
        self._inviting = signalling.start(self._invite())

    async def until_ringing(self, within: float | None = None) -> None:
        """Wait until the other side rings; raises TimeoutError, CallRefused."""
        async with asyncio.timeout(within):
            await self._ringing.wait()
        if self.ended_by is EndedBy.REFUSED:
            raise CallRefused(status=self.status)

    async def until_answered(self, within: float | None = None) -> None:
        """Wait until the other side answers; raises TimeoutError, CallRefused, NoCommonCodec."""
        async with asyncio.timeout(within):
            await asyncio.wait([self._inviting])
        if not self._inviting.cancelled():
            self._inviting.result()
        if self.times.answered_at is None:
            raise CallRefused(status=self.status)

    async def hang_up(self) -> None:
        """End the call, also one that nobody has answered yet."""
        if self.times.answered_at is None and not self.over:
            await self._cancel()
        await super().hang_up()

    def give_up(self) -> None:
        """End it without telling the other side."""
        self._inviting.cancel()
        super().give_up()

    def acknowledge_again(self) -> None:
        """Answer a repeated 200 response."""
        if self.times.answered_at is not None:
            self._acknowledge()

    async def _invite(self) -> None:
        final = await self._signalling.ask(self._make_invite, self._peer, self._on_provisional)
        self.status = final.status
        self._reacted.set()
        if final.status < 300:
            self._dialog.confirm(final)
            self._acknowledge()
            self.times.answered_at = self._loop.time()
            if not self.over:
                self.audio.connect(media_in(final.body))
        else:
            self._end(EndedBy.REFUSED)
        self._ringing.set()

    def _make_invite(self, proof: Headers) -> SipMessage:
        self._branch = self._signalling.new_branch()
        request = self._dialog.request("INVITE", self._signalling.via(self._branch), (*self._extra, *proof))
        return with_body(request, self._offer)

    def _on_provisional(self, response: SipMessage) -> None:
        now = self._loop.time()
        self._dialog.early_tag = tag_in(response.header("To")) or self._dialog.early_tag
        self.times.reacted_at = self.times.reacted_at or now
        self._reacted.set()
        if response.status in (180, 183):
            self.times.ringing_at = self.times.ringing_at or now
            self._ringing.set()
        if response.status > 100 and response.body:
            self.audio.connect(media_in(response.body))

    async def _cancel(self) -> None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._reacted.wait()
                if not self._inviting.done():
                    await self._signalling.ask(self._make_cancel, self._peer)
                await asyncio.wait([self._inviting])
        except TimeoutError:
            self.give_up()
        if self.ended_by is EndedBy.REFUSED and self.status == 487:
            self.ended_by = EndedBy.US

    def _make_cancel(self, _proof: Headers) -> SipMessage:
        return self._dialog.request("CANCEL", self._signalling.via(self._branch))
