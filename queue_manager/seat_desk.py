"""座席台: the one owner of what seats do; Asterisk's queue members are its projection.

Events and wishes change the book at once, in memory. What follows is done by two tasks that wait for
nobody: one makes Asterisk's queues what the book says, one writes the book's changes down.
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.clock import Clock
from core.database import Database, DatabaseTrouble
from core.ids import CallId, SeatNo
from queue_manager import seat_store
from queue_manager.mirror import Event, Mirror
from queue_manager.offer_notes import OfferNotes
from queue_manager.repeat_callers import RepeatCallers
from queue_manager.seat_acts import Acts, SeatActs
from queue_manager.seat_book import SeatBook
from queue_manager.seat_keeping import AsteriskKeeper
from queue_manager.seat_paper import SeatPaper
from queue_manager.seat_projector import Asterisk
from queue_manager.seat_rules import SeatRules
from queue_manager.seat_state import Happening, SeatChange, SeatNow, SeatState
from queue_manager.seat_watch import SeatWatch
from queue_manager.seat_wishes import Answer, SeatWishes
from queue_manager.seats import seats_with

log = structlog.get_logger(__name__)

TICK_SECONDS = 2.0
GATHER_SECONDS = 0.1
"""So long news gathers: what belongs together is sent in one batch, and echoes of our own acts arrive."""
AGAIN_SECONDS = 1.0
OPEN_SECONDS = 5.0
PROJECTED_SECONDS = 1.0
"""So long a seat waits for its answer until Asterisk's queues know of its wish."""
REGISTER_AGAIN = timedelta(minutes=5)
"""Asterisk says when it reads its seats anew; this is for what it did not say."""
CLOCK_STEP = timedelta(seconds=1)
RELOADED = ("All", "res_pjsip.so", "app_queue.so")
"""Modules that are read anew when a seat was added or changed at the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNeeds:
    """What the desk works with; ``mark_urgent`` writes the mark into the call's journal.

    ``allowed`` are the seats whose telephones Asterisk lets log on: they are seats, registered or not.
    """

    database: Database
    clock: Clock
    rules: SeatRules
    asterisk: Asterisk
    acts: Acts
    mark_urgent: Callable[[CallId, SeatNo, datetime], None]
    allowed: Collection[SeatNo] = ()


class SeatDesk:
    """Grants wishes, hears events, keeps Asterisk and the database up to date."""

    def __init__(self, needs: SeatNeeds) -> None:
        """Nothing is known before :meth:`run`, or :meth:`open`."""
        self._database = needs.database
        self._allowed = needs.allowed
        self._clock = needs.clock
        self._last_now = needs.clock.now()
        self._register_at = self._last_now
        self._opened = asyncio.Event()
        self._news = asyncio.Event()
        self._keeping = False
        self._waiting: list[asyncio.Future[None]] = []
        self.book = SeatBook(needs.rules)
        self.paper = SeatPaper(needs.database)
        self._mirror = Mirror()
        self._callers = RepeatCallers(needs.rules.preferred_hours)
        self._wishes = SeatWishes(self.book)
        self._acts = SeatActs(self.book, needs.acts, needs.mark_urgent)
        self._watch = SeatWatch(self.book, self._mirror, self._wishes)
        self._keeper = AsteriskKeeper(self._watch, needs.asterisk)
        self._notes = OfferNotes(self.book, self._mirror)
        self.book.on_change = self._changed
        self._acts.on_supervised = self.paper.supervised
        self._watch.on_offer = self._offered
        self._watch.on_talk = self._callers.talked

    async def wish(self, seat: str, wish: str, about: str = "") -> str:
        """Do what a seat wishes for, at once, or say why not; the words are those of ``Answer``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OPEN_SECONDS):
                await self._opened.wait()
        if not self._opened.is_set():
            return Answer.FAILED.value
        number, now = SeatNo(seat), self._now()
        if self._wishes.knows(wish):
            answer = self._wishes.grant(number, wish, about, now).value
            await self._until_projected()
            return answer
        return (await self._acts.do(number, wish, about, now)).value

    def preferred_seat(self, caller: str) -> SeatNo | None:
        """Give the ready seat that talked to this caller last; None when there is none. Asks nobody."""
        seat = self._callers.seat_of(caller, self._clock.now())
        now = self.book.now.get(seat) if seat is not None else None
        if now is None or now.state is not SeatState.READY or now.misses or self.book.is_lost(now.seat):
            return None
        return None if self._mirror.hindrance_of(now.seat) else seat

    def heard(self, event: Event) -> None:
        """Hear an event of Asterisk's; plain and quick."""
        if not self._opened.is_set():
            return
        if event.get("event") == "Reload" and event.get("module") in RELOADED:
            self._register_at = self._last_now
            self._news.set()
        if self._keeper.heard(event, self._now()):
            self._news.set()

    def connected(self) -> None:
        """The line to Asterisk is there again; what happened meanwhile is asked for first."""
        self._keeper.lost_touch()
        self._news.set()

    async def open(self) -> None:
        """Read what the database knows; raises DatabaseTrouble."""
        now = self._now()
        since = now - timedelta(hours=self.book.rules.preferred_hours)
        seats, known, talks = await self._database.in_transaction(
            lambda connection: (
                seats_with(connection, self._allowed, now),
                seat_store.seat_states(connection),
                seat_store.talks_since(connection, since),
            )
        )
        self.book.open(seats, known, now)
        self._callers.remember(talks)
        self._keeper.begin()
        self._opened.set()

    async def run(self) -> None:
        """Serve until cancelled."""
        while not self._opened.is_set():
            try:
                await self.open()
            except DatabaseTrouble as error:
                log.warning("数据库不在, 座席台稍后再开", reason=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep())
            group.create_task(self.paper.run())

    async def turn(self) -> None:
        """Let happen what is due, and make Asterisk's queues what they must be."""
        now = self._now()
        if now >= self._register_at:
            await self._read_register(now)
        self.book.catch_up(now)
        await self._keeper.keep(self._now)

    async def _until_projected(self) -> None:
        """What a seat hears is true in Asterisk's queues already, even if we die in this moment."""
        if not self._keeping:
            return
        asked: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(asked)
        self._news.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PROJECTED_SECONDS):
                await asked

    async def _keep(self) -> None:
        self._keeping = True
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._seconds_to_wait()):
                    await self._news.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._news.clear()
            waiting, self._waiting = self._waiting, []
            await self.turn()
            for asked in waiting:
                if not asked.done():
                    asked.set_result(None)

    def _seconds_to_wait(self) -> float:
        due = self.book.next_due()
        if due is None:
            return TICK_SECONDS
        return min(TICK_SECONDS, max(0.0, (due - self._now()).total_seconds()))

    async def _read_register(self, now: datetime) -> None:
        self._register_at = now + REGISTER_AGAIN
        with contextlib.suppress(DatabaseTrouble):
            self.book.register(await self._database.in_transaction(seat_store.seats_known), now)

    def _changed(self, now: SeatNow, change: SeatChange) -> None:
        self.paper.changed(now, change)
        self._news.set()

    def _offered(self, seat: SeatNo, what: Happening) -> None:
        if what.call_id:
            self.paper.offered(self._notes.reason(seat, what))

    def _now(self) -> datetime:
        """Give the time; when the clock was set back, what is due moves with it."""
        now = self._clock.now()
        if now < self._last_now - CLOCK_STEP:
            by = self._last_now - now
            log.warning("系统时钟倒退了, 座席的计时顺延, 时长不会为负", seconds=int(by.total_seconds()))
            self.book.clock_went_back(by)
            self._keeper.clock_went_back()
            self._register_at = now
        self._last_now = now
        return now
