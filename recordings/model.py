"""录音: the manifest of a call: its pieces, what is missing between them, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.ids import CallId, TicketNo


class RecordingState(StrEnum):
    """录音状态: ``ready`` is complete, ``heard`` was transcribed too, so that nobody needs it raw any more.

    ``adopted``: found by a sweep and complete, but nobody was told yet. ``damaged``: a piece was complete
    once and is now changed or gone. ``expired``: the rule has decided that it goes; ``deleted``: its files
    are gone, the manifest stays.
    """

    ADOPTED = "adopted"
    READY = "ready"
    HEARD = "heard"
    COMPRESSED = "compressed"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    DELETED = "deleted"


class Codec(StrEnum):
    """编码: how a piece lies in the folder; either gives back the same audio, bit by bit."""

    RAW = "raw"
    FLAC = "flac"


class Condition(StrEnum):
    """完好程度: whether the file of a piece is what was registered."""

    WHOLE = "whole"
    MISSING = "missing"
    CHANGED = "changed"


class GapReason(StrEnum):
    """缺口原因: why some of a call cannot be heard."""

    PAUSED_BY_SEAT = "paused_by_seat"
    ASTERISK_RESTART = "asterisk_restart"
    DISK_FULL = "disk_full"
    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """一段时间: from one instant to another."""

    from_at: datetime
    to_at: datetime

    @property
    def seconds(self) -> float:
        """Its length."""
        return (self.to_at - self.from_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """录音段: one file; ``number`` counts from 1.

    ``sha256`` (hex) and ``bytes`` are those of the raw audio, also after compression without loss;
    ``file_bytes`` is the size of what lies in the folder. A file that never was has no ``sha256``.
    """

    number: int
    path: str
    from_at: datetime
    to_at: datetime
    sha256: str = ""
    bytes: int = 0
    codec: Codec = Codec.RAW
    file_bytes: int = 0
    condition: Condition = Condition.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """缺口: between these instants something is missing; ``about`` says it in a hotline's words."""

    from_at: datetime
    to_at: datetime
    reason: GapReason
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """录音: one per call, over transfers and restarts; ``at`` is when it began.

    ``gap`` says in words what is missing, empty if nothing is. Nearly always there is one piece; what
    is said of a recording as a whole, path and checksum, is that of the first.
    """

    call_id: CallId
    node: str
    at: datetime
    pieces: tuple[Piece, ...]
    state: RecordingState = RecordingState.READY
    gaps: tuple[Gap, ...] = ()
    gap: str = ""
    deleted_at: datetime | None = None
    deleted_for: str = ""

    @property
    def path(self) -> str:
        """Where the first piece lies."""
        return self.pieces[0].path

    @property
    def sha256(self) -> str:
        """Checksum of the first piece's raw audio; empty when there never was a file."""
        return self.pieces[0].sha256

    @property
    def bytes(self) -> int:
        """Size of the first piece's raw audio."""
        return self.pieces[0].bytes

    @property
    def duration_seconds(self) -> float:
        """Length of the first piece."""
        return self.bytes / BYTES_PER_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """保全: a call, or every call of a work order, is not deleted until this is lifted."""

    call_id: CallId | None
    ticket_no: TicketNo | None
    reason: str
    held_by: str
    held_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_for: str = ""


class Act(StrEnum):
    """查阅方式: what somebody did with a recording, or with the number on its manifest."""

    LISTEN = "listen"
    EXPORT = "export"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """查阅记录: who, when, what for; ``given_to`` is the file that an export was written to."""

    at: datetime
    who: str
    act: Act
    call_id: CallId
    reason: str
    given_to: str = ""


BYTES_PER_SECOND = 8000 * 2 * 2
"""Two sides, 16 bits, 8 kHz."""
