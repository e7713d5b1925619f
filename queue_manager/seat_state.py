"""座席状态: what a seat does now, and every change of it, as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.ids import CallId, QueueName, SeatNo

NO_CALL = CallId("")
NO_QUEUE = QueueName("")
LOST_CONNECTION = "掉线"
"""The reason of a pause that began because the telephone was not reachable any more."""
MISSED_IN_A_ROW = "连续未接"
"""The reason of a pause that began because the seat let several calls in a row ring in vain."""
WRAPPING_UP = "话后处理"
"""The reason under which Asterisk keeps a seat paused while it wraps up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """座席: a position with a telephone; who sits there is another matter.

    ``skills`` gives for each queue that it serves its penalty: seats with a lower one come first.
    """

    number: SeatNo
    name: str
    added_at: datetime
    supervisor: bool = False
    skills: Mapping[QueueName, int] = field(default_factory=dict)


class SeatState(StrEnum):
    """座席状态: a seat is in exactly one; all but the first share out its logged-in time."""

    LOGGED_OFF = "logged_off"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


STATE_WORDS = {
    SeatState.LOGGED_OFF: "未签入",
    SeatState.READY: "示闲",
    SeatState.RINGING: "振铃",
    SeatState.TALKING: "通话",
    SeatState.WRAP_UP: "话后处理",
    SeatState.PAUSED: "示忙",
}


class SeatEvent(StrEnum):
    """座席事件: whatever can happen to a seat."""

    LOG_IN = "log_in"
    LOG_OFF = "log_off"
    PAUSE = "pause"
    READY = "ready"
    LATER = "later"
    """What the seat wished will come when call and wrap-up are over, or it has changed its mind."""
    EXTEND = "extend"
    OFFERED = "offered"
    MISSED = "missed"
    FORGIVEN = "forgiven"
    """It has stood behind the others for long enough."""
    RESCINDED = "rescinded"
    """The telephone stopped ringing, and that is not the seat's doing."""
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    """A colleague who asked has put the citizen through: now it is the citizen's call."""
    CALL_OVER = "call_over"
    WRAP_UP_OVER = "wrap_up_over"
    WRAP_UP_AGAIN = "wrap_up_again"
    """It rang in the middle of a wrap-up, in vain; the wrap-up goes on."""
    PHONE_LOST = "phone_lost"
    PHONE_BACK = "phone_back"
    LEASE_OVER = "lease_over"
    """The telephone was not reachable for so long that nobody can be sitting there."""


EVENT_WORDS = {
    SeatEvent.LOG_IN: "签入",
    SeatEvent.LOG_OFF: "签出",
    SeatEvent.PAUSE: "示忙",
    SeatEvent.READY: "示闲",
    SeatEvent.LATER: "预约",
    SeatEvent.EXTEND: "延长话后",
    SeatEvent.OFFERED: "振铃",
    SeatEvent.MISSED: "未接",
    SeatEvent.FORGIVEN: "恢复次序",
    SeatEvent.RESCINDED: "振铃取消",
    SeatEvent.ANSWERED: "接通",
    SeatEvent.HANDED_OVER: "接手",
    SeatEvent.CALL_OVER: "通话结束",
    SeatEvent.WRAP_UP_OVER: "话后到时",
    SeatEvent.WRAP_UP_AGAIN: "继续话后",
    SeatEvent.PHONE_LOST: "掉线",
    SeatEvent.PHONE_BACK: "恢复",
    SeatEvent.LEASE_OVER: "掉线签出",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNow:
    """One seat at this moment; ``version`` counts its changes, the last of them at ``changed_at``.

    ``later`` is what follows when call and wrap-up are over: empty, ``log_off``, or the reason of a
    pause. ``call_id`` is the call that it rings for or talks in, afterwards the last one. ``leg`` is
    Asterisk's Uniqueid of the telephone's own channel in it. ``idle_since`` is the end of the last
    call. Until ``behind_until`` it stands behind the others, because it missed a call. ``lease`` is set
    while the telephone is not reachable: then the seat is logged off.
    """

    seat: SeatNo
    since: datetime
    changed_at: datetime
    state: SeatState = SeatState.LOGGED_OFF
    reason: str = ""
    later: str = ""
    misses: int = 0
    behind_until: datetime | None = None
    wrap_up_until: datetime | None = None
    wrap_up_extra: int = 0
    call_id: CallId = NO_CALL
    queue: QueueName = NO_QUEUE
    leg: str = ""
    idle_since: datetime | None = None
    lease: datetime | None = None
    version: int = 0

    @property
    def logged_in(self) -> bool:
        """Whether it takes calls, or will after a pause."""
        return self.state is not SeatState.LOGGED_OFF

    @property
    def in_call(self) -> bool:
        """Whether its telephone rings for a citizen or talks to one."""
        return self.state in (SeatState.RINGING, SeatState.TALKING)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatChange:
    """One line of a seat's history; ``version`` numbers them without a gap, ``at`` never goes back.

    ``reason`` is that of a pause, or says why something happened without the seat's own doing.
    """

    seat: SeatNo
    version: int
    at: datetime
    event: SeatEvent
    before: SeatState
    after: SeatState
    reason: str = ""
    call_id: CallId = NO_CALL
    queue: QueueName = NO_QUEUE


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happens to a seat, before anybody knows what follows from it."""

    event: SeatEvent
    at: datetime
    reason: str = ""
    call_id: CallId = NO_CALL
    queue: QueueName = NO_QUEUE
    leg: str = ""
    seconds: int = 0
    """How much wrap-up follows or is added; how long an unreachable telephone is waited for; how long a seat
    that missed a call stands behind the others."""
