"""事实: what rooms tell each other, as frozen dataclasses in the past tense.

A LiveFact may be lost; a KeptFact is kept with the change that it reports, and may be told twice.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from core.ids import CallId, QueueName, SeatNo, TicketNo
from core.privacy import Personal
from core.understanding import Segment, Suggestion, Urgency

Phone = Annotated[str, Personal("phone")]


class Party(StrEnum):
    """谁: who ended a talk or a call; empty when nobody knows."""

    CITIZEN = "citizen"
    SEAT = "seat"
    SYSTEM = "system"
    NOBODY_KNOWS = ""


class EndReason(StrEnum):
    """结束原因: every arrival ends in exactly one of these."""

    ANSWERED = "answered"
    HUNG_UP_IN_PROMPT = "hung_up_in_prompt"
    HUNG_UP_WAITING = "hung_up_waiting"
    HUNG_UP_RINGING = "hung_up_ringing"
    OVERFLOW_TIMEOUT = "overflow_timeout"
    NO_SEAT = "no_seat"
    QUEUE_FULL = "queue_full"
    LEFT_BY_KEY = "left_by_key"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    SYSTEM_FAILURE = "system_failure"
    UNKNOWN_END = "unknown_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to one call."""

    call_id: CallId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFact(Fact):
    """Told in memory only; rebuilt from a snapshot after a reconnect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFact(Fact):
    """Kept in the outbox until every listener was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(KeptFact):
    """来电: a citizen reached us. ``recording`` is the path of the growing recording."""

    node: str
    caller: Phone
    dialled: str
    recording: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEnded(LiveFact):
    """流程结束: our flow gave the call back to Asterisk; ``to`` is a queue or ``hang_up``."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(KeptFact):
    """入队: the citizen waits in a queue; ``position`` counts from 1."""

    queue: QueueName
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffered(LiveFact):
    """振铃: a seat's phone rings for this citizen."""

    seat: SeatNo


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRungInVain(KeptFact):
    """振铃未接: a seat's phone rang for this citizen, and was refused or rang out; the citizen waits on.

    Told once that is sure: with what is seen next of the call, at the latest with its end.
    """

    queue: QueueName
    seat: SeatNo
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(KeptFact):
    """接通: a seat and the citizen hear each other, for the first time; the wait counts from the queue."""

    caller: Phone
    dialled: str
    seat: SeatNo
    waited_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(KeptFact):
    """结束: the citizen's channel is gone; told again when the reason is corrected by what is learnt later.

    Seconds add up over transfers, talk includes hold and is 0.0 for a call that nobody answered.
    """

    end_reason: EndReason
    talk_seconds: float
    waited_seconds: float = 0.0
    hold_seconds: float = 0.0
    ended_by: Party = Party.NOBODY_KNOWS
    seats: tuple[SeatNo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTransferred(KeptFact):
    """转接: a seat passed the citizen on, to a queue or, after consulting it, to a seat; one is empty."""

    from_seat: SeatNo
    to_queue: QueueName
    to_seat: SeatNo


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMarkedUrgent(KeptFact):
    """加急: a seat marked the call urgent."""

    seat: SeatNo


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingReady(KeptFact):
    """录音完成: nothing more will be written to the file; ``gap`` says what is missing, empty if nothing."""

    path: str
    duration_seconds: float
    sha256: str
    gap: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingCompressed(KeptFact):
    """录音已压缩: the same audio without loss at another path; the raw file is gone."""

    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsHeard(LiveFact):
    """实时转写: a segment as far as it was heard; ``final`` when it will not change any more."""

    segment: Segment
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptReady(KeptFact):
    """转写完成: both sides in the order of time. ``outcome`` is done, failed or skipped, ``reason`` why."""

    segments: tuple[Segment, ...]
    model: str
    outcome: Literal["done", "failed", "skipped"] = "done"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionReady(KeptFact):
    """推荐完成: made from the whole transcript."""

    suggestion: Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketDrafted(KeptFact):
    """工单草稿: exactly one per answered call."""

    ticket_no: TicketNo


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketFilled(KeptFact):
    """草稿已填: transcript and suggestion stand in the draft; a person decides."""

    ticket_no: TicketNo
    category: str
    urgency: Urgency
    units: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketStepped(KeptFact):
    """工单进展: one step of the history, or a warning of the clock; ``unit`` is empty if it is nobody's."""

    ticket_no: TicketNo
    action: str
    was: str
    now: str
    seq: int
    unit: str = ""
    about: str = ""


KEPT: tuple[type[KeptFact], ...] = (
    *(CallArrived, CallQueued, CallRungInVain, CallAnswered, CallTransferred, CallMarkedUrgent, CallEnded),
    *(RecordingReady, RecordingCompressed, TranscriptReady, SuggestionReady),
    *(TicketDrafted, TicketFilled, TicketStepped),
)
LIVE: tuple[type[LiveFact], ...] = (FlowEnded, CallOffered, WordsHeard)
