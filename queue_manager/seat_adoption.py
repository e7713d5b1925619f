"""认领: what changed in Asterisk while nobody of ours listened, and what that means for the seats.

Feature codes work without us, so a seat may have logged in, paused or gone, and calls have come and ended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from core.ids import CallId, SeatNo
from queue_manager.mirror import Event, Mirror
from queue_manager.projection import Memberships, seat_at
from queue_manager.readings import call_named, word
from queue_manager.seat_book import UNSEEN, SeatBook
from queue_manager.seat_state import (
    NO_CALL,
    NO_QUEUE,
    WRAPPING_UP,
    Happening,
    SeatEvent,
    SeatNow,
    SeatState,
)
from queue_manager.seat_wishes import OTHER_REASON, Answer, SeatWishes

log = structlog.get_logger(__name__)

UP = "6"
SERVED_BY_QUEUE = "AppQueue"
LONGEST_LEG = 64
UNSEEN_START = "开头没有看到"
CUT_OFF = "被中断"
STAMP_OF = {"log_in": "logintime", "pause": "lastpause"}
WORDS = {"log_in": "签入", "log_off": "签出", "pause": "示忙", "ready": "示闲"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A seat's telephone in a citizen's call, as CoreShowChannels tells of it."""

    uniqueid: str
    call_id: CallId
    up: bool


def wishes_meanwhile(base: Memberships, there: Memberships) -> list[tuple[str, str]]:
    """Give the wishes, with the reason of a pause, that turned ``base`` into ``there``, in order."""
    if not there:
        return [("log_off", "")] if base else []
    arrived = [] if base else [("log_in", "")]
    was_paused = any(member.paused for member in base.values())
    if not all(member.paused for member in there.values()):
        return [("ready", "")] if was_paused else arrived
    reason = min(member.reason for member in there.values())
    if reason == WRAPPING_UP or (was_paused and reason in {member.reason for member in base.values()}):
        # that pause is of our own making
        return arrived
    return [*arrived, ("pause", reason or OTHER_REASON)]


def adopt_wishes(
    wishes: SeatWishes, mirror: Mirror, bases: Mapping[SeatNo, Memberships], at: datetime
) -> None:
    """Take over what seats wished for without us; ``bases`` says how Asterisk's queues looked before."""
    for seat, base in bases.items():
        for wish, reason in wishes_meanwhile(base, mirror.of(seat)):
            stamp = mirror.stamp_of(seat, STAMP_OF.get(wish, ""))
            when = min(stamp, at) if stamp is not None else at
            if wishes.grant(seat, wish, reason, when) is Answer.DONE:
                log.info("我们不在时座席自己做的, 照此登记", seat=seat, did=WORDS[wish], reason=reason)


def legs_in(channels: Iterable[Event]) -> dict[SeatNo, Leg]:
    """Give for each seat the leg in which a queue has put somebody through to it."""
    found: dict[SeatNo, Leg] = {}
    for channel in channels:
        name, _, _ = channel.get("channel", "").rpartition("-")
        seat, call_id = seat_at(name), call_id_of(channel)
        if seat is not None and (call_id or channel.get("application") == SERVED_BY_QUEUE):
            up = channel.get("channelstate") == UP
            found[seat] = Leg(uniqueid=word(channel.get("uniqueid", ""), LONGEST_LEG), call_id=call_id, up=up)
    return found


def adopt_calls(
    book: SeatBook, mirror: Mirror, legs: Mapping[SeatNo, Leg], asked: Iterable[SeatNow], at: datetime
) -> None:
    """Bring seats to the calls that live; ``asked`` are the seats as they were when Asterisk was asked."""
    for before in asked:
        seat, leg = before.seat, legs.get(before.seat)
        now = book.now[seat]
        if now.version != before.version:
            # news has come since; it is newer than what was asked
            continue
        if now.in_call and (leg is None or leg.uniqueid != now.leg):
            _end(book, mirror, now, at)
        if leg is not None and leg.up:
            book.answered(seat, _happening(SeatEvent.ANSWERED, leg, now, at))
        elif leg is not None:
            book.offered(seat, _happening(SeatEvent.OFFERED, leg, now, at))


def call_id_of(event: Event) -> CallId:
    """Give the call that a channel in an event belongs to; empty when it belongs to none."""
    for line in event.get("chanvariable", "").split("\n"):
        name, _, value = line.partition("=")
        if name == "CALL_ID":
            return call_named(value) or NO_CALL
    return NO_CALL


def _end(book: SeatBook, mirror: Mirror, now: SeatNow, at: datetime) -> None:
    if now.state is SeatState.RINGING:
        book.happened(now.seat, Happening(event=SeatEvent.RESCINDED, at=at, reason=UNSEEN))
        return
    ended = mirror.stamp_of(now.seat, "lastcall")
    if ended is None:
        # Asterisk has forgotten every call: it was restarted, the talk was cut off, and he will call again
        log.warning("通话被 Asterisk 重启打断, 座席即刻可接来电", seat=now.seat, call_id=now.call_id)
        book.happened(now.seat, Happening(event=SeatEvent.CALL_OVER, at=at, reason=CUT_OFF))
        return
    when = ended if now.since <= ended <= at else at
    log.info("我们不在时通话结束了, 照此登记", seat=now.seat, call_id=now.call_id, at=when.isoformat())
    book.happened(now.seat, replace(book.call_over(when), reason=UNSEEN))


def _happening(event: SeatEvent, leg: Leg, now: SeatNow, at: datetime) -> Happening:
    known = leg.uniqueid == now.leg
    return Happening(
        event=event,
        at=at,
        reason="" if known else UNSEEN_START,
        call_id=leg.call_id or (now.call_id if known else NO_CALL),
        queue=now.queue if known else NO_QUEUE,
        leg=leg.uniqueid,
    )
