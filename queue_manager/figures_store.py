"""统计素材读取: turns the rows of the journal into what figures are made of; reads only, keeps nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    type_coerce,
)

from core.events import EndReason
from core.ids import CallId, SeatNo
from queue_manager.figures.facts import RESULT_OF, Arrival, Gap, Offer, Offered, Result, Sheet, Spent, Stay
from queue_manager.figures.figure import Window, floored
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Seen
from queue_manager.figures.rolling import DAY, WEEK, Request
from queue_manager.figures.seat_history import Line, SeatHistory, history_of
from queue_manager.figures.seat_side import SeatFacts
from queue_manager.journal_store import calls, offers, segments
from queue_manager.model import SHORTEST_TALK_SECONDS, Blind, GapRow, SegmentEnd
from queue_manager.quality import ASPECTS
from queue_manager.seat_state import SeatState
from queue_manager.seat_store import changes, states
from queue_manager.sheet_store import totals_between
from queue_manager.store import gaps_between

DAY_SECONDS = 24 * 60 * 60
LONGEST_CALL = timedelta(hours=6)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WHY_BLIND = {
    Blind.ENGINE_AWAY: "引擎没有运行",
    Blind.ASTERISK_AWAY: "与 Asterisk 断开",
    Blind.ASTERISK_RESTARTED: "Asterisk 重启",
}
_STAYED: dict[str | None, Result] = {reason.value: result for reason, result in RESULT_OF.items()}
_STAYED |= {None: Result.LIVING, SegmentEnd.MOVED_ON.value: Result.UNKNOWN_END}
_RESULTS = _STAYED | {EndReason.ANSWERED.value: Result.CUT_OFF}
"""A call that was answered has a stay that was; if none counts, the seat was gone at once."""


def _plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read an instant as the driver gives it: turning each into Shanghai's time costs more than the rest."""
    return type_coerce(column, DateTime(timezone=True))


_OF_CALLS = select(
    *(calls.c.call_id, calls.c.caller, _plain(calls.c.arrived_at), calls.c.end_reason),
    *(segments.c.queue, segments.c.seat, segments.c.queued_at.is_not(None), segments.c.end),
    *(_plain(segments.c[name]) for name in ("began_at", "answered_at", "ended_at")),
    segments.c.hold_seconds,
).select_from(calls.outerjoin(segments, segments.c.call_id == calls.c.call_id))
_WAS_ANSWERED = exists().where(
    segments.c.call_id == calls.c.call_id,
    segments.c.answered_at.is_not(None),
    or_(segments.c.ended_at.is_(None), segments.c.talk_seconds >= SHORTEST_TALK_SECONDS),
)
_TURNED_AWAY = (EndReason.NO_SEAT.value, EndReason.QUEUE_FULL.value)
_ASKED = or_(calls.c.queued_at.is_not(None), calls.c.end_reason.in_(_TURNED_AWAY))
_OF_REQUESTS = select(
    *(calls.c.caller, _plain(calls.c.arrived_at), _WAS_ANSWERED, calls.c.end_reason.is_(None))
).where(_ASKED)
_OF_INSTANTS = select(calls.c.caller, _plain(calls.c.arrived_at)).where(_ASKED)
_OF_SEATS = (
    select(changes.c.seat, _plain(changes.c.at), changes.c.before, changes.c.after, changes.c.call_id)
    .where(changes.c.at >= bindparam("since"), changes.c.at < bindparam("until"))
    .order_by(changes.c.seat, changes.c.version)
)
Known = tuple[Policy, Mapping[tuple[CallId, SeatNo], int]]
"""What is counted, and how long each call was wrapped up at each seat."""


def seen_in(connection: Connection, window: Window, as_of: datetime, policy: Policy) -> Seen:
    """Give everything that a report of the window is made of, as it stands at ``as_of``."""
    before = Window(since=window.since - DAY, until=window.since)
    history = _seats(connection, window, as_of)
    last_week: tuple[datetime, ...] = ()
    if as_of < window.until:
        same = Window(since=as_of - WEEK, until=as_of - WEEK + DAY)
        last_week = tuple(_instants(connection, same, policy))
    return Seen(
        window=window,
        as_of=as_of,
        arrivals=tuple(_arrivals(connection, window, as_of, (policy, history.wrap_ups))),
        before=tuple(_requests(connection, before, policy)),
        last_week=last_week,
        seats=SeatFacts(
            logins=tuple(history.logins),
            spent=tuple(
                Spent(seat=seat, state=state, seconds=seconds)
                for seat, times in history.spent.items()
                for state, seconds in times.items()
            ),
            duty=tuple(history.duty),
            offers=tuple(_offers(connection, window)),
            sheets=tuple(_sheets(connection, window, policy)),
        ),
        gaps=tuple(_gap(row) for row in gaps_between(connection, before.since, window.until)),
    )


def _in_window(window: Window) -> ColumnElement[bool]:
    return and_(calls.c.arrived_at >= window.since, calls.c.arrived_at < window.until)


def _requests(connection: Connection, window: Window, policy: Policy) -> Iterator[Request]:
    for caller, at, answered, living in connection.execute(_OF_REQUESTS.where(_in_window(window))).all():
        if not policy.flag_of(caller):
            yield Request(at=_aware(at), answered=bool(answered), open=bool(living) and not answered)


def _instants(connection: Connection, window: Window, policy: Policy) -> Iterator[datetime]:
    for caller, at in connection.execute(_OF_INSTANTS.where(_in_window(window))).all():
        if not policy.flag_of(caller):
            yield _aware(at)


