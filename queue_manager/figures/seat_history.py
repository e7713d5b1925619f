"""座席历史: from the lines of seats' histories to the time of each state, and the wrap-up of each call."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from core.ids import CallId, SeatNo
from queue_manager.figures.facts import Period, SeatTime, Second
from queue_manager.seat_state import NO_CALL, SeatState

TIMES = {
    SeatState.READY: SeatTime.READY,
    SeatState.RINGING: SeatTime.OFFER,
    SeatState.TALKING: SeatTime.TALK,
    SeatState.WRAP_UP: SeatTime.ACW,
    SeatState.PAUSED: SeatTime.PAUSE,
}
NOWHERE = SeatState.LOGGED_OFF
LOGGED_IN = frozenset(TIMES)
ON_DUTY = LOGGED_IN - {SeatState.PAUSED}


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
    """What the lines tell of a window; time of states and log-ins are found apart, so each checks the other.

    ``wrap_ups`` are the seconds of wrap-up per call, those after the window too.
    """

    spent: defaultdict[SeatNo, Counter[SeatTime]] = field(default_factory=lambda: defaultdict(Counter))
    logins: list[Period] = field(default_factory=list)
    duty: list[Period] = field(default_factory=list)
    wrap_ups: Counter[tuple[CallId, SeatNo]] = field(default_factory=Counter)


Bounds = tuple[Second, Second, Second]
"""Where the window begins, where it ends, and until when lines were read, at least as long."""


def history_of(lines: Iterable[Line], standing: Mapping[SeatNo, SeatState], bounds: Bounds) -> SeatHistory:
    """Read lines that begin with the window, seat by seat, in their order.

    ``standing`` says what the seats without a line did all the time; the others say themselves from what
    state their first line led away. What lasts, lasts until the end of what was read.
    """
    told = SeatHistory()
    heard = set()
    for seat, own in groupby(lines, key=itemgetter(0)):
        heard.add(seat)
        _read(told, seat, list(own), bounds)
    since, _, now = bounds
    for seat, state in standing.items():
        if seat not in heard and state in TIMES:
            rest = [Line(seat, since, state, state, NO_CALL)]
            _read(told, seat, rest, (since, min(bounds[1], now), now))
    return told


def _read(told: SeatHistory, seat: SeatNo, lines: list[Line], bounds: Bounds) -> None:
    since, until, now = bounds
    began, state, call_id = since, lines[0].before, NO_CALL
    spent = told.spent[seat]
    for _, at, before, after, about in (*lines, Line(seat, now, lines[-1].after, lines[-1].after, NO_CALL)):
        # Where a line is missing nobody knows what the seat did, and the sum of its states falls short.
        if before == state and state in TIMES:
            spent[TIMES[state]] += max(0, min(at, until) - began)
            if state == SeatState.WRAP_UP:
                told.wrap_ups[call_id, seat] += at - began
        if before == SeatState.TALKING and after == SeatState.WRAP_UP:
            call_id = about
        state, began = after, at
    told.logins += _periods(seat, lines, (since, min(until, now)), LOGGED_IN)
    told.duty += _periods(seat, lines, (since, min(until, now)), ON_DUTY)


def _periods(
    seat: SeatNo, lines: list[Line], window: tuple[Second, Second], states: frozenset[SeatState]
) -> Iterator[Period]:
    """Yield when the seat was in one of these states."""
    began = window[0] if lines[0].before in states else None
    for _, at, _, after, _ in (*lines, Line(seat, window[1], NOWHERE, NOWHERE, NO_CALL)):
        if after in states:
            began = at if began is None else began
        elif began is not None:
            until = min(at, window[1])
            if began < until:
                yield Period(seat=seat, since=began, until=until)
            began = None
