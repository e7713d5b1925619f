"""指标对照: the figures of a rehearsed day, made once from the rows and once from what really happened.

Who was answered and who gave up must be the same over all calls, numerator and denominator. Calls that touch
a declared gap are known to the second only: all other figures are made without them. Wrap-up is left out too:
it is the engine's own, the model knows nothing of it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from app.rehearsal_tolerance import TOLERANCE
from core.database import Connection
from core.ids import CallId, QueueName, SeatNo
from queue_manager import store
from queue_manager.figures.facts import Arrival, Result, Stay
from queue_manager.figures.figure import Reading, Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import Seen
from queue_manager.figures.rule_book import CALLS, entry_of
from queue_manager.figures.scope import CallSide
from queue_manager.figures.seat_side import seat_days
from queue_manager.model import OfferOutcome
from simulator.day.telephone import Rang
from simulator.day.truth import TrueCall, TrueStay, TruthBook

OUTCOMES = {
    Rang.ANSWERED: OfferOutcome.ACCEPTED,
    Rang.REJECTED: OfferOutcome.REJECTED,
    Rang.RUNG_OUT: OfferOutcome.RUNG_OUT,
    Rang.RESCINDED: OfferOutcome.RESCINDED,
}
UNANSWERED = {
    "TIMEOUT": Result.TIMEOUT,
    "LEAVEEMPTY": Result.BLOCKED,
    "JOINEMPTY": Result.BLOCKED,
}
HEADLINE = ("requests", "entered", "answered", "abandoned", "connect_rate", "abandon_rate")
"""These are compared over all calls, those in gaps included."""


class Rung(NamedTuple):
    """One telephone that rang for a call."""

    seat: SeatNo
    outcome: OfferOutcome | None
    at: datetime
    ended_at: datetime | None


@dataclass(slots=True, kw_only=True)
class Compared:
    """So many figures were compared; what differs, in Chinese."""

    figures: int = 0
    different: list[str] = field(default_factory=list)


def compare(
    truth: TruthBook, connection: Connection, seen: Seen, hidden: Collection[str], policy: Policy
) -> Compared:
    """Compare everything that was ``seen``; ``hidden`` are the calls that touch a gap."""
    compared = Compared()
    all_known = [_without_wrap_up(one) for one in seen.arrivals]
    all_true = [_arrival(call, policy) for call in truth.calls.values()]
    _compare_headline(all_known, all_true, policy, compared)
    known = [one for one in all_known if one.call_id not in hidden]
    true = [one for one in all_true if one.call_id not in hidden]
    compared.different += _calls_that_differ(known, true)
    compared.different += _offers_that_differ(truth, connection, seen.window, hidden)
    _compare_figures(known, true, policy, compared)
    for day in seat_days(seen.seats, ()):
        compared.figures += 1
        if day.unaccounted:
            compared.different.append(f"座席 {day.seat} 有 {day.unaccounted} 秒对不上")
    return compared


def _calls_that_differ(known: list[Arrival], true: list[Arrival]) -> Iterator[str]:
    happened = {arrival.call_id: arrival for arrival in true}
    for one in known:
        other = happened.get(one.call_id)
        if other is not None and replace(one, at=other.at) != other:
            yield f"{one.call_id} 记为 {_told(one)}, 实为 {_told(other)}"


def _compare_headline(known: list[Arrival], true: list[Arrival], policy: Policy, compared: Compared) -> None:
    """Whom a seat answered, and who gave up, is right in gaps too: Asterisk's log tells of every queue."""
    rows, facts = CallSide(known).readings(None, policy), CallSide(true).readings(None, policy)
    for key in HEADLINE:
        compared.figures += 1
        if rows[key] != facts[key]:
            title = entry_of(CALLS, key, policy).title
            compared.different.append(f"连缺口在内{title}为 {_shown(rows[key])}, 实为 {_shown(facts[key])}")


def _compare_figures(known: list[Arrival], true: list[Arrival], policy: Policy, compared: Compared) -> None:
    rows, facts = CallSide(known), CallSide(true)
    for queue in (None, *sorted({*rows.queues, *facts.queues})):
        readings = rows.readings(queue, policy)
        for key, what in facts.readings(queue, policy).items():
            compared.figures += 1
            if readings[key] != what:
                title = f"{queue or '全部'} {entry_of(CALLS, key, policy).title}"
                compared.different.append(f"{title} 为 {_shown(readings[key])}, 实为 {_shown(what)}")


