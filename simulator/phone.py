"""电话机: a real SIP telephone in this process: registers, calls, is called; many live side by side."""

import asyncio
from collections import deque
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Self

from core.errors import HotlineError
from simulator.call import GOODBYE_SECONDS, Call
from simulator.caller_id import CallerId
from simulator.dialog import Dialog
from simulator.incoming import IncomingCall
from simulator.outgoing import OutgoingCall
from simulator.signalling import Line, Signalling
from simulator.sip_message import Headers, SipMessage, response_to, tag_in
from simulator.udp import Address

_REMEMBERED_CALLS = 64
_RENEW_AT = 0.8


class RegistrationRefused(HotlineError):
    """话机注册没有成功,请检查号码、密码和服务器地址。"""


class Phone:
    """Used as ``async with Phone(line, random) as phone``: at the end it hangs up and nothing is left.

    The same seed gives the same Call-IDs and tags, so two phones must not share one.
    """

    def __init__(self, line: Line, random: Random) -> None:
        """Open nothing yet."""
        self.line = line
        self._random = random
        self._calls: dict[str, Call] = {}
        self._recent: deque[str] = deque()
        self._incoming: asyncio.Queue[IncomingCall] = asyncio.Queue()
        self._registered_for = 0
        self._signalling: Signalling
        self._registration: Dialog | None = None

    async def __aenter__(self) -> Self:
        """Plug the phone in."""
        self._signalling = Signalling(self.line, self._random, self._receive)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up, sign off, unplug."""
        await asyncio.gather(*(call.hang_up() for call in self._calls.values()))
        if self._registered_for:
            with suppress(TimeoutError, RegistrationRefused):
                async with asyncio.timeout(GOODBYE_SECONDS):
                    await self._register(0)
        await self.unplug()

    async def unplug(self) -> None:
        """Disappear without a word, as a phone that loses its power."""
        self._registered_for = 0
        for call in self._calls.values():
            call.give_up()
        self._calls.clear()
        await self._signalling.close()

    @property
    def address(self) -> Address:
        """Where this phone listens."""
        return self._signalling.address

    async def register(self, seconds: int = 3600) -> None:
        """Sign on at the server and stay so; raises RegistrationRefused."""
        await self._register(seconds)
        if not self._registered_for:
            self._signalling.start(self._stay_registered())
        self._registered_for = seconds

    def dial(self, number: str, caller: CallerId | None = None, extra: Headers = ()) -> OutgoingCall:
        """Begin a call; ``extra`` are headers to be added to the INVITE."""
        host, port = self.line.server
        shown = (caller or CallerId(number=self.line.number)).header(self.line.ip)
        target = f"sip:{number}@{host}:{port}"
        dialog = Dialog(
            call_id=f"{self._signalling.token()}@{self.line.ip}",
            local=f"{shown};tag={self._signalling.token()}",
            remote=f"<{target}>",
            target=target,
            contact=self._signalling.contact,
        )
        call = OutgoingCall(self._signalling, dialog, extra)
        self._remember(call)
        return call

    async def next_call(self, within: float | None = None) -> IncomingCall:
        """Wait until the phone rings; raises TimeoutError."""
        async with asyncio.timeout(within):
            return await self._incoming.get()

    def _remember(self, call: Call) -> None:
        self._calls[call.call_id] = call
        self._recent.append(call.call_id)
        if len(self._recent) > _REMEMBERED_CALLS and self._calls[self._recent[0]].over:
            self._calls.pop(self._recent.popleft()).give_up()

    def _receive(self, message: SipMessage, source: Address) -> None:
        call = self._calls.get(message.call_id)
        if message.is_response:
            if call and message.method == "INVITE" and 200 <= message.status < 300:
                call.acknowledge_again()
        elif call:
            call.receive(message)
        elif message.method == "INVITE" and not tag_in(message.header("To")):
            incoming = IncomingCall(self._signalling, message, source)
            self._remember(incoming)
            self._incoming.put_nowait(incoming)
        elif message.method in ("OPTIONS", "NOTIFY"):
            self._signalling.send(response_to(message, 200, "OK"), source)
        elif message.method != "ACK":
            self._signalling.send(response_to(message, 481, "Call/Transaction Does Not Exist"), source)

    async def _register(self, seconds: int) -> None:
        host, port = self.line.server
        own = f"<sip:{self.line.number}@{host}:{port}>"
        if not self._registration:
            token = self._signalling.token
            self._registration = Dialog(
                call_id=token(),
                local=f"{own};tag={token()}",
                remote=own,
                target=f"sip:{host}:{port}",
                contact=self._signalling.contact,
            )
        registration = self._registration
        final = await self._signalling.ask(
            lambda proof: registration.request(
                "REGISTER",
                self._signalling.via(self._signalling.new_branch()),
                (("Expires", str(seconds)), *proof),
            ),
            self.line.server,
        )
        if final.status >= 300:
            raise RegistrationRefused(number=self.line.number, status=final.status)

    async def _stay_registered(self) -> None:
        while True:
            await asyncio.sleep(self._registered_for * _RENEW_AT)
            with suppress(RegistrationRefused):  # the server is being restarted: ask again next time
                await self._register(self._registered_for)
