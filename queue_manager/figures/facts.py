"""统计素材: what figures are made of; every length is in whole seconds, floored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from core.events import EndReason
from core.ids import CallId, QueueName, SeatNo

Second = int
"""An instant as whole seconds since 1970."""


class Result(StrEnum):
    """结果: how an arrival, or one stay in a queue, came out, in the words of statistics."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMEOUT = "timeout"
    CALLBACK = "callback"
    BLOCKED = "blocked"
    SATURATED = "saturated"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    SYSTEM_FAILURE = "system_failure"
    UNKNOWN_END = "unknown_end"
    PROMPT_HANGUP = "prompt_hangup"
    CUT_OFF = "cut_off"
    """Bridged for less than a second, which is no answer."""
    LIVING = "living"
    """Still waiting, or still in the greeting."""


RESULT_OF = {
    EndReason.ANSWERED: Result.ANSWERED,
    EndReason.HUNG_UP_IN_PROMPT: Result.PROMPT_HANGUP,
    EndReason.HUNG_UP_WAITING: Result.ABANDONED,
    EndReason.HUNG_UP_RINGING: Result.ABANDONED,
    EndReason.OVERFLOW_TIMEOUT: Result.TIMEOUT,
    EndReason.NO_SEAT: Result.BLOCKED,
    EndReason.QUEUE_FULL: Result.SATURATED,
    EndReason.LEFT_BY_KEY: Result.CALLBACK,
    EndReason.WITHDRAWN: Result.WITHDRAWN,
    EndReason.TRANSFERRED: Result.TRANSFERRED,
    EndReason.SYSTEM_FAILURE: Result.SYSTEM_FAILURE,
    EndReason.UNKNOWN_END: Result.UNKNOWN_END,
}
REFUSED = frozenset({Result.BLOCKED, Result.SATURATED})
"""Turned away at the door of a queue, when it was not entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """一次排队: one entry into a queue, or a refusal at its door; a transferred call has several.

    After an attended transfer ``queue`` is empty: the citizen went to a seat without queueing.
    ``talk`` includes ``hold``; ``finished`` is False while they talk, then lengths are not final.
    """

    queue: QueueName
    result: Result
    entered: bool = True
    wait: int = 0
    from_arrival: int | None = None
    seat: SeatNo | None = None
    talk: int = 0
    hold: int = 0
    acw: int = 0
    finished: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """来电: one citizen reached us; ``wait`` runs from the first queue entry to the first answer, or the end.

    ``from_arrival`` is the wait from the arrival, None when nobody knows when it arrived; ``flag`` says
    why the call is shown but not counted: ``test``, ``robot``, or empty.
    """

    call_id: CallId
    at: datetime
    result: Result
    entered: bool = True
    wait: int = 0
    from_arrival: int | None = None
    stays: tuple[Stay, ...] = ()
    flag: str = ""


class SeatTime(StrEnum):
    """座席状态: what a logged-in seat does; the states share out the time between log-in and log-off."""

    PAUSE = "pause"
    READY = "ready"
    OFFER = "offer"
    TALK = "talk"
    ACW = "acw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """状态时长: so many seconds a seat was in a state, within the window."""

    seat: SeatNo
    state: SeatTime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """时段: a seat was logged in, or on duty (there and not paused), ``[since, until)``, within the window.

    Both instants are floored to whole seconds, not the length: so the parts always sum up to the whole.
    """

    seat: SeatNo
    since: Second
    until: Second


class Offered(StrEnum):
    """振铃结果: every offer has exactly one."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RUNG_OUT = "rung_out"
    RESCINDED = "rescinded"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """振铃: calls were offered to a seat so many times with this outcome."""

    seat: SeatNo
    outcome: Offered
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """质检表: the mark of one call of a seat, 0 to 100; the mean of five aspects, so it need not be whole."""

    seat: SeatNo
    marks: int | Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """缺口: nothing was seen between two instants, and why."""

    since: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """一次来电 about a demand; one that is not ``counted`` only shows that a later one is a repeated one."""

    number: str
    at: datetime
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """诉求: what citizens want, with every call about it, oldest first.

    One that is not ``fresh`` came up before the window: only the calls about it count.
    """

    demand_id: str
    contacts: tuple[Contact, ...]
    fresh: bool = True
    valid: bool = True
    closed: bool = False
    dispatched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """排班: a seat should work, or should have its break, ``[since, until)``, within the window."""

    seat: SeatNo
    works: bool
    since: Second
    until: Second
