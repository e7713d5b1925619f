"""通话听写: hears one call from its recording, while it grows or once it is complete."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from asr.audio import GrowingRecording
from asr.leg import Leg, SpeechModel
from asr.model import Heard
from asr.transcript import dialogue
from core.clock import Clock
from core.errors import HotlineError
from core.events import Fact, TranscriptReady, WordsHeard
from core.ids import CallId
from core.understanding import Segment, Side

Result = TypeVar("Result")
POLL_SECONDS = 0.2
QUIET_LIMIT_SECONDS = 600.0
NOTHING_RECORDED = "录音里没有声音数据。"


class RecordingMissing(HotlineError):
    """找不到录音文件,请检查录音目录的设置和磁盘。"""


class RecordingUnreadable(HotlineError):
    """录音文件读不出来,请检查录音目录的权限和磁盘。"""


class RecordingStuck(HotlineError):
    """录音长时间没有增长,也没有收到通话结束的消息,请检查主程序是否在运行。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """听写设备: what every listening of this process shares. ``tell`` must not block."""

    model: SpeechModel
    pool: Executor
    tell: Callable[[Fact], None]
    clock: Clock


class CallListening:
    """One call: tells WordsHeard on the way; :meth:`listen` gives the transcript."""

    def __init__(self, call_id: CallId, path: Path, equipment: Equipment) -> None:
        """Prepare both sides; nothing is read yet and the file may not exist yet."""
        self.call_id = call_id
        self._equipment = equipment
        self._recording = GrowingRecording(path)
        self._legs: list[Leg] = []
        self._segments: list[Segment] = []
        self._complete = asyncio.Event()
        self._quiet_seconds = 0.0

    def recording_complete(self) -> None:
        """Say that the file will not grow any more; may be said twice."""
        self._complete.set()

    async def listen(self) -> TranscriptReady:
        """Hear the call to its end; always gives a transcript, with its outcome and the reason."""
        try:
            await self._hear_everything()
        except HotlineError as error:
            return self.failed(error.sentence())
        except OSError as error:
            return self.failed(RecordingUnreadable(cause=error.strerror).sentence())
        if not self._recording.seconds_read:
            return self._transcript("skipped", NOTHING_RECORDED)
        return self._transcript("done", "")

    def failed(self, reason: str) -> TranscriptReady:
        """Give the transcript as far as it was heard, with the reason why it goes no further."""
        return self._transcript("failed", reason)

    async def _hear_everything(self) -> None:
        model = self._equipment.model
        self._legs = [Leg(side, await self._in_pool(model.recogniser)) for side in Side]
        while True:
            complete = self._complete.is_set()  # asked first: what is written after it is read next time
            if await self._hear_new():
                continue
            if complete:
                break
            await self._wait_for_more()
        if not self._recording.path.exists():
            raise RecordingMissing(path=self._recording.path)
        await self._both(Leg.finish)

    async def _hear_new(self) -> bool:
        new = await self._in_pool(self._recording.read_new)
        if new:
            self._quiet_seconds = 0.0
            await self._both(lambda leg: leg.hear(new.of(leg.side)))
        return bool(new)

    async def _wait_for_more(self) -> None:
        if self._quiet_seconds > QUIET_LIMIT_SECONDS:
            raise RecordingStuck(path=self._recording.path)
        self._quiet_seconds += POLL_SECONDS
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._complete.wait()

    async def _both(self, work: Callable[[Leg], list[Heard]]) -> None:
        heard = await asyncio.gather(*(self._in_pool(partial(work, leg)) for leg in self._legs))
        for each in sorted((one for side in heard for one in side), key=lambda one: one.segment.start):
            self._tell(each)

    def _tell(self, heard: Heard) -> None:
        if heard.final:
            self._segments.append(heard.segment)
        now = self._equipment.clock.now()
        words = WordsHeard(call_id=self.call_id, at=now, segment=heard.segment, final=heard.final)
        self._equipment.tell(words)

    async def _in_pool(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._equipment.pool, work)

    def _transcript(self, outcome: Literal["done", "failed", "skipped"], reason: str) -> TranscriptReady:
        return TranscriptReady(
            call_id=self.call_id,
            at=self._equipment.clock.now(),
            segments=dialogue(self._segments),
            model=self._equipment.model.name,
            outcome=outcome,
            reason=reason,
        )
