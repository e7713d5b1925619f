"""对账规则: what follows, for calls, from what Asterisk says lives at one instant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.ids import CallId, QueueName, SeatNo
from queue_manager.ami_events import Event, seat_of, variable
from queue_manager.model import Blind, CallStory
from queue_manager.readings import call_named, number_shown, queue_named, whole
from queue_manager.sightings import NO_QUEUE, Mouth, Seen, Sighting, Vanished


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """快照: what Asterisk answers to CoreShowChannels and QueueStatus."""

    at: datetime
    channels: tuple[Event, ...]
    waiting: tuple[Event, ...]
    members: tuple[Event, ...]

    @property
    def living(self) -> frozenset[CallId]:
        """Every channel that there is, citizens' and others'."""
        return frozenset(CallId(channel.get("uniqueid", "")) for channel in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindTime:
    """看不见的时段: since when nobody heard Asterisk, why, and when it restarted meanwhile, if it did."""

    began: datetime
    why: Blind
    restarted: datetime | None = None


def look_of(at: datetime, answers: Iterable[Event]) -> Look:
    """Sort the answers to both questions."""
    kinds: dict[str, list[Event]] = {"CoreShowChannel": [], "QueueEntry": [], "QueueMember": []}
    for answer in answers:
        kinds.get(answer.get("event", ""), []).append(answer)
    return Look(
        at=at,
        channels=tuple(kinds["CoreShowChannel"]),
        waiting=tuple(kinds["QueueEntry"]),
        members=tuple(kinds["QueueMember"]),
    )


def seats_by_name(look: Look) -> dict[str, SeatNo]:
    """Give the seats that somebody calls otherwise in Asterisk's queues: the log knows only that name."""
    named = {member.get("name", ""): seat_of(member.get("location", "")) for member in look.members}
    return {name: seat for name, seat in named.items() if name and seat and name != seat}


def adopted(look: Look, stories: Mapping[CallId, CallStory]) -> Iterator[Sighting]:
    """续接: yield what living citizens show that the journal does not know yet."""
    citizens = {CallId(c["uniqueid"]): c for c in look.channels if _is_citizens(c)}
    for call_id, channel in citizens.items():
        known = stories.get(call_id)
        if known is None or not known.arrival_seen:
            yield _arrived(call_id, channel, look)
        elif known.call.gone_at is not None and not known.call.gone_certain:
            yield Sighting(call_id=call_id, at=look.at, kind=Seen.ALIVE, mouth=Mouth.RECONCILIATION)
        leg = _leg_in_talk(channel, look)
        if leg is not None and not _talks(known, seat_of(leg["channel"])):
            yield _answered(call_id, leg, look)
    for entry in look.waiting:
        call_id, queue = CallId(entry.get("uniqueid", "")), QueueName(entry.get("queue", NO_QUEUE))
        if call_id in citizens and not _waits(stories.get(call_id), queue):
            yield _queued(call_id, entry, look)


def _arrived(call_id: CallId, channel: Event, look: Look) -> Sighting:
    return Sighting(
        call_id=call_id,
        at=look.at - _duration(channel.get("duration", "")),
        kind=Seen.ARRIVED,
        mouth=Mouth.RECONCILIATION,
        caller=number_shown(channel.get("calleridnum", "")),
        dialled=number_shown(variable(channel, "", "DIALLED")),
    )


def _answered(call_id: CallId, leg: Event, look: Look) -> Sighting:
    return Sighting(
        call_id=call_id,
        at=look.at - _duration(leg.get("duration", "")),
        kind=Seen.ANSWERED,
        mouth=Mouth.RECONCILIATION,
        seat=seat_of(leg["channel"]),
    )


def _queued(call_id: CallId, entry: Event, look: Look) -> Sighting:
    return Sighting(
        call_id=call_id,
        at=look.at - timedelta(seconds=whole(entry.get("wait", ""))),
        kind=Seen.QUEUED,
        mouth=Mouth.RECONCILIATION,
        queue=queue_named(entry.get("queue", NO_QUEUE)),
        position=whole(entry.get("position", "")),
    )


def vanished(
    last_seen: Mapping[CallId, datetime], living: frozenset[CallId], blind: BlindTime | None, at: datetime
) -> Iterator[Sighting]:
    """Yield the ends of open calls that Asterisk does not know any more.

    ``last_seen`` are the open calls with their last sign of life, ``at`` is when Asterisk was asked. Who
    was with us when we went blind had not hung up before. A clock that was set back may say that it is
    earlier now; no call ends before it was last seen.
    """
    for call_id, seen_at in last_seen.items():
        if call_id in living:
            continue
        cut_off = blind is not None and blind.restarted is not None and seen_at <= blind.restarted
        latest = blind.restarted if blind is not None and blind.restarted is not None and cut_off else at
        yield Sighting(
            call_id=call_id,
            at=max(latest, seen_at),
            not_before=blind.began if blind is not None and seen_at <= blind.began <= latest else None,
            kind=Seen.GONE,
            mouth=Mouth.RECONCILIATION,
            detail=Vanished.ASTERISK_RESTARTED if cut_off else Vanished.UNSEEN,
        )


def _is_citizens(channel: Event) -> bool:
    named = call_named(channel.get("uniqueid", ""))
    return named is not None and variable(channel, "", "CALL_ID") == named


def _leg_in_talk(citizen: Event, look: Look) -> Event | None:
    """Give the one channel with which a citizen is connected; None when he is not, or with several."""
    bridge = citizen.get("bridgeid", "")
    others = [c for c in look.channels if bridge and c.get("bridgeid") == bridge and c is not citizen]
    legs = [channel for channel in others if seat_of(channel.get("channel", ""))]
    return legs[0] if len(legs) == 1 else None


def _talks(known: CallStory | None, seat: SeatNo) -> bool:
    last = known.segments[-1] if known and known.segments else None
    return last is not None and last.seat == seat and last.ended_at is None


def _waits(known: CallStory | None, queue: QueueName) -> bool:
    last = known.segments[-1] if known and known.segments else None
    return last is not None and last.queue == queue and last.ended_at is None


def _duration(shown: str) -> timedelta:
    """Read ``hh:mm:ss``."""
    parts = [whole(part) for part in shown.split(":")]
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts[-3:]
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
