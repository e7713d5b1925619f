"""批量来电: ended calls with their stays and offers, day by day, as the journal would have left them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from core.clock import SHANGHAI
from core.events import EndReason, Party
from core.ids import CallId, QueueName, SeatNo
from queue_manager.model import CallRow, OfferOutcome, OfferRow, SegmentEnd, SegmentRow, Via

NODE = "fill"
INTAKE = QueueName("intake")
SEATS = 60
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 14, 16, 15, 12, 9, 11, 15, 16, 14, 11, 9, 8, 7, 5, 3, 2)
"""How the calls of a day spread over its hours."""
ANSWERED, REFUSED, BY_CITIZEN = 0.94, 0.04, 0.7
PATIENCE_SECONDS, TALK_SECONDS, TALK_SPREAD = 40.0, 5.0, 0.6
RING_SECONDS = 15.0
GREETING = timedelta(seconds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledCall:
    """One call with all that is kept of it."""

    call: CallRow
    segments: tuple[SegmentRow, ...]
    offers: tuple[OfferRow, ...]


def calls_of_day(day: date, number: int, chance: Random) -> Iterator[FilledCall]:
    """Give so many calls of a day, in the order in which they arrived."""
    hours = chance.choices(range(24), HOURS, k=number)
    begin = datetime.combine(day, time(), SHANGHAI)
    seconds = sorted(hour * 3600 + chance.random() * 3600 for hour in hours)
    for count, second in enumerate(seconds):
        arrived = begin + timedelta(seconds=second)
        call_id = CallId(f"{NODE}-{int(arrived.timestamp())}.{count}")
        yield _one(call_id, arrived, chance)


def _one(call_id: CallId, arrived: datetime, chance: Random) -> FilledCall:
    queued = arrived + GREETING
    if chance.random() >= ANSWERED:
        return _given_up(call_id, arrived, queued, chance)
    waited = round(chance.expovariate(1 / 7.0), 3)
    talk = round(chance.lognormvariate(TALK_SECONDS, TALK_SPREAD), 3)
    seat, answered = _seat(chance), queued + timedelta(seconds=waited)
    gone = answered + timedelta(seconds=talk)
    by = Party.CITIZEN if chance.random() < BY_CITIZEN else Party.SEAT
    offers = _offers(seat, (call_id, answered), min(waited, chance.random() * 5), chance)
    return FilledCall(
        call=replace(
            _arrived(call_id, arrived, queued, phone(chance)),
            seat=seat,
            offered_at=offers[-1].offered_at,
            answered_at=answered,
            gone_at=gone,
            end_reason=EndReason.ANSWERED,
            ended_by=by,
            waited_seconds=waited,
            talk_seconds=talk,
        ),
        segments=(_segment(call_id, queued, (seat, answered, gone), SegmentEnd.TALK_OVER, by),),
        offers=offers,
    )


def _seat(chance: Random) -> SeatNo:
    return SeatNo(f"{8001 + chance.randrange(SEATS)}")


def _arrived(call_id: CallId, arrived: datetime, queued: datetime, caller: str) -> CallRow:
    return CallRow(
        call_id=call_id,
        node=NODE,
        caller=caller,
        dialled="12345",
        arrived_at=arrived,
        queue=INTAKE,
        position=1,
        queued_at=queued,
    )


def _offers(seat: SeatNo, call: tuple[CallId, datetime], rung: float, chance: Random) -> tuple[OfferRow, ...]:
    """Give the offer that was accepted, and sometimes one before it that nobody heard."""
    call_id, answered = call
    if chance.random() >= REFUSED:
        return (_offer(call_id, (seat, answered, rung), OfferOutcome.ACCEPTED, 1),)
    missed = answered - timedelta(seconds=rung)
    return (
        _offer(call_id, (_seat(chance), missed, RING_SECONDS), OfferOutcome.RUNG_OUT, 1),
        _offer(call_id, (seat, answered, rung), OfferOutcome.ACCEPTED, 2),
    )


def _given_up(call_id: CallId, arrived: datetime, queued: datetime, chance: Random) -> FilledCall:
    waited = round(chance.expovariate(1 / PATIENCE_SECONDS), 3)
    gone = queued + timedelta(seconds=waited)
    call = replace(
        _arrived(call_id, arrived, queued, phone(chance)),
        gone_at=gone,
        end_reason=EndReason.HUNG_UP_WAITING,
        ended_by=Party.CITIZEN,
        waited_seconds=waited,
    )
    stay = _segment(call_id, queued, (None, None, gone), SegmentEnd.HUNG_UP_WAITING, Party.CITIZEN)
    return FilledCall(call=call, segments=(stay,), offers=())


Talk = tuple[SeatNo | None, datetime | None, datetime]
"""Which seat, answered when, gone when."""


def _segment(call_id: CallId, queued: datetime, talk: Talk, end: SegmentEnd, by: Party) -> SegmentRow:
    seat, answered, gone = talk
    return SegmentRow(
        call_id=call_id,
        number=1,
        via=Via.QUEUE,
        queue=INTAKE,
        position=1,
        began_at=queued,
        queued_at=queued,
        seat=seat,
        answered_at=answered,
        ended_at=gone,
        end=end,
        ended_by=by,
        from_seat=None,
        waited_seconds=((answered or gone) - queued).total_seconds(),
        talk_seconds=(gone - answered).total_seconds() if answered else 0.0,
        hold_seconds=0.0,
    )


def _offer(
    call_id: CallId, rung: tuple[SeatNo, datetime, float], outcome: OfferOutcome, number: int
) -> OfferRow:
    seat, ended, seconds = rung
    return OfferRow(
        call_id=call_id,
        number=number,
        segment=1,
        queue=INTAKE,
        seat=seat,
        offered_at=ended - timedelta(seconds=seconds),
        ended_at=ended,
        outcome=outcome,
        ring_seconds=round(seconds, 3),
    )


def phone(chance: Random) -> str:
    """Give a number that nobody has: 100 is no prefix of a mobile telephone."""
    return f"100{chance.randrange(10**8):08}"
