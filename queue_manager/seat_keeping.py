"""座席守护: keeps in touch with Asterisk: asks anew after a gap, takes over what changed, then repairs."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from queue_manager.ami import ActionRefused, AsteriskAway
from queue_manager.mirror import Event
from queue_manager.seat_adoption import adopt_calls, adopt_wishes, legs_in
from queue_manager.seat_projector import Asterisk, Projector
from queue_manager.seat_state import SeatState
from queue_manager.seat_watch import SeatWatch

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(minutes=2)
"""Events tell of everything; so often the whole is compared all the same."""
TOUCH_AGAIN = timedelta(seconds=2)
PHONE_DOWN = timedelta(seconds=3)
"""A telephone that lies on its rest for so long is in no call, whatever we have not seen."""


class AsteriskKeeper:
    """In touch or not: what changes while we are not is taken over, what changes while we are is repaired."""

    def __init__(self, watch: SeatWatch, asterisk: Asterisk) -> None:
        """Begin out of touch."""
        self._watch = watch
        self._book = watch.book
        self._mirror = watch.mirror
        self._asterisk = asterisk
        self._projector = Projector(watch.book, watch.mirror, asterisk)
        self._in_touch = False
        self._look_at: datetime | None = None
        self._meanwhile: list[Event] | None = None

    def begin(self) -> None:
        """Begin with the book as the database knew it."""
        self._projector.take_for_made()

    def lost_touch(self) -> None:
        """Events may have been missed: ask first."""
        self._in_touch = False
        self._look_at = None

    def clock_went_back(self) -> None:
        """Whatever was put off to a later time is done now."""
        self._look_at = None
        self._projector.forget_refusals()

    def heard(self, event: Event, now: datetime) -> bool:
        """Read an event; True when Asterisk's members have changed."""
        if self._meanwhile is not None:
            self._meanwhile.append(event)
        return self._watch.heard(event, now)

    async def keep(self, now: Callable[[], datetime]) -> None:
        """Ask if it is time to, repair if we are in touch; nothing is kept for later if Asterisk is away."""
        if self._look_at is None or self._look_at <= now():
            try:
                await self._look(now)
            except (AsteriskAway, ActionRefused):
                self._in_touch = False
                self._look_at = now() + TOUCH_AGAIN
        if not self._in_touch:
            return
        self._end_silent_calls(now())
        if not await self._projector.repair(now()):
            self._look_at = now() + TOUCH_AGAIN

    async def _look(self, now: Callable[[], datetime]) -> None:
        anew = not self._in_touch
        bases = self._projector.bases()
        asked = tuple(self._book.now.values())
        channels = await self._asterisk.act("CoreShowChannels") if anew else []
        self._meanwhile = []
        try:
            answers = await self._asterisk.act("QueueStatus")
            self._mirror.looked(answers, now())
            for event in self._meanwhile:
                # of each member the last news is right, whether the answer knew it or not
                self._mirror.heard(event, now())
        finally:
            self._meanwhile = None
        if anew:
            # calls first: what was wished during one comes after it
            adopt_calls(self._book, self._mirror, legs_in(channels), asked, now())
            self._book.catch_up(now())
            adopt_wishes(self._watch.wishes, self._mirror, bases, now())
            self._book.catch_up(now())
        for seat in self._mirror.seats():
            self._watch.look_at_phone(seat, now())
        self._in_touch = True
        self._look_at = now() + LOOK_AGAIN

    def _end_silent_calls(self, now: datetime) -> None:
        talking = [state for state in self._book.now.values() if state.state is SeatState.TALKING]
        for state in talking:
            seat, since = state.seat, self._mirror.idle_since(state.seat)
            if since is not None and since >= state.since and now - since >= PHONE_DOWN:
                log.warning("座席话机已挂机, 通话的结束没有看到, 现在补记", seat=seat, call_id=state.call_id)
                self._book.happened(seat, self._book.call_over(since))