def _offers(connection: Connection, window: Window) -> Iterator[Offer]:
    asked = (
        select(offers.c.seat, offers.c.outcome, func.count())
        .where(offers.c.offered_at >= window.since, offers.c.offered_at < window.until)
        .where(offers.c.outcome.is_not(None))
        .group_by(offers.c.seat, offers.c.outcome)
    )
    for seat, outcome, times in connection.execute(asked):
        yield Offer(seat=seat, outcome=Offered(outcome), times=times)


def _sheets(connection: Connection, window: Window, policy: Policy) -> Iterator[Sheet]:
    for caller, seat, total in totals_between(connection, window.since, window.until):
        if not policy.flag_of(caller):
            yield Sheet(seat=seat, marks=Fraction(total, len(ASPECTS)))


def _seats(connection: Connection, window: Window, as_of: datetime) -> SeatHistory:
    """Read on after the end of the window: calls that arrived in it may be wrapped up later."""
    until = min(as_of, window.until + LONGEST_CALL)
    rows = connection.execute(_OF_SEATS, {"since": window.since, "until": until}).all()
    began = _of_the_same_kind(EPOCH, rows[0][1]) if rows else EPOCH
    lines = (Line(seat, _seconds(began, at), *states_and_call) for seat, at, *states_and_call in rows)
    since, ends = window.seconds
    return history_of(lines, _standing(connection, until), (since, ends, floored(until)))


def _standing(connection: Connection, at: datetime) -> dict[SeatNo, SeatState]:
    """Give what every seat did at an instant: what its next line led away from, or what it does now."""
    follows = (
        select(changes.c.seat, func.min(changes.c.version).label("version"))
        .where(changes.c.at >= at)
        .group_by(changes.c.seat)
        .subquery()
    )
    joined = (changes.c.seat == follows.c.seat) & (changes.c.version == follows.c.version)
    did = [*connection.execute(select(states.c.seat, states.c.state))]
    did += connection.execute(select(changes.c.seat, changes.c.before).join(follows, joined))
    return {seat: SeatState(state) for seat, state in did}


def _gap(row: GapRow) -> Gap:
    told = [WHY_BLIND[row.why]]
    if row.recovered:
        told.append(f"事后从日志补回 {row.recovered} 条")
    if row.closed:
        told.append(f"{row.closed} 通来电结束不明")
    return Gap(since=row.began_at, until=row.ended_at, why=",".join(told))


def _arrivals(connection: Connection, window: Window, as_of: datetime, known: Known) -> Iterator[Arrival]:
    asked = _OF_CALLS.where(_in_window(window)).order_by(calls.c.call_id, segments.c.number)
    rows = connection.execute(asked).all()
    now = _of_the_same_kind(as_of, rows[0][2]) if rows else as_of
    for _, own in groupby(rows, key=itemgetter(0)):
        yield _arrival(list(own), now, known)


def _arrival(rows: Sequence[Sequence[Any]], now: datetime, known: Known) -> Arrival:
    """Make one arrival of a call with its segments, the first first; without any, columns are empty."""
    policy, wrap_ups = known
    call_id, caller, arrived_at, end_reason, queue = rows[0][:5]
    stays: list[Stay] = []
    entered = answered = None
    for number, row in enumerate(rows if queue is not None else ()):
        comes_back = len(rows) > 1 and any(later[5] == row[5] for later in rows[number + 1 :])
        stay = _stay(row, now, 0 if comes_back else wrap_ups.get((call_id, row[5]), 0))
        stays.append(stay)
        if stay.entered and entered is None:
            entered = number
        if stay.result is Result.ANSWERED and answered is None:
            answered = number
    return Arrival(
        call_id=call_id,
        at=_aware(arrived_at),
        result=_RESULTS[end_reason] if answered is None else Result.ANSWERED,
        entered=entered is not None,
        wait=0 if entered is None else _waited(rows, stays, (entered, answered), now),
        from_arrival=None if answered is None else stays[answered].from_arrival,
        stays=tuple(stays),
        flag=policy.flag_of(caller),
    )


def _waited(
    rows: Sequence[Sequence[Any]], stays: Sequence[Stay], which: tuple[int, int | None], now: datetime
) -> int:
    """Give the wait from the first entry to the first answer, or to the end of the last stay."""
    entered, answered = which
    last = len(stays) - 1 if answered is None else answered
    if entered == last:
        return stays[last].wait
    until = rows[last][10] if answered is None else rows[last][9]
    return _seconds(rows[entered][8], until or now)


def _stay(row: Sequence[Any], now: datetime, acw: int) -> Stay:
    _, _, arrived_at, _, queue, seat, entered, end, began_at, answered_at, ended_at, hold_seconds = row
    if answered_at is None:
        return Stay(
            queue=queue,
            result=_STAYED[end],
            entered=bool(entered),
            wait=_seconds(began_at, ended_at or now),
            finished=ended_at is not None,
        )
    talk = _seconds(answered_at, ended_at or now)
    return Stay(
        queue=queue,
        result=Result.CUT_OFF if talk < SHORTEST_TALK_SECONDS and ended_at else Result.ANSWERED,
        entered=bool(entered),
        wait=_seconds(began_at, answered_at),
        from_arrival=_seconds(arrived_at, answered_at),
        seat=seat,
        talk=talk,
        hold=min(talk, int(hold_seconds)),
        acw=acw,
        finished=ended_at is not None,
    )


def _seconds(since: datetime, until: datetime) -> int:
    """Give whole seconds, the rest cut off; 0 when the clock had stepped back between the two."""
    lasted = until - since
    return max(0, lasted.days * DAY_SECONDS + lasted.seconds)


def _of_the_same_kind(at: datetime, like: datetime) -> datetime:
    """SQLite gives instants without their zone, which is always UTC."""
    return at.astimezone(UTC).replace(tzinfo=None) if like.tzinfo is None else at


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
