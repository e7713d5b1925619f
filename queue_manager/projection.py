"""投影: what Asterisk's queues must look like so that seats are served as we know them; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from core.ids import QueueName, SeatNo, own_queue_of
from queue_manager.offering import MISS_PENALTY
from queue_manager.seat_state import WRAPPING_UP, Seat, SeatNow, SeatState
from queue_manager.seat_table import LOG_OFF_LATER

TECHNOLOGY = "PJSIP/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A seat in one queue of Asterisk; ``name`` is what Asterisk calls it, the seat's number."""

    name: str
    penalty: int
    paused: bool
    reason: str


Memberships = Mapping[QueueName, Membership]
"""Of one seat, by queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """An action of the manager interface, as it is sent."""

    action: str
    fields: Mapping[str, str]


def interface_of(seat: SeatNo) -> str:
    """Name the seat's telephone in Asterisk."""
    return TECHNOLOGY + seat


def seat_at(interface: str) -> SeatNo | None:
    """Give the seat whose telephone that is; None for what cannot be one of ours."""
    number = interface.removeprefix(TECHNOLOGY)
    return SeatNo(number) if number != interface and number.isascii() and number.isdecimal() else None


def wanted(seat: Seat, now: SeatNow) -> Memberships:
    """Give where the seat must be a member: nowhere while it is logged off, or will be after this call.

    It may ring while it is ready. During ringing and talking it is not paused, because Asterisk knows
    itself that the telephone is taken, and would keep a pause for ever if we died in that moment.

    While nobody sits there (示忙) it has no queue of its own: who is handed to it goes to the others at once.
    For the end of a wrap-up he waits.
    """
    if not now.logged_in or now.later == LOG_OFF_LATER:
        return {}
    paused = now.state in (SeatState.PAUSED, SeatState.WRAP_UP)
    reason = WRAPPING_UP if now.state is SeatState.WRAP_UP else now.reason
    alike = Membership(name=seat.number, penalty=0, paused=paused, reason=reason if paused else "")
    behind = now.misses * MISS_PENALTY if now.behind_until else 0
    skilled = {queue: replace(alike, penalty=penalty + behind) for queue, penalty in seat.skills.items()}
    if skilled and now.state is SeatState.PAUSED:
        return skilled
    return {**skilled, own_queue_of(seat.number): alike}


def repairs(seat: SeatNo, there: Memberships, must: Memberships) -> list[Repair]:
    """Give what to send, in this order, so that what is there becomes what must be there."""
    return [
        *_removals(seat, there, must),
        *_pauses(seat, there, must),
        *_penalties(seat, there, must),
        *_additions(seat, there, must),
    ]


def _removals(seat: SeatNo, there: Memberships, must: Memberships) -> Iterator[Repair]:
    """What must not be there, and what bears another name: that cannot be changed."""
    for queue in there:
        if not _stays(queue, there, must):
            yield _repair("QueueRemove", seat, Queue=queue)


def _additions(seat: SeatNo, there: Memberships, must: Memberships) -> Iterator[Repair]:
    for queue, member in must.items():
        if not _stays(queue, there, must):
            yield _repair(
                "QueueAdd",
                seat,
                Queue=queue,
                MemberName=member.name,
                Penalty=str(member.penalty),
                Paused=str(member.paused).lower(),
                Reason=member.reason,
            )


def _pauses(seat: SeatNo, there: Memberships, must: Memberships) -> Iterator[Repair]:
    """One action for all queues: a seat is paused in all or in none."""
    for queue, member in must.items():
        if not _stays(queue, there, must):
            continue
        if (there[queue].paused, there[queue].reason) != (member.paused, member.reason):
            yield _repair("QueuePause", seat, Paused=str(member.paused).lower(), Reason=member.reason)
            return


def _penalties(seat: SeatNo, there: Memberships, must: Memberships) -> Iterator[Repair]:
    for queue, member in must.items():
        if _stays(queue, there, must) and there[queue].penalty != member.penalty:
            yield _repair("QueuePenalty", seat, Queue=queue, Penalty=str(member.penalty))


def _stays(queue: QueueName, there: Memberships, must: Memberships) -> bool:
    return queue in there and queue in must and there[queue].name == must[queue].name


def _repair(action: str, seat: SeatNo, **fields: str) -> Repair:
    told = {name: value for name, value in fields.items() if value}
    return Repair(action=action, fields={"Interface": interface_of(seat), **told})
