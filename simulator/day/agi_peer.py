"""AGI 对端: Asterisk's side of a FastAGI conversation, byte for byte as Asterisk 22 was seen to speak.

The leash ``TIMEOUT(absolute)`` is Asterisk's own: a flow that says nothing loses the call.
"""

import asyncio
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.day.channel import Channel

WAV_BYTES_PER_SECOND = 16000
COMMAND_SECONDS = 0.001
"""How long Asterisk takes for what is done at once."""
LEASH = "TIMEOUT(absolute)"
GONE = b"200 result=-1 endpos=0\nHANGUP\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgiDoor:
    """Where the engine listens for calls."""

    host: str
    port: int


class AgiConversation:
    """One ``AGI(agi://…)`` on one channel."""

    def __init__(self, door: AgiDoor, channel: Channel, key: Callable[[], str | None]) -> None:
        """``key`` gives the key that the caller presses during a prompt, None for none."""
        self._door = door
        self._channel = channel
        self._key = key

    async def run(self, script: str, *arguments: str) -> str:
        """Give AGISTATUS: SUCCESS, whatever became of it, FAILURE when nobody answers, or TIMEOUT."""
        try:
            reader, writer = await asyncio.open_connection(self._door.host, self._door.port)
        except OSError:
            return "FAILURE"
        try:
            writer.write(self._opening(script, arguments))
            async with asyncio.timeout(self._leash()) as leash:
                await self._serve(reader, writer, leash)
        except TimeoutError:
            return "TIMEOUT"
        except ConnectionError:
            return "SUCCESS"
        except asyncio.CancelledError:
            # The caller hung up: a bare line besides the answer to the command that he interrupted.
            writer.write(GONE)
            raise
        finally:
            writer.close()
        return "SUCCESS"

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, leash: asyncio.Timeout
    ) -> None:
        loop = asyncio.get_running_loop()
        while line := (await reader.readline()).decode().rstrip("\n"):
            answer = await self._answer(shlex.split(line))
            if line.startswith("SET VARIABLE"):
                seconds = self._leash()
                leash.reschedule(None if seconds is None else loop.time() + seconds)
            writer.write(f"{answer}\n".encode())

    async def _answer(self, words: list[str]) -> str:
        match words:
            case ["SET", "VARIABLE", name, value]:
                await asyncio.sleep(COMMAND_SECONDS)
                self._channel.variables[name] = value
                return "200 result=1"
            case ["GET", "VARIABLE", name]:
                known = self._channel.variables.get(name)
                return "200 result=0" if known is None else f"200 result=1 ({known})"
            case ["STREAM", "FILE", file, keys]:
                return await self._stream(seconds_of(Path(f"{file}.wav")), keys)
            case ["CHANNEL", "STATUS"]:
                return f"200 result={int(self._channel.state)}"
            case ["WAIT", "FOR", "DIGIT", milliseconds]:
                key = self._key()
                await asyncio.sleep(COMMAND_SECONDS if key else int(milliseconds) / 1000)
                return f"200 result={ord(key) if key else 0}"
            case _:
                return "510 Invalid or unknown command"

    async def _stream(self, seconds: float | None, keys: str) -> str:
        if seconds is None:
            return "200 result=-1 endpos=0"
        key = self._key()
        if key and key in keys:
            await asyncio.sleep(seconds / 2)
            self._channel.variables["PLAYBACKSTATUS"] = "FAILED"
            return f"200 result={ord(key)} endpos={int(seconds * 4000)}"
        await asyncio.sleep(seconds)
        self._channel.variables["PLAYBACKSTATUS"] = "SUCCESS"
        return f"200 result=0 endpos={int(seconds * 8000)}"

    def _leash(self) -> float | None:
        seconds = float(self._channel.variables.get(LEASH, "0") or 0)
        return seconds or None

    def _opening(self, script: str, arguments: tuple[str, ...]) -> bytes:
        channel = self._channel
        lines = {
            "network": "yes",
            "network_script": script,
            "request": f"agi://{self._door.host}:{self._door.port}/{script}",
            "channel": channel.name,
            "language": "en",
            "type": "PJSIP",
            "uniqueid": channel.uniqueid,
            "version": "22.10.1",
            "callerid": channel.caller or "unknown",
            "calleridname": "unknown",
            "dnid": channel.variables.get("DIALLED") or "unknown",
            "rdnis": "unknown",
            "context": channel.context,
            "extension": channel.exten,
            "priority": str(channel.priority),
            "enhanced": "0.0",
            "accountcode": "",
            "threadid": "139653131351744",
        }
        lines |= {f"arg_{number}": argument for number, argument in enumerate(arguments, 1)}
        said = "".join(f"agi_{name}: {_harmless(value)}\n" for name, value in lines.items())
        return f"{said}\n".encode()


def seconds_of(prompt: Path) -> float | None:
    """Give how long a prompt is; None when there is none."""
    try:
        return prompt.stat().st_size / WAV_BYTES_PER_SECOND
    except OSError:
        return None


def _harmless(value: str) -> str:
    return re.sub(r"[\r\n]", "", value)
