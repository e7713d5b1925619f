"""AMI 接口: the one door to Asterisk's manager interface (panoramisk), with its known faults kept outside.

One panoramisk manager per connection, so that nothing is ever replayed after a reconnect; the wire
is read as Latin-1 and each value decoded on its own, so that a character split between two reads
is not lost; every action has a time-out; control characters are refused; a frozen Asterisk is
noticed by an own heartbeat.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from panoramisk import Manager
from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.message import Message

from core.errors import HotlineError

log = structlog.get_logger(__name__)

ACTION_SECONDS = 5.0
BOOT_SECONDS = 60.0
HEARTBEAT_SECONDS = 5.0
AGAIN_SECONDS = 1.0
NEVER = 10**9
"""Seconds after which panoramisk would send its own ping, which has no time-out."""
LONGEST_MESSAGE = 4 * 1024 * 1024
"""Characters; Asterisk's own have some thousands."""
ONCE = ("event", "actionid", "commandid", "response", "message")
"""Headers of which panoramisk expects at most one each."""
_ABSENT = ("", "")


class AsteriskAway(HotlineError):
    """Asterisk 没有应答:请用 ./hotline status 看它是否在运行;来电仍由它自己接入座席。"""


class UnsafeAction(HotlineError):
    """AMI 指令里有控制字符,已拒绝发送。"""


class ActionRefused(HotlineError):
    """Asterisk 拒绝了这条指令。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmiDoor:
    """Where the manager interface is and who we are there."""

    host: str
    port: int
    user: str
    secret: str


class _OneConnection(Manager):  # type: ignore[misc]  # panoramisk carries no types
    """A manager for one connection only: it does not come back by itself."""

    def __init__(self, **config: Any) -> None:  # noqa: ANN401
        super().__init__(**config)
        self.over = asyncio.Event()
        self.booted = asyncio.Event()
        self.register_event("FullyBooted", lambda _manager, _message: self.booted.set())

    def connection_lost(self, _reason: object) -> None:
        self.over.set()
        self.close()


class _Wire(AMIProtocol):  # type: ignore[misc]  # panoramisk carries no types
    """Passes over what panoramisk would break on; a message without end must not fill the memory."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.queue and len(self.queue[0]) > LONGEST_MESSAGE:
            log.warning("AMI 上的一条消息没完没了, 断开重连")
            self.transport.abort()

    def handle_message(self, message: Message) -> None:
        if any(isinstance(_kept(message).get(header, _ABSENT)[1], list) for header in ONCE):
            log.warning("AMI 上的一条消息看不懂, 已跳过")
        elif self.factory is not None:
            super().handle_message(message)


class _ListAction(Action):  # type: ignore[misc]  # panoramisk carries no types
    """An action whose answers are many; panoramisk would wait for the end of a list that was refused."""

    def add_message(self, message: Message) -> bool:
        self.responses.append(message)
        kept = _kept(message)
        ended = kept.get("eventlist", _ABSENT)[1] == "Complete" or kept.get("response", _ABSENT)[1] == "Error"
        if ended and not self.future.done():
            self.future.set_result(self.responses)
        return ended


