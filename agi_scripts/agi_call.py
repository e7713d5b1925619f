"""真实的来电: the calls of the flows, a citizen's and a seat's, spoken over one AGI connection."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import structlog

from agi_scripts.lines import (
    Arrival,
    Environment,
    NotAsterisk,
    Replies,
    Reply,
    SeatArrival,
    command,
    set_variable,
)
from agi_scripts.variables import FIRST, HANG_UP, HEARD, NEXT, SEAT
from core.errors import HotlineError
from core.ids import CallId, SeatNo
from ivr.call import CallerGone, ListenTo, Next, ToQueue
from ivr.prompt_book import Prompt

log = structlog.get_logger(__name__)

GRACE_SECONDS = 2.0
"""How much longer than its work a command may take: what an engine that hangs costs the citizen."""
ENVIRONMENT_SECONDS = 2.0
ANY_KEY = "0123456789*#"
KEY_SECONDS = 8.0
"""How long a seat may think before it presses a key."""
LEASH = "TIMEOUT(absolute)"
CHANNEL_UP = "6"
WAV_BYTES_PER_SECOND = 16000
"""The only kind of WAV that Asterisk plays: 8 kHz, 16 bit, mono."""


class AsteriskSilent(HotlineError):
    """Asterisk 没有按时应答流程的指令;这通来电由 Asterisk 直接送入默认技能组。"""


class AgiConnection:
    """One connection of Asterisk's: ask and be answered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Nothing is read yet."""
        self._reader = reader
        self._writer = writer
        self._replies = Replies()

    async def opening(self) -> Environment:
        """Read how Asterisk opens the call. Raises NotAsterisk, also when it takes too long."""
        environment = Environment()
        try:
            async with asyncio.timeout(ENVIRONMENT_SECONDS):
                while not environment.heard(await self._line()):
                    pass
        except TimeoutError:
            raise NotAsterisk(reason="没有说话") from None
        except CallerGone:
            raise NotAsterisk(reason="连接后就断开") from None
        return environment

    async def ask(self, command: bytes, patience_seconds: float) -> Reply:
        """Send one command and wait for its reply. Raises CallerGone, AsteriskSilent.

        One at a time: Asterisk forgets a second command that arrives together with the first.
        """
        self._writer.write(command)
        try:
            async with asyncio.timeout(patience_seconds):
                return await self._reply()
        except TimeoutError:
            raise AsteriskSilent(waited_seconds=patience_seconds) from None

    async def _reply(self) -> Reply:
        while True:
            line = await self._line()
            if line == "HANGUP":
                raise CallerGone
            reply = self._replies.heard(line)
            if reply and reply.code == 511:  # dead channel
                raise CallerGone
            if reply:
                return reply

    async def _line(self) -> str:
        try:
            raw = await self._reader.readuntil(b"\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            raise CallerGone from None
        except asyncio.LimitOverrunError:
            raise NotAsterisk(reason="一行太长") from None
        return raw.decode("utf-8", "replace").rstrip("\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What both kinds of calls can do; ``prompts`` is the folder of the spoken WAVs."""

    connection: AgiConnection
    prompts: Path

    async def say(self, prompt: Prompt) -> None:
        """Speak until the end or the first key. Raises CallerGone, AsteriskSilent."""
        leash = await self._leash(self._seconds(prompt))
        spoken = command("STREAM FILE", self.prompts / prompt, ANY_KEY)
        reply = await self.connection.ask(spoken, leash + GRACE_SECONDS)
        if reply.result == "-1":
            await self._gone_or_mute(prompt)
        elif reply.result != "0":
            await self.connection.ask(set_variable(*HEARD), GRACE_SECONDS)

    async def leave(self, where: Next) -> str:
        """Hand the flow's decision to the dialplan; gives the value that it got. Raises CallerGone."""
        match where:
            case ToQueue(queue=queue, first=first):
                if first:
                    await self._tell(FIRST, first)
                return await self._tell(NEXT, queue)
            case ListenTo(seat=seat, how=how):
                await self._tell(SEAT, seat)
                return await self._tell(NEXT, how)
            case _:
                return await self._tell(NEXT, HANG_UP)

    async def _tell(self, name: str, value: str) -> str:
        await self.connection.ask(set_variable(name, value), GRACE_SECONDS)
        return value

    async def _leash(self, seconds: float) -> float:
        """Let Asterisk wait for us so long and a little longer."""
        leash = seconds + GRACE_SECONDS
        await self.connection.ask(set_variable(LEASH, leash), GRACE_SECONDS)
        return leash

    def _seconds(self, prompt: Prompt) -> float:
        try:
            size = (self.prompts / f"{prompt}.wav").stat().st_size
        except OSError:
            return 0.0
        return round(size / WAV_BYTES_PER_SECOND, 2)

    async def _gone_or_mute(self, prompt: Prompt) -> None:
        """Asterisk answers -1 to both: the caller hung up, or the WAV cannot be played."""
        status = await self.connection.ask(command("CHANNEL STATUS"), GRACE_SECONDS)
        if status.result != CHANNEL_UP:
            raise CallerGone
        log.error("prompt cannot be played", prompt=prompt.value, folder=str(self.prompts))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiCall(_Line):
    """来电 of a citizen on a real channel."""

    arrival: Arrival

    @property
    def call_id(self) -> CallId:
        """Give the call's name everywhere."""
        return self.arrival.call_id

    @property
    def caller(self) -> str:
        """主叫号码; empty when the trunk sent none."""
        return self.arrival.caller

    @property
    def dialled(self) -> str:
        """被叫号码."""
        return self.arrival.dialled


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiSeatCall(_Line):
    """座席来电 on a real channel: a seat has dialled a code."""

    arrival: SeatArrival

    @property
    def seat(self) -> SeatNo:
        """Give the seat's number."""
        return self.arrival.seat

    @property
    def code(self) -> str:
        """功能码."""
        return self.arrival.code

    @property
    def supervisor(self) -> bool:
        """班长."""
        return self.arrival.supervisor

    async def ask_key(self, prompt: Prompt) -> str:
        """Speak, wait for a digit, give it; empty when none came. Raises CallerGone, AsteriskSilent."""
        leash = await self._leash(self._seconds(prompt) + KEY_SECONDS)
        asked = command("GET DATA", self.prompts / prompt, int(KEY_SECONDS * 1000), 1)
        reply = await self.connection.ask(asked, leash + GRACE_SECONDS)
        if reply.result == "-1":
            await self._gone_or_mute(prompt)
            return ""
        return reply.result
