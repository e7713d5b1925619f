"""识别进程: hears the calls and says what they are about; nothing on the call path waits for it."""

import os
import sys

import structlog

from app.instance import Instance
from app.own_process import run_process
from asr.desk import ListeningDesk
from asr.transcript import citizen_text
from asr.vosk_engine import load_model
from classifier.desk import SuggestionDesk
from core.clock import SystemClock
from core.events import CallArrived, Fact, RecordingReady, SuggestionReady, TranscriptReady
from core.intercom import Extension

log = structlog.get_logger(__name__)

NICENESS = 10
"""Asterisk and the engine come first: a citizen must never wait for a recogniser."""


class Recogniser:
    """Wires listening and suggesting to the engine's line."""

    def __init__(self, instance: Instance) -> None:
        """Load the speech model and the profile's words; raises HotlineError for either."""
        self._clock = SystemClock()
        self._line = Extension(instance.intercom)
        self._suggestions = SuggestionDesk(instance.profile, instance.cache)
        model = load_model(instance.speech_model)
        self._listening = ListeningDesk(
            model, self._tell, self._clock, live_calls=instance.settings.speech.live_calls
        )

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            async for fact in self._line.facts():
                self._hear(fact)
        finally:
            await self._listening.close()

    def _hear(self, fact: Fact) -> None:
        match fact:
            case CallArrived():
                self._listening.call_started(fact)
            case RecordingReady():
                self._listening.recording_ready(fact)
            case _:
                return

    def _tell(self, fact: Fact) -> None:
        # While the engine is away nothing needs keeping: it asks again for what it has not got.
        self._line.tell(fact)
        if isinstance(fact, TranscriptReady):
            said = citizen_text(fact.segments)
            self._line.tell(
                SuggestionReady(
                    call_id=fact.call_id, at=self._clock.now(), suggestion=self._suggestions.suggest(said)
                )
            )


async def _serve(instance: Instance) -> int:
    os.nice(NICENESS)
    recogniser = Recogniser(instance)
    instance.say_ready("recogniser")
    log.info("识别进程就绪", model=str(instance.speech_model))
    await recogniser.run()
    return 0


if __name__ == "__main__":
    sys.exit(run_process("recogniser", _serve))
