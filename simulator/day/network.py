"""内存里的线路: connections between the parts of a rehearsal, byte for byte, without sockets.

What is written arrives in the next round of the loop. A listener can be closed to newcomers, its
connections broken, or what flows on them held back, as broken neighbours do.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from weakref import WeakSet

Place = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""
ProtocolFactory = Callable[[], asyncio.BaseProtocol]
HIGH_WATER = 64 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Listening:
    """Somebody who takes connections."""

    factory: ProtocolFactory
    context: Context
    """What arrives is handled on behalf of whoever listens."""
    open: bool = True
    connections: "list[MemoryTransport]" = field(default_factory=list)


class MemoryNetwork:
    """Who listens where, and who is connected."""

    def __init__(self) -> None:
        """Begin with nobody there."""
        self._listening: dict[Place, Listening] = {}
        self._lines: WeakSet[MemoryTransport] = WeakSet()

    def listen(self, place: Place, factory: ProtocolFactory) -> Listening:
        """Take connections at this place; raises OSError when somebody does already."""
        if place in self._listening:
            raise OSError(98, "address in use")
        self._listening[place] = Listening(factory=factory, context=copy_context())
        return self._listening[place]

    def leave(self, place: Place) -> None:
        """Take no more connections; those that are remain."""
        self._listening.pop(place, None)

    def connect(self, place: Place, protocol: asyncio.BaseProtocol) -> "MemoryTransport":
        """Connect; raises ConnectionRefusedError when nobody takes connections there."""
        there = self._listening.get(place)
        if there is None or not there.open:
            raise ConnectionRefusedError(111, "connection refused")
        ours = MemoryTransport(place, copy_context())
        theirs = MemoryTransport(place, there.context)
        ours.peer, theirs.peer = theirs, ours
        self._lines.update((ours, theirs))
        there.connections = [known for known in there.connections if not known.is_closing()]
        there.connections.append(theirs)
        theirs.serve(there.factory)
        ours.begin(protocol)
        return ours

    def hang_up(self, place: Place) -> None:
        """Break every connection there; newcomers are still taken."""
        if there := self._listening.get(place):
            for connection in there.connections:
                connection.abort()
            there.connections.clear()

    def cut(self, place: Place) -> None:
        """Break every connection there, as when a cable is pulled at both ends; newcomers are refused."""
        if there := self._listening.get(place):
            there.open = False
            self.hang_up(place)

    def mend(self, place: Place) -> None:
        """Let newcomers in again."""
        if there := self._listening.get(place):
            there.open = True

    def forget(self) -> None:
        """Let go of every line, without a word to anybody."""
        for line in self._lines:
            line.forget()

    def drop(self, place: Place) -> None:
        """Do what the kernel does for a killed process: the place is free, its connections are reset."""
        self.cut(place)
        self.leave(place)


class MemoryTransport(asyncio.Transport):
    """One end of a connection."""

    def __init__(self, place: Place, context: Context) -> None:
        """``context`` says on whose behalf what arrives is handled."""
        super().__init__({"peername": place, "sockname": place})
        self.peer: MemoryTransport
        self._context = context
        self._protocol: asyncio.BaseProtocol
        self._arrived: list[bytes] = []
        self._awaited = False
        self._ended = False
        self._closing = False
        self._reading = True

    def begin(self, protocol: asyncio.BaseProtocol) -> None:
        """Tell the protocol that it is connected."""
        self._protocol = protocol
        protocol.connection_made(self)

    def serve(self, factory: ProtocolFactory) -> None:
        """Tell a new protocol of whoever listens, in the next round."""
        self._soon(lambda: self.begin(factory()))

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send; what is sent to somebody who has gone breaks the connection."""
        if self._closing or not data:
            return
        if self.peer._closing:  # noqa: SLF001 - the other end of the same line
            self._break(ConnectionResetError(104, "connection reset"))
            return
        self.peer._arrive(bytes(data))  # noqa: SLF001

    def is_closing(self) -> bool:
        """Whether it is over, or about to be."""
        return self._closing

    def close(self) -> None:
        """Hang up; what was written still arrives."""
        if not self._closing:
            self._closing = True
            self.peer._end()  # noqa: SLF001
            self._soon(lambda: self._protocol.connection_lost(None))

    def abort(self) -> None:
        """Break the line for both."""
        self._break(None)
        self.peer._break(ConnectionResetError(104, "connection reset"))  # noqa: SLF001

    def forget(self) -> None:
        """Count as closed; nobody is told."""
        self._closing = True

    def pause_reading(self) -> None:
        """Hold back what arrives."""
        self._reading = False

    def resume_reading(self) -> None:
        """Hand over what was held back."""
        self._reading = True
        self._await_delivery()

    def is_reading(self) -> bool:
        """Whether what arrives is handed over."""
        return self._reading

    def get_write_buffer_size(self) -> int:
        """Give the bytes that the other side has not taken yet."""
        return sum(map(len, self.peer._arrived))  # noqa: SLF001

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand over to another protocol."""
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Give who is told."""
        return self._protocol

    def can_write_eof(self) -> bool:
        """Half a connection can not be closed."""
        return False

    def _arrive(self, data: bytes) -> None:
        self._arrived.append(data)
        self._await_delivery()

    def _end(self) -> None:
        self._ended = True
        self._await_delivery()

    def _await_delivery(self) -> None:
        if not self._awaited and self._reading:
            self._awaited = True
            self._soon(self._deliver)

    def _deliver(self) -> None:
        self._awaited = False
        if self._closing or not self._reading or not isinstance(self._protocol, asyncio.Protocol):
            return
        if self._arrived:
            data = b"".join(self._arrived)
            self._arrived.clear()
            self._protocol.data_received(data)
        if self._ended and not self._closing and not self._protocol.eof_received():
            self.close()

    def _break(self, error: Exception | None) -> None:
        if not self._closing:
            self._closing = True
            self._soon(lambda: self._protocol.connection_lost(error))

    def _soon(self, work: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_soon(work, context=self._context)


class MemoryServer:
    """What ``asyncio.start_server`` gives on the virtual loop."""

    def __init__(self, network: MemoryNetwork, place: Place) -> None:
        """Serve at this place until closed."""
        self._network = network
        self._place = place
        self._serving = True

    def close(self) -> None:
        """Take no more connections."""
        if self._serving:
            self._serving = False
            self._network.leave(self._place)

    async def wait_closed(self) -> None:
        """Nothing is left to wait for."""

    def is_serving(self) -> bool:
        """Whether newcomers are taken."""
        return self._serving
