"""AMI 对端: the modelled exchange's manager interface, as bytes on a line."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.day.members import Member, Switchroom

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
Message = dict[str, str]
Answers = Iterator[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerDoor:
    """Where to listen, and who is let in."""

    host: str
    port: int
    user: str
    secret: str


class Manager:
    """Serves whoever logs in; knows the actions that our programs use, and refuses all others."""

    def __init__(self, room: Switchroom, door: ManagerDoor) -> None:
        """Nobody is let in before :meth:`start`."""
        self._room = room
        self._door = door
        self.received: dict[str, int] = {}
        """How often each action came."""
        self._began = room.exchange.seconds()

    async def start(self) -> None:
        """Listen."""
        await asyncio.start_server(self._serve, self._door.host, self._door.port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        try:
            while True:
                message = _message(await reader.readuntil(b"\r\n\r\n"))
                if not self._take(message, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._forget(writer)
            writer.close()

    def _take(self, message: Message, writer: asyncio.StreamWriter) -> bool:
        """Answer one action; False for whoever may not come in."""
        action = message.get("action", "").lower()
        self.received[action] = self.received.get(action, 0) + 1
        answer_id = f"ActionID: {message['actionid']}\r\n" if "actionid" in message else ""
        if action == "login":
            return self._log_in(message, writer, answer_id)
        if writer.write not in self._room.exchange.listeners:
            writer.write(_said("Response: Error", "Message: Permission denied", answer_id))
            return False
        for answer in self._answers(action, message):
            writer.write(_said(answer, answer_id))
        return True

    def _log_in(self, message: Message, writer: asyncio.StreamWriter, answer_id: str) -> bool:
        if (message.get("username"), message.get("secret")) != (self._door.user, self._door.secret):
            writer.write(_said("Response: Error", "Message: Authentication failed", answer_id))
            return False
        writer.write(_said("Response: Success", "Message: Authentication accepted", answer_id))
        uptime = self._room.exchange.seconds() - self._began
        booted = f"Privilege: system,all\r\nUptime: {uptime}\r\nLastReload: {uptime}"
        writer.write(_said("Event: FullyBooted", booted, "Status: Fully Booted"))
        self._room.exchange.listeners.append(writer.write)
        return True

    def _forget(self, writer: asyncio.StreamWriter) -> None:
        listeners = self._room.exchange.listeners
        if writer.write in listeners:
            listeners.remove(writer.write)

    def _answers(self, action: str, message: Message) -> Answers:
        match action:
            case "ping":
                yield f"Response: Success\r\nPing: Pong\r\nTimestamp: {self._stamp()}"
            case "coreshowchannels":
                yield from self._channels()
            case "queuestatus":
                yield from self._status(message.get("queue", ""), message.get("member", ""))
            case "queueadd" | "queueremove" | "queuepause" | "queuepenalty":
                yield self._change(action, message)
            case "getvar" | "setvar" | "mixmonitormute":
                yield self._on_channel(action, message)
            case _:
                yield "Response: Error\r\nMessage: Invalid/unknown command"

    def _stamp(self) -> str:
        return f"{self._room.exchange.now().timestamp():.6f}"

    def _channels(self) -> Answers:
        yield "Response: Success\r\nEventList: start\r\nMessage: Channels will follow"
        channels = tuple(self._room.exchange.channels.values())
        for channel in channels:
            said = f"Application: {channel.application}\r\nApplicationData: \r\nDuration: 00:00:01\r\n"
            yield f"Event: CoreShowChannel\r\n{channel.headers()}{said}BridgeId: "
        yield f"Event: CoreShowChannelsComplete\r\nEventList: Complete\r\nListItems: {len(channels)}"

    def _status(self, only_queue: str, only_member: str) -> Answers:
        yield "Response: Success\r\nEventList: start\r\nMessage: Queue status will follow"
        items = 0
        for queue in self._room.queues.values():
            if only_queue not in ("", queue.name):
                continue
            rules, waiting = queue.rules, len(queue.waiting)
            items += 1
            yield (
                f"Event: QueueParams\r\nQueue: {queue.name}\r\nStrategy: {rules.strategy}\r\n"
                f"Calls: {waiting}\r\nWeight: {rules.weight}"
            )
            for member in queue.members.values():
                if only_member in ("", member.interface, member.name):
                    items += 1
                    yield self._member(member)
            for stay in queue.waiting:
                items += 1
                yield (
                    f"Event: QueueEntry\r\nQueue: {queue.name}\r\nPosition: {stay.position}\r\n"
                    f"Channel: {stay.channel.name}\r\nUniqueid: {stay.channel.uniqueid}\r\n"
                    f"CallerIDNum: {stay.channel.caller or 'unknown'}\r\nCallerIDName: unknown\r\n"
                    f"Wait: {self._room.exchange.seconds() - stay.since}\r\nPriority: {stay.priority}"
                )
        yield f"Event: QueueStatusComplete\r\nEventList: Complete\r\nListItems: {items}"

    def _member(self, member: Member) -> str:
        return (
            f"Event: QueueMember\r\nQueue: {member.queue}\r\nName: {member.name}\r\n"
            f"Location: {member.interface}\r\nStateInterface: {member.interface}\r\n"
            f"Membership: dynamic\r\nPenalty: {member.penalty}\r\nCallsTaken: {member.calls}\r\n"
            f"LastCall: {member.last_call}\r\nLastPause: {member.last_pause}\r\n"
            f"LoginTime: {member.login_time}\r\nInCall: {int(bool(member.talks_since))}\r\n"
            f"Status: {int(self._room.state_of(member.interface))}\r\nPaused: {int(member.paused)}\r\n"
            f"PausedReason: {member.reason}\r\nWrapuptime: 0"
        )

    def _on_channel(self, action: str, message: Message) -> str:
        """A channel is named by its name or by its uniqueid."""
        asked, variable = message.get("channel", ""), message.get("variable", "")
        channels = self._room.exchange.channels.values()
        channel = next((one for one in channels if asked in (one.name, one.uniqueid)), None)
        if channel is None:
            return "Response: Error\r\nMessage: No such channel"
        match action:
            case "getvar":
                value = channel.name if variable == "CHANNEL(name)" else channel.variables.get(variable, "")
                return f"Response: Success\r\nVariable: {variable}\r\nValue: {value}"
            case "setvar":
                channel.variables[variable] = message.get("value", "")
                return "Response: Success\r\nMessage: Variable Set"
        muted = f"Direction: {message.get('direction', '')}\r\nState: {message.get('state', '')}\r\n"
        self._room.exchange.tell("MixMonitorMute", "call", channel.headers() + muted)
        return "Response: Success"

    def _change(self, action: str, message: Message) -> str:
        queue, interface = message.get("queue", ""), message.get("interface", "")
        if queue and queue not in self._room.queues:
            return "Response: Error\r\nMessage: No such queue"
        match action:
            case "queueadd":
                return self._add(queue, interface, message)
            case "queueremove":
                return self._remove(queue, interface)
        meant = [member for member in self._room.members_of(interface) if queue in ("", member.queue)]
        if not meant:
            return "Response: Error\r\nMessage: Interface not found"
        for member in meant:
            if action == "queuepause":
                paused = message.get("paused", "").lower() in ("1", "true", "yes", "on")
                self._room.pause(member, message.get("reason", ""), paused=paused)
            else:
                self._room.change_penalty(member, int(message.get("penalty", "0")))
        return "Response: Success\r\nMessage: done"

    def _add(self, queue: str, interface: str, message: Message) -> str:
        member = Member(
            queue=queue,
            interface=interface,
            name=message.get("membername") or interface,
            penalty=int(message.get("penalty") or 0),
            paused=message.get("paused", "").lower() in ("1", "true", "yes", "on"),
            reason=message.get("reason", ""),
        )
        if not self._room.add(queue, member):
            return "Response: Error\r\nMessage: Unable to add interface: Already there"
        said = "PAUSED" if member.paused else ""
        self._room.exchange.queue_log.write("MANAGER", queue, member.name, "ADDMEMBER", said)
        return "Response: Success\r\nMessage: Added interface to queue"

    def _remove(self, queue: str, interface: str) -> str:
        member = self._room.remove(queue, interface)
        if member is None:
            return "Response: Error\r\nMessage: Unable to remove interface: Not there"
        self._room.exchange.queue_log.write("MANAGER", queue, member.name, "REMOVEMEMBER", "")
        return "Response: Success\r\nMessage: Removed interface from queue"


def _message(block: bytes) -> Message:
    pairs = (line.partition(":") for line in block.decode("utf-8", "replace").split("\r\n") if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _said(*parts: str) -> bytes:
    lines = "\r\n".join(part.removesuffix("\r\n") for part in parts if part)
    return f"{lines}\r\n\r\n".encode()
