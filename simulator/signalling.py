"""信令: a phone's SIP side: its socket, its requests under way, and the proof of its password."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from random import Random

from simulator.digest import Account, Asked, answer_to, challenge_in
from simulator.sip_message import Headers, NotSip, SipMessage, parse
from simulator.transactions import Transactions, never_mind
from simulator.udp import Address, UdpPort

_CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """线路: where a phone reaches the world, its own number and address, and its account if it has one."""

    number: str
    server: Address
    ip: str = "127.0.0.1"
    port: int = 0
    account: Account | None = None


class Signalling:
    """Sends and receives messages; what is not an answer to our own request goes to the receiver."""

    def __init__(self, line: Line, random: Random, receiver: Callable[[SipMessage, Address], None]) -> None:
        """Open the socket at once."""
        self.line = line
        self.random = random
        self._receiver = receiver
        self._transactions = Transactions()
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = UdpPort((line.ip, line.port), self._receive)

    @property
    def address(self) -> Address:
        """Where this phone listens."""
        return self._port.address

    @property
    def contact(self) -> str:
        """Value of our Contact header."""
        ip, port = self.address
        return f"<sip:{self.line.number}@{ip}:{port}>"

    def token(self) -> str:
        """Give a text that nobody has used before."""
        return f"{self.random.getrandbits(64):016x}"

    def via(self, branch: str) -> tuple[str, str]:
        """Give the Via header of a request of ours."""
        ip, port = self.address
        return "Via", f"SIP/2.0/UDP {ip}:{port};rport;branch={branch}"

    def new_branch(self) -> str:
        """Name a new request."""
        return f"z9hG4bK{self.token()}"

    def send(self, message: SipMessage, to: Address) -> None:
        """Send once."""
        self._port.send(message.to_bytes(), to)

    async def ask(
        self,
        make: Callable[[Headers], SipMessage],
        to: Address,
        on_provisional: Callable[[SipMessage], None] = never_mind,
    ) -> SipMessage:
        """Send a request until it is answered, a second time with our password when asked for it.

        ``make`` builds the request anew from the headers to be added.
        """
        request = make(())
        final = await self._transactions.begin(request, partial(self.send, to=to), on_provisional)
        proof = self._proof(request, final)
        if proof:
            final = await self._transactions.begin(make(proof), partial(self.send, to=to), on_provisional)
        return final

    def start(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        """Let something go on beside; it is stopped when the phone is unplugged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Give up what is under way and close the socket."""
        for task in self._tasks:
            task.cancel()
        self._transactions.close()
        self._port.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _proof(self, request: SipMessage, final: SipMessage) -> Headers:
        if final.status not in _CHALLENGES or not self.line.account:
            return ()
        asks, answers = _CHALLENGES[final.status]
        challenge = challenge_in(final.all_of(asks))
        if not challenge:
            return ()
        asked = Asked(method=request.method, uri=request.first_line.split(" ")[1])
        return ((answers, answer_to(challenge, self.line.account, asked, self.token())),)

    def _receive(self, data: bytes, source: Address) -> None:
        try:
            message = parse(data)
        except NotSip:
            return
        if not (message.is_response and self._transactions.receive(message)):
            self._receiver(message, source)
