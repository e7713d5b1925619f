"""Facts about recordings that lie in a test's folder."""

from datetime import datetime
from pathlib import Path

from core.events import CallArrived, CallEnded, EndReason, RecordingReady
from core.ids import CallId
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, CALLER


def arrived(recording: Path, call_id: CallId = CALL) -> CallArrived:
    return CallArrived(
        call_id=call_id,
        at=NINE_O_CLOCK,
        node="hotline",
        caller=CALLER,
        dialled="12345",
        recording=str(recording),
    )


def ended(at: datetime, reason: EndReason = EndReason.ANSWERED, talk_seconds: float = 0.0) -> CallEnded:
    return CallEnded(call_id=CALL, at=at, end_reason=reason, talk_seconds=talk_seconds)


def ready(recording: Path, call_id: CallId = CALL) -> RecordingReady:
    return RecordingReady(
        call_id=call_id, at=NINE_O_CLOCK, path=str(recording), duration_seconds=0.0, sha256=""
    )
