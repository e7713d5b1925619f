"""座席状态表: from which state what leads where; the table is the diagram."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from queue_manager.seat_state import (
    EVENT_WORDS,
    LOST_CONNECTION,
    MISSED_IN_A_ROW,
    STATE_WORDS,
    Happening,
    SeatChange,
    SeatEvent,
    SeatNow,
    SeatState,
)

OFF, READY, RINGING, TALKING, WRAP_UP, PAUSED = SeatState
LOG_OFF_LATER = SeatEvent.LOG_OFF.value
OF_THEIR_OWN_MAKING = (LOST_CONNECTION, MISSED_IN_A_ROW)
"""Pauses that nobody wished: a seat that rings and answers all the same has ended them."""

NEXT: dict[tuple[SeatState, SeatEvent], SeatState] = {
    (OFF, SeatEvent.LOG_IN): READY,
    (READY, SeatEvent.LOG_OFF): OFF,
    (PAUSED, SeatEvent.LOG_OFF): OFF,
    (READY, SeatEvent.PAUSE): PAUSED,
    (PAUSED, SeatEvent.PAUSE): PAUSED,
    (PAUSED, SeatEvent.READY): READY,
    (WRAP_UP, SeatEvent.READY): READY,
    # what is wished during a call waits for its end, and for that of the wrap-up
    (RINGING, SeatEvent.LATER): RINGING,
    (TALKING, SeatEvent.LATER): TALKING,
    (WRAP_UP, SeatEvent.LATER): WRAP_UP,
    (TALKING, SeatEvent.EXTEND): TALKING,
    (WRAP_UP, SeatEvent.EXTEND): WRAP_UP,
    # Asterisk rings and connects; whatever we thought that the seat was doing, it is so
    (READY, SeatEvent.OFFERED): RINGING,
    (PAUSED, SeatEvent.OFFERED): RINGING,
    (WRAP_UP, SeatEvent.OFFERED): RINGING,
    (OFF, SeatEvent.OFFERED): RINGING,
    (RINGING, SeatEvent.MISSED): READY,
    (READY, SeatEvent.FORGIVEN): READY,
    (PAUSED, SeatEvent.FORGIVEN): PAUSED,
    (RINGING, SeatEvent.RESCINDED): READY,
    (RINGING, SeatEvent.ANSWERED): TALKING,
    (READY, SeatEvent.ANSWERED): TALKING,
    (PAUSED, SeatEvent.ANSWERED): TALKING,
    (WRAP_UP, SeatEvent.ANSWERED): TALKING,
    (OFF, SeatEvent.ANSWERED): TALKING,
    (RINGING, SeatEvent.HANDED_OVER): RINGING,
    (TALKING, SeatEvent.HANDED_OVER): TALKING,
    (TALKING, SeatEvent.CALL_OVER): WRAP_UP,
    (WRAP_UP, SeatEvent.WRAP_UP_OVER): READY,
    (READY, SeatEvent.WRAP_UP_AGAIN): WRAP_UP,
    # a telephone that cannot be reached ends no call and no wrap-up
    (TALKING, SeatEvent.PHONE_LOST): TALKING,
    (READY, SeatEvent.PHONE_LOST): PAUSED,
    (PAUSED, SeatEvent.PHONE_LOST): PAUSED,
    (RINGING, SeatEvent.PHONE_BACK): RINGING,
    (TALKING, SeatEvent.PHONE_BACK): TALKING,
    (WRAP_UP, SeatEvent.PHONE_BACK): WRAP_UP,
    (PAUSED, SeatEvent.PHONE_BACK): PAUSED,
    (PAUSED, SeatEvent.LEASE_OVER): OFF,
}


def step(now: SeatNow, what: Happening) -> tuple[SeatNow, SeatChange] | None:
    """Give the seat after it, and the line for its history; None where the table has no way.

    History does not go back: what is said to have happened before the last change happened with it.
    What is due later counts from when it really happened.
    """
    after = NEXT.get((now.state, what.event))
    if after is None:
        return None
    at = max(what.at, now.changed_at)
    moved = replace(
        _EFFECTS[what.event](now, what),
        state=after,
        # another reason is another pause
        since=at if after is not now.state or what.event is SeatEvent.PAUSE else now.since,
        changed_at=at,
        version=now.version + 1,
    )
    return moved, _line(now, moved, what)


def _line(before: SeatNow, moved: SeatNow, what: Happening) -> SeatChange:
    about = moved if moved.in_call or before.in_call else what
    return SeatChange(
        seat=moved.seat,
        version=moved.version,
        at=moved.changed_at,
        event=what.event,
        before=before.state,
        after=moved.state,
        reason=what.reason,
        call_id=about.call_id,
        queue=about.queue,
    )


def diagram() -> str:
    """Give the table as a Mermaid state diagram with Chinese words, ways that lead nowhere left out."""
    ways: dict[tuple[SeatState, SeatState], list[str]] = {}
    for (before, event), after in NEXT.items():
        if before is not after:
            ways.setdefault((before, after), []).append(EVENT_WORDS[event])
    lines = [f"    {state.value}: {STATE_WORDS[state]}" for state in SeatState]
    lines += [f"    [*] --> {OFF.value}"]
    lines += [
        f"    {before.value} --> {after.value}: {'、'.join(words)}" for (before, after), words in ways.items()
    ]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def _logged_in(now: SeatNow, _what: Happening) -> SeatNow:
    return replace(_at_rest(now), idle_since=None)


def _at_rest(now: SeatNow) -> SeatNow:
    return replace(
        _forgiven(now), reason="", later="", misses=0, wrap_up_until=None, wrap_up_extra=0, leg="", lease=None
    )


def _logged_off(now: SeatNow, _what: Happening) -> SeatNow:
    return _at_rest(now)


def _paused(now: SeatNow, what: Happening) -> SeatNow:
    return replace(now, reason=what.reason, later="")


def _ready(now: SeatNow, _what: Happening) -> SeatNow:
    return replace(_forgiven(now), reason="", later="", misses=0, wrap_up_until=None, lease=None)


def _later(now: SeatNow, what: Happening) -> SeatNow:
    return replace(now, later=what.reason)


def _extended(now: SeatNow, what: Happening) -> SeatNow:
    if now.wrap_up_until is None:
        return replace(now, wrap_up_extra=now.wrap_up_extra + what.seconds)
    return replace(now, wrap_up_until=now.wrap_up_until + timedelta(seconds=what.seconds))


def _offered(now: SeatNow, what: Happening) -> SeatNow:
    later = now.later
    if now.state is OFF:
        later = LOG_OFF_LATER
    elif now.state is PAUSED and now.reason not in OF_THEIR_OWN_MAKING:
        later = now.reason
    return replace(
        now, reason="", later=later, call_id=what.call_id, queue=what.queue, leg=what.leg, lease=None
    )


def _answered(now: SeatNow, what: Happening) -> SeatNow:
    rang = _forgiven(now if now.state is RINGING else _offered(now, what))
    return replace(
        rang,
        misses=0,
        wrap_up_until=None,
        wrap_up_extra=0,
        leg=what.leg or rang.leg,
        # handed over while it rang, it is another call than the one that was offered
        call_id=what.call_id or rang.call_id,
        reason="",
        lease=None,
    )


def _handed_over(now: SeatNow, what: Happening) -> SeatNow:
    return replace(now, call_id=what.call_id)


def _missed(now: SeatNow, what: Happening) -> SeatNow:
    until = what.at + timedelta(seconds=what.seconds)
    return replace(now, misses=now.misses + 1, behind_until=until, leg="")


def _forgiven(now: SeatNow, _what: Happening | None = None) -> SeatNow:
    return replace(now, behind_until=None)


def _rescinded(now: SeatNow, _what: Happening) -> SeatNow:
    return replace(now, leg="")


def _call_over(now: SeatNow, what: Happening) -> SeatNow:
    wrap_up = timedelta(seconds=what.seconds + now.wrap_up_extra)
    return replace(now, leg="", idle_since=what.at, wrap_up_until=what.at + wrap_up, wrap_up_extra=0)


def _wrap_up_over(now: SeatNow, _what: Happening) -> SeatNow:
    return replace(now, wrap_up_until=None)


def _unchanged(now: SeatNow, _what: Happening) -> SeatNow:
    return now


def _phone_lost(now: SeatNow, what: Happening) -> SeatNow:
    reason = LOST_CONNECTION if now.state is READY else now.reason
    return replace(now, reason=reason, lease=what.at + timedelta(seconds=what.seconds))


def _phone_back(now: SeatNow, _what: Happening) -> SeatNow:
    return replace(now, lease=None)


_EFFECTS: dict[SeatEvent, Callable[[SeatNow, Happening], SeatNow]] = {
    SeatEvent.LOG_IN: _logged_in,
    SeatEvent.LOG_OFF: _logged_off,
    SeatEvent.PAUSE: _paused,
    SeatEvent.READY: _ready,
    SeatEvent.LATER: _later,
    SeatEvent.EXTEND: _extended,
    SeatEvent.OFFERED: _offered,
    SeatEvent.MISSED: _missed,
    SeatEvent.FORGIVEN: _forgiven,
    SeatEvent.RESCINDED: _rescinded,
    SeatEvent.ANSWERED: _answered,
    SeatEvent.HANDED_OVER: _handed_over,
    SeatEvent.CALL_OVER: _call_over,
    SeatEvent.WRAP_UP_OVER: _wrap_up_over,
    SeatEvent.WRAP_UP_AGAIN: _unchanged,
    SeatEvent.PHONE_LOST: _phone_lost,
    SeatEvent.PHONE_BACK: _phone_back,
    SeatEvent.LEASE_OVER: _logged_off,
}
