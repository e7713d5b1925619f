"""统计报表: all figures of a window at one instant, made afresh from what was seen; nothing is kept.

The same facts give the same report, in whatever order they come.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.ids import QueueName, SeatNo
from queue_manager.figures import demand_side, seat_side
from queue_manager.figures.call_side import handle_time
from queue_manager.figures.facts import Arrival, Demand, Gap
from queue_manager.figures.figure import Figure, Frame, Reading, Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.rolling import (
    DAY,
    Outlook,
    Request,
    expected_requests,
    lowest,
    outlook,
    rolling_rate,
)
from queue_manager.figures.rule_book import CALLS, DEMANDS, ROLLING, SEATS, Entry, entry_of
from queue_manager.figures.scope import CallSide, counted, is_request, requests_of, stays_in
from queue_manager.figures.seat_side import SeatFacts
from queue_manager.figures.staffing import Basis, HalfHour, staffing

Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """素材: what a report is made of.

    ``before`` are the requests of the 24 hours before the window. ``last_week`` are the instants of the
    requests in the 24 hours that follow the same instant of last week; not needed for a window that is over.
    """

    window: Window
    as_of: datetime
    arrivals: tuple[Arrival, ...] = ()
    seats: SeatFacts = field(default_factory=SeatFacts)
    gaps: tuple[Gap, ...] = ()
    demands: tuple[Demand, ...] = ()
    before: tuple[Request, ...] = ()
    last_week: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """报表: figures by key; ``outlook`` is None for a window that is over."""

    frame: Frame
    queue: QueueName | None
    calls: Figures
    demands: Figures
    queues: Mapping[QueueName, Figures]
    seats: Mapping[SeatNo, Figures]
    rolling: Figures
    lowest_at: datetime | None
    outlook: Outlook | None
    staffing: tuple[HalfHour, ...]


def report_of(seen: Seen, queue: QueueName | None, policy: Policy) -> Report:
    """Make the report of the whole hotline, or of one queue; seats and rolling rate are always of all."""
    window, until = seen.window, min(seen.window.until, seen.as_of)
    inside = window.in_utc
    arrivals = [arrival for arrival in seen.arrivals if inside.holds(arrival.at)]
    citizens = counted(arrivals)
    frame = Frame(window=window, as_of=seen.as_of, gaps=_touching(seen.gaps, window.since, until))
    side = CallSide(arrivals)
    queues = side.queues if queue is None else [queue]
    rolling, lowest_at = _rolling(seen, policy)
    seats = seat_side.seat_days(seen.seats, stays_in(citizens, None))

    def figures(readings: Mapping[str, Reading], book: dict[str, Entry]) -> Figures:
        return _figures(readings, book, frame, policy)

    return Report(
        frame=frame,
        queue=queue,
        calls=figures(side.readings(queue, policy), CALLS),
        demands=figures(demand_side.readings(seen.demands), DEMANDS),
        queues={name: figures(side.readings(name, policy), CALLS) for name in queues},
        seats={day.seat: figures(seat_side.readings(day), SEATS) for day in seats},
        rolling=rolling,
        lowest_at=lowest_at,
        outlook=_outlook(seen, policy) if seen.as_of < window.until else None,
        staffing=_staffing(seen, citizens, queue, policy),
    )


def _figures(
    readings: Mapping[str, Reading], book: dict[str, Entry], frame: Frame, policy: Policy
) -> Figures:
    figures = {}
    for key, reading in readings.items():
        entry = entry_of(book, key, policy)
        figures[key] = Figure(
            value=reading.value,
            num=reading.num,
            den=reading.den,
            title=entry.title,
            unit=entry.unit,
            rule=entry.rule,
            window=frame.window,
            as_of=frame.as_of,
            gaps=frame.gaps,
        )
    return figures


def _touching(gaps: tuple[Gap, ...], since: datetime, until: datetime) -> tuple[Gap, ...]:
    return tuple(gap for gap in gaps if gap.since < until and gap.until > since)


def _rolling(seen: Seen, policy: Policy) -> tuple[Figures, datetime | None]:
    """Give the rate at the end of the window (now, if that is earlier) and the lowest within it."""
    requests, since = [*seen.before, *requests_of(seen.arrivals)], seen.window.since
    until = max(since, min(seen.window.until, seen.as_of))
    last_day = Window(since=until - DAY, until=until)
    worst = lowest(requests, Window(since=since, until=until))
    around = Window(since=since - DAY, until=until)
    shown: dict[str, Figure] = {}
    for key, reading, window in (
        ("rolling_connect_rate", rolling_rate(requests, until), last_day),
        ("lowest_rolling_connect_rate", worst.reading, around),
    ):
        gaps = _touching(seen.gaps, window.since, window.until)
        frame = Frame(window=window, as_of=seen.as_of, gaps=gaps)
        shown |= _figures({key: reading}, ROLLING, frame, policy)
    return shown, worst.at


def _outlook(seen: Seen, policy: Policy) -> Outlook:
    past = [*seen.before, *requests_of(seen.arrivals)]
    day = Window(since=seen.as_of - DAY, until=seen.as_of).in_utc
    last_day = [one.at for one in past if day.holds(one.at)]
    expected = expected_requests(seen.last_week, last_day)
    return outlook(past, expected, seen.as_of, policy.connect_rate_target)


def _staffing(
    seen: Seen, citizens: list[Arrival], queue: QueueName | None, policy: Policy
) -> tuple[HalfHour, ...]:
    """Nobody knows how many of the seats serve one queue: with a queue asked, ``staffed`` stays open."""
    handled = handle_time(stays_in(citizens, queue))
    asked = [
        arrival.at
        for arrival in citizens
        for one in ([arrival] if queue is None else stays_in([arrival], queue))
        if is_request(one)
    ]
    until = max(seen.window.since, min(seen.window.until, seen.as_of))
    basis = Basis(
        handle_seconds=None if handled.value is None else float(handled.value) or None,
        threshold_seconds=policy.threshold_seconds,
    )
    duty = seen.seats.duty if queue is None and seen.seats.logins else None
    return tuple(staffing(asked, duty, Window(since=seen.window.since, until=until), basis))
