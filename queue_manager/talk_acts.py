"""通话操作: what a seat may have done to the talk that it is in, through Asterisk's manager interface.

Asterisk keeps what was done, on the citizen's channel itself; so nothing is forgotten when we restart.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import structlog

from core.ids import CallId, SeatNo
from queue_manager.ami import ActionRefused, AsteriskAway
from queue_manager.sightings import NO_ONE

log = structlog.get_logger(__name__)

PAUSED = "RECORDING_PAUSED"
"""Channel variable of the citizen's: ``yes`` while nothing is to be heard on the recording."""
RING_SECONDS = 60


class Actor(Protocol):
    """Whoever sends actions to Asterisk."""

    async def act(self, action: str, **fields: str) -> list[dict[str, str]]:
        """Send one and give its answers; raises AsteriskAway, ActionRefused, UnsafeAction."""
        ...


class Did(StrEnum):
    """What came of it."""

    DONE = "done"
    ALREADY = "already"
    NO_CALL = "no_call"
    NOT_ALLOWED = "not_allowed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdParty:
    """第三方: whom to call into a talk, and through which trunk, e.g. ``110`` and ``carrier``."""

    number: str
    trunk: str


class TalkActs:
    """A call is named by its call_id, which is also the Uniqueid of the citizen's channel."""

    def __init__(self, ami: Actor, third_party: ThirdParty | None) -> None:
        """``third_party`` is None where nobody may be called in."""
        self._ami = ami
        self._third_party = third_party
        self._silent: set[CallId] = set()
        self._handed_on: asyncio.Queue[CallId] = asyncio.Queue()

    def heard(self, event: Mapping[str, str]) -> None:
        """Hear any event: a pause that a seat forgot ends when the citizen goes on to another one."""
        name, call_id = event.get("event"), CallId(event.get("uniqueid", ""))
        if name == "MixMonitorMute" and event.get("state") == "1":
            self._silent.add(call_id)
        elif name in ("MixMonitorMute", "Hangup"):
            self._silent.discard(call_id)
        elif name == "QueueCallerJoin" and call_id in self._silent:
            self._handed_on.put_nowait(call_id)
        elif name == "AttendedTransfer" and event.get("transfereeuniqueid") in self._silent:
            self._handed_on.put_nowait(CallId(event["transfereeuniqueid"]))

    async def run(self) -> None:
        """Resume what was forgotten, until cancelled."""
        while True:
            await self._mute(await self._handed_on.get(), NO_ONE, paused=False)

    async def pause_recording(self, call_id: CallId, seat: SeatNo) -> Did:
        """暂停录音: the recording goes on in step, with silence on both sides.

        Asterisk tells of it (MixMonitorMute), and so it comes into the journal.
        """
        return await self._mute(call_id, seat, paused=True)

    async def resume_recording(self, call_id: CallId, seat: SeatNo) -> Did:
        """继续录音."""
        return await self._mute(call_id, seat, paused=False)

    async def call_in(self, call_id: CallId) -> Did:
        """三方通话: ring the third party, who joins the talk on answering; nobody waits for that."""
        third = self._third_party
        if third is None:
            return Did.NOT_ALLOWED
        try:
            if await self._value(f"third-{call_id}", "CHANNEL(name)"):
                return Did.ALREADY
            if not await self._lives(call_id):
                return Did.NO_CALL
            await self._ami.act(
                "Originate",
                Channel=f"PJSIP/{third.number}@{third.trunk}",
                ChannelId=f"third-{call_id}",
                Application="BridgeAdd",
                Data=await self._value(call_id, "CHANNEL(name)"),
                CallerID=await self._value(call_id, "DIALLED"),
                Variable=f"CALL_ID={call_id}",
                Timeout=str(RING_SECONDS * 1000),
                Async="true",
            )
        except (AsteriskAway, ActionRefused) as error:
            return _failed("third party cannot be called in", error)
        return Did.DONE

    async def _mute(self, call_id: CallId, seat: SeatNo, *, paused: bool) -> Did:
        try:
            if not await self._lives(call_id):
                return Did.NO_CALL
            if (await self._value(call_id, PAUSED) == "yes") is paused:
                return Did.ALREADY
            await self._ami.act(
                "MixMonitorMute", Channel=call_id, Direction="both", State="1" if paused else "0"
            )
            await self._ami.act("Setvar", Channel=call_id, Variable=PAUSED, Value="yes" if paused else "")
            log.info("录音已暂停" if paused else "录音已继续", call_id=call_id, seat=seat)
        except (AsteriskAway, ActionRefused) as error:
            return _failed("recording cannot be paused or resumed", error)
        return Did.DONE

    async def _lives(self, call_id: CallId) -> bool:
        """Tell whether a citizen is there; a channel that is no citizen's has another mark, or none."""
        return await self._value(call_id, "CALL_ID") == call_id

    async def _value(self, channel: str, variable: str) -> str:
        """Give a channel's variable; empty when it has none, or there is no such channel."""
        try:
            answer = await self._ami.act("Getvar", Channel=channel, Variable=variable)
        except ActionRefused:
            return ""
        return answer[0].get("value", "")


def _failed(what: str, error: AsteriskAway | ActionRefused) -> Did:
    log.warning(what, reason=error.sentence())
    return Did.FAILED
