"""先来后到: whether a seat was rung in fair order, however queues.conf says that it should be done."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from core.clock import from_epoch

if TYPE_CHECKING:
    from simulator.day.members import Member
    from simulator.day.stay import Stay

NEVER = from_epoch(0)


def unfair(stay: "Stay", chosen: "Member", rung: set[str], talked: Mapping[str, datetime]) -> Iterator[str]:
    """Yield, in Chinese, who should have come first: a citizen in another queue of the seat, or another seat.

    ``rung`` are the seats that rang for this citizen before, ``talked`` says when each one's last talk ended.
    """
    room = stay.around.room
    # not the switchroom's own walk, so that a mistake in that one is found here
    for queue in room.served_by(chosen.interface):
        if queue is not stay.queue and queue.rules.weight == stay.queue.rules.weight:
            first = next((other for other in queue.waiting if not other.pending), None)
            if first is not None and (-first.priority, first.since) < (-stay.priority, stay.since):
                yield f"座席 {chosen.name} 振给 {stay.channel.uniqueid}, {first.channel.uniqueid} 应在先"
    idle_since = talked.get(chosen.name, NEVER).replace(microsecond=0)
    for member in stay.queue.members.values():
        if (
            talked.get(member.name, NEVER).replace(microsecond=0) < idle_since
            and member.penalty <= chosen.penalty
            and member.name not in rung
            and room.may_ring(stay, member)
        ):
            yield f"{stay.channel.uniqueid} 振座席 {chosen.name}, {member.name} 空闲更久"
