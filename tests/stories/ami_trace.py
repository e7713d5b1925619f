"""AMI 记录: what the real Asterisk told while something happened, as events and as lines to be kept.

With ``HOTLINE_KEEP_TRACES`` set to a folder, each trace is written there; those in ``tests/data/ami`` were.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.engine_edges import ami_door_of
from app.instance import Instance
from queue_manager.ami import Ami
from tests.stories.waiting import PATIENCE_SECONDS, until

KEEP = "HOTLINE_KEEP_TRACES"
NOISE = ("RTCPSent", "RTCPReceived", "VarSet", "Newexten", "ChannelTalkingStart", "ChannelTalkingStop")
SAYS_NOTHING = ("privilege", "language", "accountcode", "content")
"""Headers that are always the same, with what stands before them for other channels."""
AFTER_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Every event since it began, header names in lower case, as the engine hears them."""

    events: list[dict[str, str]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, str]]:
        """Give the events of one kind; a UserEvent by its own name."""
        return [event for event in self.events if kind in (event.get("event"), event.get("userevent"))]

    async def until(self, kind: str, times: int = 1) -> dict[str, str]:
        """Wait until Asterisk has told this for the so-manieth time."""

        def look() -> dict[str, str] | None:
            told = self.of(kind)
            return told[times - 1] if len(told) >= times else None

        return await until(look, f"{kind} from Asterisk, no. {times}", PATIENCE_SECONDS)

    def kinds(self, wanted: Iterable[str]) -> list[str]:
        """Give the order in which these kinds of events came."""
        names = [event.get("userevent") or event.get("event", "") for event in self.events]
        return [name for name in names if name in set(wanted)]

    def save(self, file: Path) -> None:
        """Write one event per line."""
        lines = [
            json.dumps({name: told for name, told in event.items() if not name.endswith(SAYS_NOTHING)})
            for event in self.events
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@asynccontextmanager
async def traced(instance: Instance, name: str) -> AsyncIterator[Trace]:
    """Listen beside the engine while something happens, and a moment longer."""
    trace = Trace()

    def heard(event: dict[str, str]) -> None:
        if "event" in event and event["event"] not in NOISE:
            trace.events.append(event)

    try:
        async with _connected(instance, heard):
            trace.events.clear()
            yield trace
            await asyncio.sleep(AFTER_SECONDS)
    finally:
        if folder := os.environ.get(KEEP):
            trace.save(Path(folder) / f"{name}.jsonl")


async def acted(instance: Instance, action: str, **fields: str) -> None:
    """Let Asterisk do something, as another program than ours may ask it to; raises ActionRefused."""
    async with _connected(instance, lambda _event: None) as ami:
        await ami.act(action, **fields)


@asynccontextmanager
async def _connected(instance: Instance, heard: Callable[[dict[str, str]], None]) -> AsyncIterator[Ami]:
    ami = Ami(ami_door_of(instance), heard)
    listening = asyncio.create_task(ami.run(lambda: None))
    try:
        await asyncio.wait_for(ami.connected.wait(), PATIENCE_SECONDS)
        yield ami
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
