"""通话记录: one row per arrival, and what can be seen of a call from outside."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.events import EndReason
from core.ids import CallId, QueueName, SeatNo

RINGING_MARGIN = timedelta(milliseconds=500)
"""Asterisk ends the offer a moment before it reports that the ringing citizen has gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded:
    """A seat's phone stopped ringing without an answer."""

    call_id: CallId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """The citizen's channel is gone; ``certain`` is False when we only know that it was gone by then."""

    call_id: CallId
    at: datetime
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """座席: a position with a telephone; who sits there is another matter."""

    number: SeatNo
    name: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """What is known of one arrival; None and empty where nothing was seen."""

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
    offer_ended_at: datetime | None = None
    answered_at: datetime | None = None
    gone_at: datetime | None = None
    gone_certain: bool = True

    @property
    def waited_seconds(self) -> float:
        """等待: from entry into the queue to the answer, or to the end; 0.0 when it never queued."""
        until = self.answered_at or self.gone_at
        if self.queued_at is None or until is None:
            return 0.0
        return max(0.0, (until - self.queued_at).total_seconds())

    @property
    def talk_seconds(self) -> float:
        """通话: from the answer to the end; 0.0 without an answer."""
        if self.answered_at is None or self.gone_at is None:
            return 0.0
        return max(0.0, (self.gone_at - self.answered_at).total_seconds())

    @property
    def end_reason(self) -> EndReason | None:
        """结束原因; None while the call lives."""
        if self.gone_at is None:
            return None
        if self.answered_at is not None:
            return EndReason.ANSWERED
        if not self.gone_certain:
            return EndReason.UNKNOWN_END
        if self.queued_at is None:
            return EndReason.HUNG_UP_IN_PROMPT
        return EndReason.HUNG_UP_RINGING if self._was_ringing(self.gone_at) else EndReason.HUNG_UP_WAITING

    def _was_ringing(self, at: datetime) -> bool:
        if self.offered_at is None:
            return False
        if self.offer_ended_at is None or self.offer_ended_at < self.offered_at:
            return True
        return self.offer_ended_at >= at - RINGING_MARGIN
