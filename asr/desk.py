"""听写台: which calls are heard live, which afterwards; nothing on the call path ever waits for it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from asr.leg import SpeechModel
from asr.listening import CallListening, Equipment
from core.clock import Clock
from core.events import CallArrived, Fact, RecordingReady, TranscriptReady
from core.ids import CallId

log = structlog.get_logger(__name__)

THREADS = 2
AFTERWARDS_AT_ONCE = 2
REMEMBERED = 1000
UNEXPECTED = "听写程序出错,请把日志交给技术支持。"


class ListeningDesk:
    """Hears every call once, however often it is told of it. Use it from one event loop."""

    def __init__(
        self, model: SpeechModel, tell: Callable[[Fact], None], clock: Clock, *, live_calls: int
    ) -> None:
        """Tell words and transcripts through ``tell``; hear at most ``live_calls`` while they talk."""
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="listening")
        self._equipment = Equipment(model=model, pool=self._pool, tell=tell, clock=clock)
        self._live_calls = live_calls
        self._live: dict[CallId, CallListening] = {}
        self._tasks: dict[CallId, asyncio.Task[TranscriptReady]] = {}
        self._afterwards = asyncio.Semaphore(AFTERWARDS_AT_ONCE)
        self._finished: OrderedDict[CallId, TranscriptReady] = OrderedDict()

    def call_started(self, fact: CallArrived) -> None:
        """Hear the call live, if as few calls are heard that there is room; otherwise afterwards."""
        if self._known(fact.call_id) or len(self._live) >= self._live_calls:
            return
        listening = CallListening(fact.call_id, Path(fact.recording), self._equipment)
        self._live[fact.call_id] = listening
        self._start(listening, listening.listen())

    def recording_ready(self, fact: RecordingReady) -> None:
        """Bring the call's transcript to its end; one that is done already is told again."""
        if fact.call_id in self._live:
            self._live[fact.call_id].recording_complete()
        elif fact.call_id in self._tasks:
            return
        elif self._known(fact.call_id) and self._finished[fact.call_id].outcome != "failed":
            self._equipment.tell(self._finished[fact.call_id])
        else:
            listening = CallListening(fact.call_id, Path(fact.path), self._equipment)
            listening.recording_complete()
            self._start(listening, self._listen_afterwards(listening))

    async def close(self) -> None:
        """Stop hearing at once; calls that were not finished are heard again when they are told again."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._pool.shutdown(cancel_futures=True)

    def _known(self, call_id: CallId) -> bool:
        return call_id in self._tasks or call_id in self._finished

    def _start(self, listening: CallListening, work: Coroutine[Any, Any, TranscriptReady]) -> None:
        task = asyncio.get_running_loop().create_task(work, name=f"listening {listening.call_id}")
        self._tasks[listening.call_id] = task
        task.add_done_callback(partial(self._ended, listening))

    async def _listen_afterwards(self, listening: CallListening) -> TranscriptReady:
        async with self._afterwards:
            return await listening.listen()

    def _ended(self, listening: CallListening, task: asyncio.Task[TranscriptReady]) -> None:
        self._tasks.pop(listening.call_id)
        self._live.pop(listening.call_id, None)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            log.error("听写出错", call_id=listening.call_id, exc_info=error)
        transcript = listening.failed(UNEXPECTED) if error is not None else task.result()
        self._finished[listening.call_id] = transcript
        if len(self._finished) > REMEMBERED:
            self._finished.popitem(last=False)
        self._equipment.tell(transcript)
