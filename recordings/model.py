"""录音: what is known of a call's recording."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.ids import CallId


class RecordingState(StrEnum):
    """录音状态: ``ready`` is complete, ``heard`` was transcribed too, so that nobody needs it raw any more.

    ``damaged`` was complete once and is now changed or gone.
    """

    GROWING = "growing"
    READY = "ready"
    HEARD = "heard"
    COMPRESSED = "compressed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """录音: one per call; ``at`` is when it began.

    ``sha256`` and ``bytes`` are those of the raw audio, also after compression without loss;
    ``gap`` says in words what is missing, empty if nothing is.
    """

    call_id: CallId
    path: str
    node: str
    at: datetime
    state: RecordingState = RecordingState.GROWING
    duration_seconds: float = 0.0
    sha256: str = ""
    bytes: int = 0
    gap: str = ""
