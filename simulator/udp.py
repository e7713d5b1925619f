"""网络口: one UDP socket on the running event loop, opened and closed without waiting."""

import asyncio
import socket
from collections.abc import Callable

Address = tuple[str, int]
Receiver = Callable[[bytes, Address], None]


class UdpPort:
    """Hands every packet to its receiver; a packet that cannot be sent is lost, as on any network."""

    def __init__(self, address: Address, receiver: Receiver) -> None:
        """Open at once; port 0 lets the system choose. Raises OSError when the port is taken."""
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        self.address: Address = self._socket.getsockname()
        self._loop.add_reader(self._socket, self._receive)

    def send(self, data: bytes, to: Address) -> None:
        """Send one packet; nothing happens once the port is closed."""
        if self._socket.fileno() >= 0:
            try:
                self._socket.sendto(data, to)
            except BlockingIOError:
                return

    def close(self) -> None:
        """Close; a second time does nothing."""
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    def _receive(self) -> None:
        while self._socket.fileno() >= 0:
            try:
                data, source = self._socket.recvfrom(65535)
            except BlockingIOError:
                return
            self._receiver(data, source)
