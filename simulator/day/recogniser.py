"""识别进程的替身: hears every finished recording in a moment, and says what our own would say.

It speaks to the engine over the engine's own line; that it hears nothing in truth makes no
difference to whoever keeps its words.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from core.events import RecordingReady, SuggestionReady, TranscriptReady
from core.ids import CallId
from core.intercom import Extension
from core.understanding import DemandType, Evidence, Segment, Side, SuggestedUnit, Suggestion, Urgency

HEARS_FOR_SECONDS = 2.0
MODEL = "rehearsal"


class QuickRecogniser:
    """Serves until cancelled; nobody notices when it is not there."""

    def __init__(self, line: Path, now: Callable[[], datetime]) -> None:
        """``line`` is the engine's socket."""
        self._extension = Extension(line)
        self._now = now

    async def run(self) -> None:
        """Listen to the engine, and answer."""
        async with asyncio.TaskGroup() as group:
            async for fact in self._extension.facts():
                if isinstance(fact, RecordingReady):
                    group.create_task(self._hear(fact.call_id))

    async def _hear(self, call_id: CallId) -> None:
        await asyncio.sleep(HEARS_FOR_SECONDS)
        self._extension.tell(TranscriptReady(call_id=call_id, at=self._now(), segments=SAID, model=MODEL))
        self._extension.tell(SuggestionReady(call_id=call_id, at=self._now(), suggestion=SUGGESTED))


SAID = (
    Segment(side=Side.SEAT, start=6.0, end=7.0, raw="您好 请讲", text="您好请讲"),
    Segment(side=Side.CITIZEN, start=7.5, end=9.5, raw="路灯 不亮", text="路灯不亮"),
)
SUGGESTED = Suggestion(
    demand_type=DemandType.HELP,
    category="城乡建设/公用事业/路灯",
    category_score=0.9,
    unsure=False,
    units=(SuggestedUnit(name="市城管局", score=0.8, words=("路灯",)),),
    urgency=Urgency.ORDINARY,
    evidence=(Evidence(word="路灯", about="城乡建设/公用事业/路灯", weight=3.0),),
    version=MODEL,
)
