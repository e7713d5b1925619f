"""事务: sends a request until it is answered, as RFC 3261 wants it over UDP."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from simulator.sip_message import SipMessage

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 4.0
PATIENCE_SECONDS = 32.0
_REMEMBERED = 64
_COPIED = ("Via", "From", "To", "Call-ID", "CSeq")

Send = Callable[[SipMessage], None]


def never_mind(_response: SipMessage) -> None:
    """Do nothing with a provisional response."""


class Repeater:
    """重发: says the same again, more and more slowly, until stopped or out of patience."""

    def __init__(self, say: Callable[[], None], give_up: Callable[[], None]) -> None:
        """Say it now, and begin to wait."""
        self._say = say
        self._give_up = give_up
        self._pause = FIRST_PAUSE_SECONDS
        self._loop = asyncio.get_running_loop()
        self._until = self._loop.time() + PATIENCE_SECONDS
        self._timer = self._loop.call_later(self._pause, self._again)
        say()

    def stop(self) -> None:
        """Say it no more."""
        self._timer.cancel()

    def _again(self) -> None:
        if self._loop.time() >= self._until:
            self._give_up()
            return
        self._say()
        self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        self._timer = self._loop.call_later(self._pause, self._again)


class Transactions:
    """Requests under way, by branch and method: a CANCEL has the branch of its INVITE."""

    def __init__(self) -> None:
        """Begin with none."""
        self._open: dict[tuple[str, str], _Transaction] = {}
        self._acked: OrderedDict[str, Callable[[], None]] = OrderedDict()

    def begin(
        self, request: SipMessage, send: Send, on_provisional: Callable[[SipMessage], None] = never_mind
    ) -> "asyncio.Future[SipMessage]":
        """Send the request; gives its final response, a 408 of our own when nobody ever answers."""
        key = (request.branch, request.method)
        transaction = self._open[key] = _Transaction(request, send, on_provisional)
        transaction.final.add_done_callback(lambda _: self._forget(key, transaction))
        return transaction.final

    def receive(self, response: SipMessage) -> bool:
        """Take a response; False when it belongs to no request under way."""
        if response.method == "INVITE" and response.status >= 300 and response.branch in self._acked:
            self._acked[response.branch]()
            return True
        transaction = self._open.get((response.branch, response.method))
        if transaction is None:
            return False
        if response.method == "INVITE" and response.status >= 300:
            self._acknowledge_refusal(transaction, response)
        transaction.receive(response)
        return True

    def close(self) -> None:
        """Give up every request under way."""
        for transaction in list(self._open.values()):
            transaction.give_up()

    def _forget(self, key: tuple[str, str], transaction: "_Transaction") -> None:
        transaction.stop()
        # whoever hangs up twice sends a second CANCEL of the same branch
        if self._open.get(key) is transaction:
            del self._open[key]

    def _acknowledge_refusal(self, transaction: "_Transaction", response: SipMessage) -> None:
        request = transaction.request
        kept = [pair for pair in request.headers if pair[0] in ("Via", "Max-Forwards", "From", "Route")]
        rest = [
            ("To", response.header("To")),
            ("Call-ID", request.call_id),
            ("CSeq", f"{request.cseq[0]} ACK"),
        ]
        ack = SipMessage(first_line=request.first_line.replace("INVITE", "ACK", 1), headers=(*kept, *rest))
        self._acked[request.branch] = lambda: transaction.send(ack)
        if len(self._acked) > _REMEMBERED:
            self._acked.popitem(last=False)
        transaction.send(ack)


class _Transaction:
    def __init__(self, request: SipMessage, send: Send, on_provisional: Callable[[SipMessage], None]) -> None:
        self.request = request
        self.send = send
        self.final: asyncio.Future[SipMessage] = asyncio.get_running_loop().create_future()
        self._on_provisional = on_provisional
        self._repeater = Repeater(lambda: send(request), self.give_up)

    def receive(self, response: SipMessage) -> None:
        if response.status >= 200:
            self._finish(response)
            return
        if response.method == "INVITE":
            self.stop()
        self._on_provisional(response)

    def give_up(self) -> None:
        copied = tuple(pair for pair in self.request.headers if pair[0] in _COPIED)
        self._finish(SipMessage(first_line="SIP/2.0 408 Request Timeout", headers=copied))

    def stop(self) -> None:
        self._repeater.stop()

    def _finish(self, response: SipMessage) -> None:
        self.stop()
        if not self.final.done():
            self.final.set_result(response)
