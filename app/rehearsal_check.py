"""对照: holds what the engine wrote down against what really happened."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.rehearsal_doubles import doubly_drafted, doubly_rung
from app.rehearsal_figures import compare
from app.rehearsal_own_seat import own_seats_of
from app.rehearsal_seats import Allowed, duties_that_differ
from app.rehearsal_tolerance import TOLERANCE
from core.database import Connection, Database
from core.events import EndReason
from core.ids import CallId, TicketNo
from queue_manager import store as calls
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import Policy
from queue_manager.figures_store import seen_in
from queue_manager.model import CallRow, GapRow
from simulator.day.telephone import Rang
from simulator.day.truth import TrueCall, TruthBook
from tickets import store as tickets

DAY = timedelta(days=2)


@dataclass(slots=True, kw_only=True)
class Verdict:
    """What was found; ``lost``, ``duplicate_tickets``, ``double_offers`` must be 0, ``wrong`` empty."""

    arrivals: int
    rows: int = 0
    lost: int = 0
    duplicate_tickets: int = 0
    double_offers: int = 0
    tickets: int = 0
    unknown: int = 0
    gaps: int = 0
    hidden: int = 0
    """So many calls touch a gap: who ended one need not be known, nor how long it was on hold."""
    came_back: int = 0
    """So many calls were first tried at the seat that had talked to the citizen."""
    went_on: int = 0
    """So many of them went on to the others, because it did not answer."""
    figures: int = 0
    """So many figures were compared."""
    reasons: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Rows and figures that contradict what happened, and offers in which somebody else came first."""

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled or wrong."""
        return not (self.lost or self.duplicate_tickets or self.double_offers or self.wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOutside:
    """What is known outside of the engine: what happened, which drafts were told, what counts how."""

    truth: TruthBook
    drafts: Collection[tuple[CallId, TicketNo]]
    policy: Policy
    longest_wrap_up: timedelta


def judge(known: KnownOutside, database: Database, begins: datetime) -> Verdict:
    """Compare every call of the day, and every figure; nobody else writes meanwhile."""
    window = Window(since=begins, until=begins + DAY)
    return database.now(lambda connection: _judge(known, connection, window))


def _judge(known: KnownOutside, connection: Connection, window: Window) -> Verdict:
    truth = known.truth
    rows = {row.call_id: row for row in calls.calls_between(connection, window.since, window.until)}
    gaps = calls.gaps_between(connection, window.since, window.until)
    hidden = {id_ for id_, call in truth.calls.items() if any(_touches(gap, call) for gap in gaps)}
    own_seats = own_seats_of(truth)
    verdict = Verdict(
        arrivals=len(truth.calls),
        rows=len(rows),
        double_offers=len(truth.double_offers) + doubly_rung(connection, window, hidden),
        gaps=len(gaps),
        hidden=len(hidden),
        came_back=own_seats.calls,
        went_on=own_seats.went_on,
        wrong=[*truth.unfair, *own_seats.wrong],
    )
    _look_at_rows(truth, rows, hidden, verdict)
    _count_tickets(connection, rows, known.drafts, verdict)
    seen = seen_in(connection, window, window.until, known.policy)
    compared = compare(truth, connection, seen, hidden, known.policy)
    verdict.figures = compared.figures
    verdict.wrong += compared.different
    allowed = Allowed(gaps=gaps, wrap_up=known.longest_wrap_up, ends=window.until)
    verdict.wrong += duties_that_differ(seen.seats.logins, truth.duties.values(), allowed)
    return verdict


def _look_at_rows(
    truth: TruthBook, rows: dict[CallId, CallRow], hidden: Collection[str], verdict: Verdict
) -> None:
    for call in truth.calls.values():
        row = rows.get(CallId(call.call_id))
        if row is None:
            verdict.lost += 1
            continue
        verdict.reasons[row.end_reason or "open"] += 1
        verdict.unknown += row.end_reason is EndReason.UNKNOWN_END
        found = _untruths(call, row) if call.call_id in hidden else _contradictions(call, row)
        verdict.wrong += [f"{call.call_id} {what}" for what in found]


def _count_tickets(
    connection: Connection,
    rows: dict[CallId, CallRow],
    drafts: Collection[tuple[CallId, TicketNo]],
    verdict: Verdict,
) -> None:
    found = tickets.latest_tickets(connection, 2 * len(rows) + 1)
    verdict.tickets = len(found)
    verdict.duplicate_tickets = doubly_drafted([(one.call_id, one.ticket_no) for one in found], drafts)
    drafted = {ticket.call_id for ticket in found}
    for row in rows.values():
        if (row.answered_at is not None) is not (row.call_id in drafted):
            verdict.wrong.append(f"{row.call_id} 接通与工单不符")


def _touches(gap: GapRow, call: TrueCall) -> bool:
    return gap.began_at <= (call.gone_at or gap.ended_at) and call.arrived_at <= gap.ended_at


def _untruths(call: TrueCall, row: CallRow) -> Iterator[str]:
    """In a gap less may be known, but what is told must be true; Asterisk's log tells of every queue."""
    unseen = () if any(stay.entered for stay in call.stays) else (EndReason.UNKNOWN_END,)
    if row.end_reason not in (true_reason(call), *unseen):
        yield f"缺口里的结束原因 {row.end_reason}, 实为 {true_reason(call)}"
    if row.seat != _seat_of(call):
        yield f"缺口里的座席 {row.seat}, 实为 {_seat_of(call)}"
    if not row.gone_certain:
        # it is known to lie between two instants
        row = replace(row, gone_at=_nearest(call.gone_at, row.gone_after, row.gone_at))
    for what, known, true in _instants(call, row):
        if _differ(known, true):
            yield f"缺口里的{what} {known}, 实为 {true}"


