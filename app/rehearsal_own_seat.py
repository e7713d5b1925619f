"""优先回原座席: whoever calls again is rung for at a seat that knows him first, alone, and not for long."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from app.rehearsal_tolerance import TOLERANCE
from asterisk_conf.render import ALONE_SECONDS
from core.ids import QueueName, SeatNo, own_queue_of
from simulator.day.truth import TrueCall, TruthBook

LONGEST = timedelta(seconds=ALONE_SECONDS)


@dataclass(slots=True, kw_only=True)
class OwnSeats:
    """So many calls were first tried at a seat that knows the citizen; what was wrong, in Chinese.

    ``went_on`` are those who waited for others when that seat had not answered.
    """

    calls: int = 0
    went_on: int = 0
    wrong: list[str] = field(default_factory=list)


def own_seats_of(truth: TruthBook) -> OwnSeats:
    """Look at every call whose first queue is a seat's own."""
    found, known = OwnSeats(), defaultdict[str, set[QueueName]](set)
    own = {own_queue_of(SeatNo(duties[0].seat)) for duties in truth.duties.values()}
    for call in truth.calls.values():
        if call.stays and call.stays[0].queue in own:
            found.calls += 1
            found.went_on += len(call.stays) > 1 and call.stays[0].answered_at is None
            found.wrong += _wrong(call, known[call.caller])
        known[call.caller] |= {own_queue_of(SeatNo(stay.seat)) for stay in call.stays if stay.answered_at}
    return found


def _wrong(call: TrueCall, known: set[QueueName]) -> Iterator[str]:
    stay = call.stays[0]
    if stay.queue not in known:
        yield f"{call.call_id} 先振了 {stay.queue}, 那个座席没有接过他"
    until = stay.answered_at or stay.ended_at
    if until is not None and until - stay.queued_at > LONGEST + TOLERANCE:
        yield f"{call.call_id} 独自等了 {stay.queue} {(until - stay.queued_at).total_seconds():.0f} 秒"
