"""A manager interface by hand: logs in, sends what it is told to, remembers what it was asked."""

import asyncio

GREETING = b"Asterisk Call Manager/11.0.0\r\n"


class ManagerServer:
    """Speaks just enough AMI; can fall silent, cut a line in two, or hang up."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.asked: list[dict[str, str]] = []
        self.silent = False
        self.port = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.hang_up()

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def send(self, *chunks: bytes) -> None:
        """Send each chunk as a segment of its own."""
        for chunk in chunks:
            self._writers[-1].write(chunk)
            await self._writers[-1].drain()
            await asyncio.sleep(0.02)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        writer.write(GREETING)
        try:
            while True:
                raw = (await reader.readuntil(b"\r\n\r\n")).decode()
                asked = dict(line.split(": ", 1) for line in raw.strip().split("\r\n"))
                self.asked.append(asked)
                if not self.silent:
                    writer.write(self._answer(asked).encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    def _answer(self, asked: dict[str, str]) -> str:
        tag = f"ActionID: {asked['ActionID']}\r\n"
        if asked["Action"] == "Login" and asked["Secret"] != self.secret:
            return f"Response: Error\r\n{tag}Message: Authentication failed\r\n\r\n"
        if asked["Action"] == "CoreShowChannels":
            start = f"Response: Success\r\n{tag}EventList: start\r\nMessage: Channels will follow\r\n\r\n"
            return (
                start + f"Event: CoreShowChannelsComplete\r\n{tag}EventList: Complete\r\nListItems: 0\r\n\r\n"
            )
        return f"Response: Success\r\n{tag}Message: ok\r\n\r\n"