def _offers_that_differ(
    truth: TruthBook, connection: Connection, window: Window, hidden: Collection[str]
) -> Iterator[str]:
    rung: dict[str, list[Rung]] = {}
    for row in store.offers_between(connection, window.since, window.until):
        one = Rung(row.seat, row.outcome, row.offered_at, row.ended_at)
        rung.setdefault(row.call_id, []).append(one)
    for call in truth.calls.values():
        if call.call_id in hidden:
            continue
        happened = [
            Rung(SeatNo(offer.seat), OUTCOMES[offer.how] if offer.how else None, offer.at, offer.ended_at)
            for stay in call.stays
            for offer in stay.offers
        ]
        known = rung.get(call.call_id, [])
        if len(known) != len(happened) or not all(map(_is_same, known, happened)):
            yield f"{call.call_id} 振铃记为 {_heard(known)}, 实为 {_heard(happened)}"


def _is_same(known: Rung, true: Rung) -> bool:
    if known[:2] != true[:2] or known.ended_at is None or true.ended_at is None:
        return known == true
    return max(abs(known.at - true.at), abs(known.ended_at - true.ended_at)) <= TOLERANCE


def _heard(rung: list[Rung]) -> str:
    return ";".join(
        f"{one.seat} {one.at:%H:%M:%S} {one.outcome} {one.ended_at or one.at:%H:%M:%S}" for one in rung
    )


def _without_wrap_up(arrival: Arrival) -> Arrival:
    return replace(arrival, stays=tuple(replace(stay, acw=0) for stay in arrival.stays))


def _arrival(call: TrueCall, policy: Policy) -> Arrival:
    stays = tuple(_stay(stay, call.arrived_at) for stay in call.stays)
    entered = next((n for n, stay in enumerate(stays) if stay.entered), None)
    answered = next((n for n, stay in enumerate(stays) if stay.result is Result.ANSWERED), None)
    if answered is not None:
        result = Result.ANSWERED
    elif stays:
        result = stays[-1].result
    else:
        result = Result.PROMPT_HANGUP
    wait = 0
    if entered is not None:
        last = call.stays[-1 if answered is None else answered]
        wait = _seconds(
            call.stays[entered].queued_at, last.answered_at if answered is not None else last.ended_at
        )
    return Arrival(
        call_id=CallId(call.call_id),
        at=call.arrived_at,
        result=result,
        entered=entered is not None,
        wait=wait,
        from_arrival=None if answered is None else stays[answered].from_arrival,
        stays=stays,
        flag=policy.flag_of(call.caller),
    )


def _stay(stay: TrueStay, arrived_at: datetime) -> Stay:
    queue = QueueName(stay.queue)
    if stay.answered_at is None:
        return Stay(
            queue=queue,
            result=UNANSWERED.get(stay.how, Result.ABANDONED),
            entered=stay.entered,
            wait=_seconds(stay.queued_at, stay.ended_at),
        )
    talk = _seconds(stay.answered_at, stay.ended_at)
    return Stay(
        queue=queue,
        result=Result.ANSWERED if talk >= 1 else Result.CUT_OFF,
        wait=_seconds(stay.queued_at, stay.answered_at),
        from_arrival=_seconds(arrived_at, stay.answered_at),
        seat=SeatNo(stay.seat),
        talk=talk,
        hold=min(talk, int(stay.talk.held_seconds)) if stay.talk else 0,
    )


def _seconds(since: datetime, until: datetime | None) -> int:
    return max(0, int((until - since).total_seconds())) if until else 0


def _told(arrival: Arrival) -> str:
    stays = ";".join(
        f"{stay.queue} {stay.result} 等 {stay.wait} 谈 {stay.talk} 保持 {stay.hold} {stay.seat or ''}".strip()
        for stay in arrival.stays
    )
    return f"{arrival.result} 等 {arrival.wait} [{stays}]"


def _shown(reading: Reading) -> str:
    return f"{reading.value}({reading.num}/{reading.den})"
