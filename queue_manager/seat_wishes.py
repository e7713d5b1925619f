"""座席愿望: what follows when a seat logs in or off, pauses, is ready, or wants more time; and the answer."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from core.ids import SeatNo
from queue_manager.seat_book import SeatBook
from queue_manager.seat_state import Happening, SeatEvent, SeatNow, SeatState
from queue_manager.seat_table import LOG_OFF_LATER

OTHER_REASON = "其他"
_UNFIT = re.compile(r"[\W_]+")
"""Asterisk keeps reasons between semicolons and bars."""
LONGEST_REASON = 20


class Answer(StrEnum):
    """答复: whether a wish came true, or why not."""

    DONE = "done"
    NOT_LOGGED_IN = "not_logged_in"
    ALREADY = "already"
    NO_CALL = "no_call"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_SEAT = "no_such_seat"
    TOO_LATE = "too_late"
    FAILED = "failed"


class SeatWishes:
    """Grants the wishes that concern nothing but the seat's own state."""

    def __init__(self, book: SeatBook) -> None:
        """Work on this book."""
        self._book = book
        self._grants: dict[str, Callable[[SeatNow, str, datetime], Answer]] = {
            "log_in": self._log_in,
            "log_off": self._log_off,
            "pause": self._pause,
            "ready": self._ready,
            "extend_wrap_up": self._extend,
        }

    def knows(self, wish: str) -> bool:
        """Whether it is one of these."""
        return wish in self._grants

    def grant(self, seat: SeatNo, wish: str, about: str, at: datetime) -> Answer:
        """Do it, or say why not; whoever wishes has a telephone that works."""
        if seat not in self._book.seats:
            return Answer.NO_SUCH_SEAT
        self._book.phone_back(seat, at)
        now = self._book.now[seat]
        if not now.logged_in and wish != "log_in":
            return Answer.NOT_LOGGED_IN
        return self._grants[wish](now, about, at)

    def _log_in(self, now: SeatNow, _about: str, at: datetime) -> Answer:
        if self._book.happened(now.seat, Happening(event=SeatEvent.LOG_IN, at=at)):
            return Answer.DONE
        return self._put_off("", now, at) if now.later == LOG_OFF_LATER else Answer.ALREADY

    def _log_off(self, now: SeatNow, _about: str, at: datetime) -> Answer:
        if self._book.happened(now.seat, Happening(event=SeatEvent.LOG_OFF, at=at)):
            return Answer.DONE
        return self._put_off(LOG_OFF_LATER, now, at)

    def _pause(self, now: SeatNow, about: str, at: datetime) -> Answer:
        reason = _UNFIT.sub("", about)[:LONGEST_REASON] or OTHER_REASON
        if now.state is SeatState.PAUSED and now.reason == reason:
            return Answer.ALREADY
        if self._book.happened(now.seat, Happening(event=SeatEvent.PAUSE, at=at, reason=reason)):
            return Answer.DONE
        return self._put_off(reason, now, at)

    def _ready(self, now: SeatNow, _about: str, at: datetime) -> Answer:
        if self._book.happened(now.seat, Happening(event=SeatEvent.READY, at=at)):
            return Answer.DONE
        return self._put_off("", now, at)

    def _extend(self, now: SeatNow, _about: str, at: datetime) -> Answer:
        rules = self._book.rules
        if now.state is SeatState.WRAP_UP and now.wrap_up_until is not None:
            whole = now.wrap_up_until - now.since
        elif now.state is SeatState.TALKING:
            whole = timedelta(seconds=rules.wrap_up_seconds + now.wrap_up_extra)
        else:
            return Answer.TOO_LATE
        if whole + timedelta(seconds=rules.extend_seconds) > timedelta(seconds=rules.wrap_up_limit_seconds):
            return Answer.NOT_ALLOWED
        longer = Happening(event=SeatEvent.EXTEND, at=at, seconds=rules.extend_seconds)
        return Answer.DONE if self._book.happened(now.seat, longer) else Answer.TOO_LATE

    def _put_off(self, later: str, now: SeatNow, at: datetime) -> Answer:
        """What cannot be during a call and its wrap-up comes after them; what already is need not come."""
        if now.later == later:
            return Answer.ALREADY
        changed = self._book.happened(now.seat, Happening(event=SeatEvent.LATER, at=at, reason=later))
        return Answer.DONE if changed else Answer.ALREADY
