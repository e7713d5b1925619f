"""座席历史: from the lines of seats' histories to the time of each state, and the wrap-up of each call."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from core.ids import CallId, SeatNo
from queue_manager.figures.facts import Login, SeatTime, Second, Span
from queue_manager.seat_state import SeatState

TIMES = {
    SeatState.READY: SeatTime.READY,
    SeatState.RINGING: SeatTime.OFFER,
    SeatState.TALKING: SeatTime.TALK,
    SeatState.WRAP_UP: SeatTime.ACW,
    SeatState.PAUSED: SeatTime.PAUSE,
}


class Line(NamedTuple):
    """One line of a seat's history; ``call_id`` is empty where it is not about a call.

    A tuple, because a busy day has fifty thousand of them and they live for a moment only.
    """

    seat: SeatNo
    at: Second
    before: SeatState
    after: SeatState
    call_id: CallId


@dataclass(slots=True, kw_only=True)
class SeatHistory:
    """What the lines tell; spans and log-ins are found apart from each other, so each checks the other."""

    spans: list[Span] = field(default_factory=list)
    logins: list[Login] = field(default_factory=list)
    wrap_ups: Counter[tuple[CallId, SeatNo]] = field(default_factory=Counter)


def history_of(
    lines: Iterable[Line], standing: Mapping[SeatNo, SeatState], since: Second, now: Second
) -> SeatHistory:
    """Read lines that begin at ``since``, seat by seat, in their order.

    ``standing`` says what the seats without a line did all the time; the others say themselves from what
    state their first line led away. What lasts, lasts until ``now``.
    """
    told = SeatHistory()
    heard = set()
    for seat, own in groupby(lines, key=attrgetter("seat")):
        heard.add(seat)
        _read(told, seat, list(own), (since, now))
    for seat, state in standing.items():
        if seat not in heard and state in TIMES:
            told.spans.append(Span(seat=seat, state=TIMES[state], since=since, until=None))
            told.logins.append(Login(seat=seat, since=since, until=None))
    return told


def _read(told: SeatHistory, seat: SeatNo, lines: list[Line], bounds: tuple[Second, Second]) -> None:
    began, now = bounds
    state, call_id = lines[0].before, CallId("")
    for line in lines:
        if line.before == state:
            _keep(told, seat, (state, call_id), (began, line.at))
        # else a line is missing: nobody knows what the seat did, and the sum of its states falls short
        if line.before == SeatState.TALKING and line.after == SeatState.WRAP_UP:
            call_id = line.call_id
        state, began = line.after, line.at
    if state in TIMES:
        told.spans.append(Span(seat=seat, state=TIMES[state], since=began, until=None))
    if state == SeatState.WRAP_UP:
        told.wrap_ups[call_id, seat] += max(0, now - began)
    _log_in(told, seat, lines, bounds[0])


def _keep(
    told: SeatHistory, seat: SeatNo, was: tuple[SeatState, CallId], when: tuple[Second, Second]
) -> None:
    (state, call_id), (since, until) = was, when
    if state not in TIMES or since == until:
        return
    told.spans.append(Span(seat=seat, state=TIMES[state], since=since, until=until))
    if state == SeatState.WRAP_UP:
        told.wrap_ups[call_id, seat] += until - since


def _log_in(told: SeatHistory, seat: SeatNo, lines: list[Line], since: Second) -> None:
    logged_in = None if lines[0].before == SeatState.LOGGED_OFF else since
    for line in lines:
        if line.after == SeatState.LOGGED_OFF:
            if logged_in is not None:
                told.logins.append(Login(seat=seat, since=logged_in, until=line.at))
            logged_in = None
        elif logged_in is None:
            logged_in = line.at
    if logged_in is not None:
        told.logins.append(Login(seat=seat, since=logged_in, until=None))