class Ami:
    """Keeps a connection to Asterisk; hands over every event; sends actions."""

    def __init__(self, door: AmiDoor, heard: Callable[[dict[str, str]], None]) -> None:
        """``heard`` is a plain function, called with every event in the order in which they came."""
        self._door = door
        self._heard = heard
        self._manager: _OneConnection | None = None
        self._last_word = 0.0
        self.connected = asyncio.Event()
        self.deaf_since: float | None = None
        """When, on the loop's clock, Asterisk was last heard before a connection was lost; whoever has
        made good what was missed sets it back to None."""

    async def run(self, on_connect: Callable[[], None]) -> None:
        """Stay connected until cancelled; ``on_connect`` is called after every log-in."""
        told = False
        while True:
            try:
                await self._one_connection(on_connect)
                told = False
            except (AsteriskAway, OSError) as error:
                if not told:
                    log.warning("与 Asterisk 的 AMI 连接不上, 每秒重试", error=type(error).__name__)
                    told = True
            await asyncio.sleep(AGAIN_SECONDS)

    @property
    def silent_seconds(self) -> float:
        """Give how long ago Asterisk last said anything."""
        return asyncio.get_running_loop().time() - self._last_word

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        """Send an action and give its answers; raises AsteriskAway, ActionRefused, UnsafeAction."""
        manager = self._manager
        if manager is None or not self.connected.is_set():
            raise AsteriskAway(action=action)
        return await _send(manager, {"Action": action, **fields})

    async def _one_connection(self, on_connect: Callable[[], None]) -> None:
        manager = await self._log_in()
        self._manager = manager
        self.connected.set()
        log.info("已连上 Asterisk 的 AMI")
        try:
            on_connect()
            await self._watch(manager)
        finally:
            self.connected.clear()
            self._manager = None
            if self.deaf_since is None:
                self.deaf_since = self._last_word
            manager.close()
            log.warning("与 Asterisk 的 AMI 连接断开")

    async def _log_in(self) -> _OneConnection:
        loop = asyncio.get_running_loop()
        manager = _OneConnection(
            loop=loop,
            encoding="latin-1",
            username=self._door.user,
            secret=self._door.secret,
            ping_delay=NEVER,
            ping_interval=NEVER,
            log=_Silent(),
        )
        manager.register_event("*", lambda _manager, message: self._take(message))
        opening = loop.create_connection(_Wire, self._door.host, self._door.port)
        made: asyncio.Future[Any] = loop.create_future()
        async with asyncio.timeout(ACTION_SECONDS):
            made.set_result(await opening)
        manager.connection_made(made)
        try:
            _check_accepted(await _answer_to(manager, "Login", manager.authenticated_future))
            await _until_booted(manager)
        except (AsteriskAway, asyncio.CancelledError):
            manager.close()
            raise
        return manager

    def _take(self, message: Message) -> None:
        self._last_word = asyncio.get_running_loop().time()
        self._heard(_headers(message))

    async def _watch(self, manager: _OneConnection) -> None:
        """Return when the connection is over, or when a silent Asterisk does not answer a ping in time."""
        while not manager.over.is_set():
            last_word = self._last_word
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_SECONDS - self.silent_seconds):
                    await manager.over.wait()
                return
            if self._last_word != last_word:
                continue
            try:
                # a refusal is a word of Asterisk's too
                with contextlib.suppress(ActionRefused):
                    await _send(manager, {"Action": "Ping"})
                self._last_word = asyncio.get_running_loop().time()
            except AsteriskAway:
                log.warning("Asterisk 不应答心跳, 断开重连")
                return


def _check_accepted(answer: Message) -> None:
    if not answer.success:
        raise AsteriskAway(action="Login", answer="口令不对")


async def _send(manager: _OneConnection, action: dict[str, str]) -> list[dict[str, str]]:
    for value in action.values():
        if any(ord(character) < 32 for character in value):
            raise UnsafeAction(action=action["Action"])
    wire = {name: value.encode().decode("latin-1") for name, value in action.items()}
    # Only list actions end in a …Complete event; for all others panoramisk must not wait for one.
    listing = action["Action"] in ("CoreShowChannels", "QueueStatus")
    future = manager.send_action(_ListAction(wire) if listing else wire, as_list=listing)
    answer = await _answer_to(manager, action["Action"], future)
    answers = [_headers(message) for message in (answer if isinstance(answer, list) else [answer])]
    if answers[0].get("response") == "Error":
        raise ActionRefused(action=action["Action"], answer=answers[0].get("message", ""))
    return answers


async def _answer_to(manager: _OneConnection, action: str, future: asyncio.Future[Any]) -> Any:  # noqa: ANN401
    """Wait until it is answered; raises AsteriskAway when it was not in time, or the connection is over.

    The future is left alone, because panoramisk still looks at it.
    """
    over = asyncio.ensure_future(manager.over.wait())
    try:
        await asyncio.wait({future, over}, timeout=ACTION_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        over.cancel()
    if not future.done():
        raise AsteriskAway(action=action)
    return future.result()


async def _until_booted(manager: _OneConnection) -> None:
    """Asterisk lets us in before its modules are there; what we ask before that is refused."""
    ways = [asyncio.ensure_future(event.wait()) for event in (manager.booted, manager.over)]
    try:
        await asyncio.wait(ways, timeout=BOOT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
    if not manager.booted.is_set():
        raise AsteriskAway(action="Login", answer="还在启动")


def _headers(message: Message) -> dict[str, str]:
    return {name: _text(value) for name, (_as_written, value) in _kept(message).items()}


def _kept(message: Message) -> Mapping[str, tuple[str, str | list[str]]]:
    """Give names in lower case with what was written: asked by name, panoramisk takes longer than to read."""
    kept: Mapping[str, tuple[str, str | list[str]]] = message._store  # noqa: SLF001
    return kept


def _text(value: str | list[str]) -> str:
    joined = "\n".join(value) if isinstance(value, list) else value
    if joined.isascii():
        return joined
    return joined.encode("latin-1", "replace").decode("utf-8", "replace")


class _Silent:
    """Panoramisk logs whole messages, with numbers in them; ours says what matters."""

    def __getattr__(self, _level: str) -> Callable[..., None]:
        return lambda *_args, **_kwargs: None
