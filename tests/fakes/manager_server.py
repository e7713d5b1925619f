"""A manager interface as Asterisk's is on the wire, which can also hang, stammer and die."""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
Message = dict[str, str]
BOOTED = {"Event": "FullyBooted", "Privilege": "system,all", "Status": "Fully Booted"}


class ManagerServer:
    """Serves one user; queue members are its whole world."""

    def __init__(self, user: str, secret: str, port: int) -> None:
        self.user = user
        self.secret = secret
        self.port = port
        self.members: dict[str, str] = {}
        self.channels: list[Message] = []
        """What CoreShowChannels lists."""
        self.uptime = 3600
        self.logins = 0
        self.received: list[Message] = []
        self.silent_about: set[str] = set()
        """Actions that are read and never answered."""
        self.knows_not: set[str] = set()
        """Actions of modules that are not loaded."""
        self.booting = False
        """While it boots it lets us in, and says later that it is ready."""
        self.pieces: Callable[[bytes], Iterator[bytes]] = lambda data: iter((data,))
        """How what is sent is cut into TCP segments."""
        self._going_on = asyncio.Event()
        self._going_on.set()
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    async def die(self) -> None:
        """End every connection without a word and listen no more; what it knew is gone."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._connections):
            writer.transport.abort()
        self.members.clear()
        self.thaw()

    def freeze(self) -> None:
        """Keep every connection, take what comes, and neither answer nor do anything."""
        self._going_on.clear()

    def thaw(self) -> None:
        self._going_on.set()

    async def tell(self, **event: str) -> None:
        """Send an event to everyone who is logged in."""
        for writer in tuple(self._connections):
            await self._send(writer, {"Event": "UserEvent", "Timestamp": "1772413200.000001", **event})

    async def boot(self) -> None:
        """Say that every module is there."""
        self.booting = False
        for writer in tuple(self._connections):
            await self._send(writer, BOOTED)

    async def send_raw(self, data: bytes) -> None:
        for writer in tuple(self._connections):
            writer.write(data)
            await writer.drain()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            writer.write(BANNER)
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                await self._going_on.wait()
                await self._take(writer, _message(block))
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _take(self, writer: asyncio.StreamWriter, message: Message) -> None:
        self.received.append(message)
        action = message["action"].lower()
        if action in self.silent_about:
            return
        if action in self.knows_not:
            answers: Iterator[Message] = iter(({"Response": "Error", "Message": "Invalid/unknown command"},))
        else:
            answers = self._answers(action, message)
        answer_id = {"ActionID": message["actionid"]} if "actionid" in message else {}
        for answer in answers:
            listing = action in ("queuestatus", "coreshowchannels")
            event = "Event" in answer and not answer.get("EventList") and not listing
            await self._send(writer, answer if event else {**answer, **answer_id})
        if action == "login" and self.logins and message.get("secret") != self.secret:
            writer.close()

    def _answers(self, action: str, message: Message) -> Iterator[Message]:
        match action:
            case "login" if (message["username"], message["secret"]) == (self.user, self.secret):
                self.logins += 1
                yield {"Response": "Success", "Message": "Authentication accepted"}
                if not self.booting:
                    yield {**BOOTED, "Uptime": str(self.uptime)}
            case "login":
                yield {"Response": "Error", "Message": "Authentication failed"}
            case "ping":
                yield {"Response": "Success", "Ping": "Pong", "Timestamp": "1772413200.000001"}
            case "queueadd" | "queueremove" | "queuestatus":
                yield from self._queue(action, message)
            case "coreshowchannels":
                yield {"Response": "Success", "EventList": "start", "Message": "Channels will follow"}
                for channel in self.channels:
                    yield {"Event": "CoreShowChannel", **channel}
                yield {"Event": "CoreShowChannelsComplete", "EventList": "Complete", "ListItems": "0"}
            case _:
                yield {"Response": "Error", "Message": "Permission denied"}

    def _queue(self, action: str, message: Message) -> Iterator[Message]:
        interface = message.get("interface", "")
        known = interface in self.members
        if action == "queuestatus":
            yield {"Response": "Success", "EventList": "start", "Message": "Queue status will follow"}
            for member, name in self.members.items():
                yield {"Event": "QueueMember", "Location": member, "Name": name}
            yield {"Event": "QueueStatusComplete", "EventList": "Complete"}
        elif action == "queueadd" and not known:
            self.members[interface] = message["membername"]
            yield {"Response": "Success", "Message": "Added interface to queue"}
            yield {"Event": "QueueMemberAdded", "Interface": interface, "MemberName": message["membername"]}
        elif action == "queueremove" and known:
            yield {"Response": "Success", "Message": "Removed interface from queue"}
            name = self.members.pop(interface)
            yield {"Event": "QueueMemberRemoved", "Interface": interface, "MemberName": name}
        else:
            yield {"Response": "Error", "Message": "Unable to change the interface"}

    async def _send(self, writer: asyncio.StreamWriter, message: Mapping[str, str]) -> None:
        text = "".join(f"{name}: {value}\r\n" for name, value in message.items()) + "\r\n"
        for piece in self.pieces(text.encode()):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)


def byte_by_byte(data: bytes) -> Iterator[bytes]:
    """Cut between any two bytes, inside a character too."""
    for number in itertools.count():
        if number == len(data):
            return
        yield data[number : number + 1]


def _message(block: bytes) -> Message:
    lines = block.decode().strip().split("\r\n")
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
