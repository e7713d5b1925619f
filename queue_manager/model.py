"""话单: one row per arrival, one per stay with us, one per ringing phone; all follow from sightings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.events import EndReason, Party
from core.ids import CallId, QueueName, SeatNo

SHORTEST_TALK_SECONDS = 1
"""接起即断: a seat that talked for less has not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """What is known of one arrival; None and empty where nothing was seen.

    ``queue``, ``position``, ``queued_at`` are those of the first entry into a queue, ``seat`` and
    ``answered_at`` those of the first answer, ``offered_at`` the last ringing. Seconds add up over all
    segments; talk includes hold. When the end was not seen, ``gone_certain`` is False, it was between
    ``gone_after`` and ``gone_at``, seconds count until ``gone_after``, and ``gap`` says so in Chinese.
    """

    call_id: CallId
    node: str = ""
    caller: str = ""
    dialled: str = ""
    recording: str = ""
    arrived_at: datetime | None = None
    queue: QueueName | None = None
    position: int = 0
    queued_at: datetime | None = None
    seat: SeatNo | None = None
    offered_at: datetime | None = None
    answered_at: datetime | None = None
    gone_at: datetime | None = None
    gone_after: datetime | None = None
    gone_certain: bool = True
    end_reason: EndReason | None = None
    ended_by: Party = Party.NOBODY_KNOWS
    waited_seconds: float = 0.0
    talk_seconds: float = 0.0
    hold_seconds: float = 0.0
    transfers: int = 0
    urgent_at: datetime | None = None
    gap: str = ""


class Via(StrEnum):
    """How a segment began."""

    QUEUE = "queue"
    BLIND = "blind"
    ATTENDED = "attended"


class SegmentEnd(StrEnum):
    """分段结束: why a stay ended; those of a stay that nobody answered are called as in EndReason."""

    TALK_OVER = "talk_over"
    PASSED_ON = "passed_on"
    MOVED_ON = "moved_on"
    """Into another queue, nobody saw why."""
    HUNG_UP_WAITING = "hung_up_waiting"
    HUNG_UP_RINGING = "hung_up_ringing"
    OVERFLOW_TIMEOUT = "overflow_timeout"
    NO_SEAT = "no_seat"
    QUEUE_FULL = "queue_full"
    LEFT_BY_KEY = "left_by_key"
    WITHDRAWN = "withdrawn"
    SYSTEM_FAILURE = "system_failure"
    UNKNOWN_END = "unknown_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRow:
    """分段: one stay in a queue with the talk that followed, or one talk after an attended transfer.

    ``number`` counts from 1 in the order of time. ``queued_at`` is None for one who was turned away at the
    door of a queue, and after an attended transfer, when ``queue`` is empty too. Segments of a call never
    overlap.
    """

    call_id: CallId
    number: int
    via: Via
    queue: QueueName
    position: int
    began_at: datetime
    queued_at: datetime | None
    seat: SeatNo | None
    answered_at: datetime | None
    ended_at: datetime | None
    end: SegmentEnd | None
    ended_by: Party
    from_seat: SeatNo | None
    waited_seconds: float
    talk_seconds: float
    hold_seconds: float


class OfferOutcome(StrEnum):
    """振铃结果: every offer has exactly one."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RUNG_OUT = "rung_out"
    RESCINDED = "rescinded"
    """The citizen was gone, or another seat took the call."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """振铃: a call was offered to a seat; ``outcome`` is None while the phone rings."""

    call_id: CallId
    number: int
    segment: int
    queue: QueueName
    seat: SeatNo
    offered_at: datetime
    ended_at: datetime | None
    outcome: OfferOutcome | None
    ring_seconds: float


class Blind(StrEnum):
    """为什么看不见: why nobody listened to Asterisk for a while."""

    ENGINE_AWAY = "engine_away"
    ASTERISK_AWAY = "asterisk_away"
    ASTERISK_RESTARTED = "asterisk_restarted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When Asterisk was last heard, and when it says that it had started."""

    at: datetime
    booted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """缺口: from ``began_at`` until ``ended_at`` nobody saw what happened on ``node``."""

    node: str
    began_at: datetime
    ended_at: datetime
    why: Blind
    recovered: int = 0
    """So many sightings were read back from Asterisk's own logs."""
    closed: int = 0
    """So many calls ended in it without anybody seeing how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStory:
    """A call's rows; ``arrival_seen`` and ``end_seen`` once it was seen to arrive, or taken to have ended.

    ``urgent_by`` is the seat that first marked it urgent, ``last_seen_at`` the latest instant known of.
    """

    call: CallRow
    segments: tuple[SegmentRow, ...] = ()
    offers: tuple[OfferRow, ...] = ()
    arrival_seen: bool = False
    end_seen: bool = False
    urgent_by: SeatNo | None = None
    last_seen_at: datetime | None = None
