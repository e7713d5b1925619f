"""座席台: what a seat may wish for by a code on its telephone, and what it is answered.

The seat desk itself (``SeatDesk``) is somebody else's: it knows who is logged in and who talks with whom.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.ids import SeatNo


class Wish(StrEnum):
    """座席要办的事."""

    LOG_IN = "log_in"
    LOG_OFF = "log_off"
    PAUSE = "pause"
    READY = "ready"
    EXTEND_WRAP_UP = "extend_wrap_up"
    MARK_URGENT = "mark_urgent"
    PAUSE_RECORDING = "pause_recording"
    RESUME_RECORDING = "resume_recording"
    LISTEN_IN = "listen_in"
    WHISPER = "whisper"
    BARGE_IN = "barge_in"
    THREE_WAY = "three_way"


class Answer(StrEnum):
    """答复: whether it was done, or why not."""

    DONE = "done"
    NOT_LOGGED_IN = "not_logged_in"
    ALREADY = "already"
    NO_CALL = "no_call"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_SEAT = "no_such_seat"
    TOO_LATE = "too_late"
    FAILED = "failed"


class SeatDesk(Protocol):
    """Does what seats wish for, at once: within a second, or the seat hears that the system is away."""

    async def wish(self, seat: SeatNo, wish: Wish, about: str = "") -> Answer:
        """Do it, or say why not.

        ``about`` is for PAUSE the reason in Chinese (``小休``), for LISTEN_IN, WHISPER and BARGE_IN the
        other seat's number, and for what concerns a call the CALL_ID when the code was pressed inside the
        talk. It is empty when the code was dialled on the second line: then the call is the seat's present
        one, or its last for MARK_URGENT.

        NOT_ALLOWED is for THREE_WAY that there is no way out, for EXTEND_WRAP_UP that the wrap-up is as long
        as it may be. LISTEN_IN, WHISPER and BARGE_IN are only asked whether they can be, and noted: DONE lets
        the dialplan connect the supervisor. Everything else is really done before DONE.
        """
        ...


PAUSE_REASONS: Mapping[str, str] = {"1": "小休", "2": "用餐", "3": "培训", "4": "会议", "5": "其他"}
"""示忙原因, by the key that chooses it."""

CODES: Mapping[str, Wish] = {
    "*12": Wish.LOG_IN,
    "*13": Wish.LOG_OFF,
    "*14": Wish.PAUSE,
    "*15": Wish.READY,
    "*16": Wish.EXTEND_WRAP_UP,
    "*17": Wish.MARK_URGENT,
    "*18": Wish.PAUSE_RECORDING,
    "*19": Wish.RESUME_RECORDING,
    "*20": Wish.LISTEN_IN,
    "*21": Wish.WHISPER,
    "*22": Wish.BARGE_IN,
    "*23": Wish.THREE_WAY,
}
"""功能码."""

_FIRST_GROUP = 31


def group_code(number: int) -> str:
    """Give the number by which seats reach a queue (技能组), counted from 1: ``*31`` for the first."""
    return f"*{_FIRST_GROUP + number - 1}"


_DIGITS = {
    Wish.PAUSE: re.compile(r"[0-9]?"),
    Wish.LISTEN_IN: re.compile(r"[0-9]{2,10}"),
    Wish.WHISPER: re.compile(r"[0-9]{2,10}"),
    Wish.BARGE_IN: re.compile(r"[0-9]{2,10}"),
}
_NOTHING = re.compile("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was dialled: the wish, and the digits behind its code."""

    wish: Wish
    digits: str = ""

    @property
    def about(self) -> str:
        """What :meth:`SeatDesk.wish` is told; for PAUSE the reason, empty when there is no such reason."""
        return PAUSE_REASONS.get(self.digits, "") if self.wish is Wish.PAUSE else self.digits

    @property
    def wants_reason(self) -> bool:
        """Whether the seat is to be asked why it pauses."""
        return self.wish is Wish.PAUSE and not self.digits

    @property
    def listens(self) -> bool:
        """Whether the seat wants to join the talk of another."""
        return self.wish in (Wish.LISTEN_IN, Wish.WHISPER, Wish.BARGE_IN)

    def because(self, key: str) -> "Order":
        """Give the same order with the reason that was chosen by a key."""
        return Order(wish=self.wish, digits=key)


def order_in(dialled: str) -> Order | None:
    """Read a code; None when there is no such code, or the digits behind it make no sense."""
    wish = CODES.get(dialled[:3])
    if wish is None or not _DIGITS.get(wish, _NOTHING).fullmatch(dialled[3:]):
        return None
    return Order(wish=wish, digits=dialled[3:])
