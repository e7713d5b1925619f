"""baresip: a seat's telephone that is not ours: another SIP implementation, as a process, without sound card.

It is told what to do over its control port (JSON in netstrings), plays a WAV as if somebody spoke, and
records what it hears. It hangs up when its WAV ends, so the WAV must be longer than the talk.
"""

import asyncio
import json
import os
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.ports import free_port
from app.prepare.places import Places
from simulator.alaw import RATE, from_alaw
from simulator.digest import Account
from tests.stories.waiting import PATIENCE_SECONDS, until

IP = f"127.5.{os.getpid() // 250 % 250}.{os.getpid() % 250 + 1}"
"""An address of its own for every run: two runs on one machine must not ring each other's telephones."""
TALK_SECONDS = 120
CONFIG = """\
poll_method epoll
sip_listen {ip}:0
net_interface {ip}
audio_source aufile,{folder}/says.wav
audio_player aubridge,nobody
audio_alert aubridge,nobody
snd_path {folder}
module_path {modules}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_tmp account.so
module_app menu.so
module ctrl_tcp.so
ctrl_tcp_listen {ip}:{port}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baresip:
    """The running telephone; everything that it told is kept in ``events``."""

    folder: Path
    server: tuple[str, int]
    writer: asyncio.StreamWriter
    events: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, command: str, parameters: str = "") -> None:
        """Press a button: ``accept``, ``hold``, ``resume``, ``hangup``, ``dial``."""
        body = json.dumps({"command": command, "params": parameters}).encode()
        self.writer.write(b"%d:%s," % (len(body), body))

    def dial(self, number: str) -> None:
        """Call a number at our server."""
        host, port = self.server
        self.tell("dial", f"{number}@{host}:{port}")

    async def until_told(self, kind: str, times: int = 1) -> dict[str, Any]:
        """Wait until it has told this for the so-manieth time, e.g. ``CALL_ESTABLISHED``."""

        def look() -> dict[str, Any] | None:
            told = [event for event in self.events if event.get("type") == kind]
            return told[times - 1] if len(told) >= times else None

        return await until(look, f"{kind} from baresip, no. {times}")

    def heard_in_call(self, number: int) -> "array[int]":
        """Give what it heard in its first, second … call, once that is over."""
        with wave.open(str(sorted(self.folder.glob("dump-*-dec.wav"))[number - 1]), "rb") as opened:
            return array("h", opened.readframes(opened.getnframes()))


@asynccontextmanager
async def baresip(
    places: Places, server: tuple[str, int], account: Account, says: bytes, folder: Path
) -> AsyncIterator[Baresip]:
    """Start the telephone and wait until it is registered; ``says`` is an A-law sound."""
    port = free_port()
    _speak(says, folder / "says.wav")
    config = CONFIG.format(ip=IP, folder=folder, modules=places.baresip_modules, port=port)
    (folder / "config").write_text(config, encoding="utf-8")
    host, sip_port = server
    (folder / "accounts").write_text(
        f"<sip:{account.user}@{host}:{sip_port}>;auth_pass={account.secret};audio_codecs=pcma/8000/1\n",
        encoding="utf-8",
    )
    with (folder / "said").open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            str(places.program("baresip")), "-f", str(folder), stdin=asyncio.subprocess.DEVNULL, stdout=said
        )
    try:
        reader, writer = await _connect(port)
        telephone = Baresip(folder=folder, server=server, writer=writer)
        listening = asyncio.ensure_future(_listen(reader, telephone.events))
        yield telephone
        listening.cancel()
        writer.close()
    finally:
        process.terminate()
        await process.wait()


async def _connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await asyncio.open_connection(IP, port)
            except OSError:
                await asyncio.sleep(0.05)


async def _listen(reader: asyncio.StreamReader, events: list[dict[str, Any]]) -> None:
    while True:
        length = int((await reader.readuntil(b":"))[:-1])
        events.append(json.loads((await reader.readexactly(length + 1))[:-1]))


def _speak(sound: bytes, wav: Path) -> None:
    """Write the sound, and silence for as long as a talk may take."""
    samples = from_alaw(sound)
    with wave.open(str(wav), "wb") as opened:
        opened.setnchannels(1)
        opened.setsampwidth(2)
        opened.setframerate(RATE)
        opened.writeframes(samples.tobytes() + bytes(2 * RATE * TALK_SECONDS))