def _contradictions(call: TrueCall, row: CallRow) -> Iterator[str]:
    if row.end_reason is not true_reason(call):
        yield f"结束原因 {row.end_reason}, 实为 {true_reason(call)}"
    if row.seat != _seat_of(call):
        yield f"座席 {row.seat}, 实为 {_seat_of(call)}"
    for what, known, true in _instants(call, row):
        if _differ(known, true):
            yield f"{what} {known}, 实为 {true}"


def _seat_of(call: TrueCall) -> str | None:
    """Give who answered first, None for nobody."""
    return next((stay.seat for stay in call.stays if stay.answered_at), None)


def _instants(call: TrueCall, row: CallRow) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    """Yield what happened, when it did as far as is known, and when it really did."""
    yield "来电", row.arrived_at, call.arrived_at
    yield "入队", row.queued_at, next((stay.queued_at for stay in call.stays if stay.entered), None)
    yield "接通", row.answered_at, next((stay.answered_at for stay in call.stays if stay.answered_at), None)
    yield "结束", row.gone_at, call.gone_at


def _differ(known: datetime | None, true: datetime | None) -> bool:
    if known is None or true is None:
        return known is not true
    return abs(known - true) > TOLERANCE


def _nearest(at: datetime | None, earliest: datetime | None, latest: datetime | None) -> datetime | None:
    if at is None or earliest is None or latest is None:
        return latest
    return min(max(at, earliest), latest)


def true_reason(call: TrueCall) -> EndReason | None:
    """Give how a call really ended, by the book; None while it lives."""
    if call.gone_at is None:
        return None
    if call.answered:
        return EndReason.ANSWERED
    if not call.stays:
        return EndReason.HUNG_UP_IN_PROMPT
    last = call.stays[-1]
    match last.how:
        case "TIMEOUT":
            return EndReason.OVERFLOW_TIMEOUT
        case "JOINEMPTY" | "LEAVEEMPTY":
            return EndReason.NO_SEAT
    rescinded = bool(last.offers) and last.offers[-1].how is Rang.RESCINDED
    return EndReason.HUNG_UP_RINGING if rescinded else EndReason.HUNG_UP_WAITING
