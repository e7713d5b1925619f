"""通话: one call seen from a telephone: what both the caller's and the called phone can do in it."""

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import HotlineError
from simulator.audio import Audio
from simulator.dialog import Dialog
from simulator.sdp import Direction, Media, NoCommonCodec, media_in
from simulator.signalling import Signalling
from simulator.sip_message import SipMessage, response_to, with_body
from simulator.transactions import Repeater
from simulator.udp import Address

GOODBYE_SECONDS = 2.0


class HoldRefused(HotlineError):
    """对方不同意保持或恢复通话。"""


class TransferRefused(HotlineError):
    """转接没有成功:对方拒绝,或一直没有回话。"""


class EndedBy(StrEnum):
    """谁结束了通话."""

    US = "us"
    THEM = "them"
    REFUSED = "refused"


@dataclass(slots=True, kw_only=True)
class Times:
    """Instants of the event loop's clock, None for what has not happened."""

    invited_at: float
    reacted_at: float | None = None
    ringing_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None


class Call:
    """What is alike at both ends; ``audio`` keeps its tapes after the end."""

    def __init__(self, signalling: Signalling, dialog: Dialog, peer: Address) -> None:
        """Open the sound's port; nothing is sent yet."""
        self._loop = asyncio.get_running_loop()
        self._signalling = signalling
        self._dialog = dialog
        self._peer = peer
        self._over = asyncio.Event()
        self._direction = Direction.BOTH
        self._version = 0
        self._answer: SipMessage | None = None
        self._repeater: Repeater | None = None
        self.audio = Audio(signalling.line.ip, signalling.random)
        self.times = Times(invited_at=self._loop.time())
        self.ended_by: EndedBy | None = None
        self.status = 0
        self._handed_on: asyncio.Future[int] = self._loop.create_future()

    @property
    def call_id(self) -> str:
        """SIP's name of the call."""
        return self._dialog.call_id

    @property
    def talking(self) -> bool:
        """Whether both ends are connected."""
        return self.times.answered_at is not None and not self._over.is_set()

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self._over.is_set()

    @property
    def held_by_peer(self) -> bool:
        """Whether the other side has put us on hold."""
        return self.talking and not self.audio.may_send

    async def until_over(self, within: float | None = None) -> None:
        """Wait for the end; raises TimeoutError."""
        async with asyncio.timeout(within):
            await self._over.wait()

    async def lasts_until(self, event: asyncio.Event, within: float | None = None) -> bool:
        """Wait for something outside; False when the call or the time ended before it."""
        waits = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(self._over.wait())]
        try:
            await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return event.is_set() and not self._over.is_set()

    async def lasts(self, seconds: float) -> bool:
        """Let time pass; False, at once, when the call ends meanwhile."""
        try:
            await self.until_over(seconds)
        except TimeoutError:
            return True
        return False

    async def say(self, sound: bytes) -> None:
        """Play an A-law sound to its end, or to the end of the call."""
        await self.audio.play(sound).wait()

    async def press(self, keys: str) -> None:
        """Press keys one after the other."""
        await self.audio.press(keys).wait()

    async def hold(self) -> None:
        """Put the other side on hold; raises HoldRefused."""
        await self._renegotiate(Direction.SEND)

    async def resume(self) -> None:
        """Talk again after a hold; raises HoldRefused."""
        await self._renegotiate(Direction.BOTH)

    async def hand_on(self, number: str, within: float | None = None) -> None:
        """盲转: the transfer key and a number; hangs up when told that it worked. Raises TransferRefused."""
        host, port = self._signalling.line.server
        await self._refer(f"<sip:{number}@{host}:{port}>", within)

    async def hand_on_to(self, other: "Call", within: float | None = None) -> None:
        """询问转: connect this call with whom we talk to in the other. Raises TransferRefused."""
        await self._refer(other.to_be_replaced, within)

    @property
    def to_be_replaced(self) -> str:
        """Where another must go to take our place in this call."""
        return self._dialog.to_be_replaced()

    async def hang_up(self) -> None:
        """End the call from our side; does nothing when it is over."""
        if self.talking:
            self._end(EndedBy.US)
            await self._ask_quickly("BYE")

    def receive(self, request: SipMessage) -> None:
        """Take a request that belongs to this call."""
        if request.method == "ACK":
            self._stop_repeating()
        elif request.method == "BYE":
            self._reply(response_to(request, 200, "OK"))
            self._end(EndedBy.THEM)
        elif request.method == "INVITE" or (request.method == "UPDATE" and request.body):
            self._accept_change(request)
        else:
            self._reply(response_to(request, 200, "OK"))
            if request.method == "NOTIFY":
                self._note_progress(request.body)

    def acknowledge_again(self) -> None:
        """Answer a repeated 200 response; only a calling phone has anything to say."""

    def give_up(self) -> None:
        """End it without telling the other side: the phone loses its power."""
        self._stop_repeating()
        self._end(EndedBy.US)

    async def _refer(self, to: str, within: float | None) -> None:
        self._handed_on = self._loop.create_future()
        headers = (("Refer-To", to), ("Referred-By", self._dialog.contact))
        accepted = await self._signalling.ask(
            lambda extra: self._dialog.request("REFER", self._new_via(), (*headers, *extra)), self._peer
        )
        if accepted.status >= 300:
            raise TransferRefused(status=accepted.status)
        try:
            async with asyncio.timeout(within):
                status = await self._handed_on
        except TimeoutError:
            raise TransferRefused(waited_seconds=within) from None
        if status >= 300:
            raise TransferRefused(status=status)
        await self.hang_up()

    def _note_progress(self, told: str) -> None:
        """The other side tells how the transfer goes on: a SIP status line in a NOTIFY (RFC 3515)."""
        status = re.match(r"SIP/2\.0 (\d{3})", told)
        if status and int(status[1]) >= 200 and not self._handed_on.done():
            self._handed_on.set_result(int(status[1]))

    async def _ask_quickly(self, method: str) -> SipMessage | None:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                return await self._signalling.ask(
                    lambda extra: self._dialog.request(method, self._new_via(), extra), self._peer
                )
        except TimeoutError:
            return None

    def _new_via(self) -> tuple[str, str]:
        return self._signalling.via(self._signalling.new_branch())

    def _description(self, direction: Direction) -> str:
        self._version += 1
        return Media(address=self.audio.address, direction=direction).to_sdp(self._version)

    async def _renegotiate(self, direction: Direction) -> None:
        offer = self._description(direction)
        final = await self._signalling.ask(
            lambda extra: with_body(self._dialog.request("INVITE", self._new_via(), extra), offer), self._peer
        )
        if final.status >= 300:
            raise HoldRefused(status=final.status)
        self._acknowledge()
        self._direction = direction
        self.audio.connect(media_in(final.body))

    def _acknowledge(self) -> None:
        self._signalling.send(self._dialog.request("ACK", self._new_via()), self._peer)

    def _accept_change(self, request: SipMessage) -> None:
        if self._answer and self._answer.cseq == request.cseq:
            self._reply(self._answer)
            return
        if self.over:
            self._reply(response_to(request, 481, "Call/Transaction Does Not Exist"))
            return
        direction = self._direction
        if request.body:
            try:
                offered = media_in(request.body)
            except NoCommonCodec:
                self._reply(response_to(request, 488, "Not Acceptable Here"))
                return
            self.audio.connect(offered)
            if offered.direction is not Direction.BOTH:
                direction = offered.direction.seen_from_the_other_side
        self._accept(request, direction)

    def _accept(self, request: SipMessage, direction: Direction) -> None:
        contact = (("Contact", self._dialog.contact),)
        accepted = response_to(request, 200, "OK", to=self._dialog.local, extra=contact)
        self._answer = with_body(accepted, self._description(direction))
        if request.method == "INVITE":
            self._repeat(self._answer)
        else:
            self._reply(self._answer)

    def _repeat(self, answer: SipMessage) -> None:
        self._stop_repeating()
        self._repeater = Repeater(lambda: self._reply(answer), self._stop_repeating)

    def _stop_repeating(self) -> None:
        if self._repeater:
            self._repeater.stop()

    def _reply(self, response: SipMessage) -> None:
        self._signalling.send(response, self._peer)

    def _end(self, by: EndedBy) -> None:
        if not self._over.is_set():
            self.ended_by = by
            self.times.ended_at = self._loop.time()
            self.audio.close()
            self._over.set()
