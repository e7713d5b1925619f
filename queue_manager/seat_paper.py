"""座席底账: writes down what happened to seats, later than it happened and without a gap."""

import asyncio
import contextlib

import structlog

from core.database import Database, DatabaseTrouble
from queue_manager import seat_store
from queue_manager.offering import OfferReason
from queue_manager.seat_state import SeatChange, SeatNow
from queue_manager.seat_store import Supervised, Unwritten

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.2
AGAIN_SECONDS = 1.0


class SeatPaper:
    """Gathers in memory; the database may be away for hours, and the seats go on."""

    def __init__(self, database: Database) -> None:
        """Begin with an empty sheet."""
        self._database = database
        self._sheet = Unwritten()
        self._full: Unwritten | None = None
        self._news = asyncio.Event()

    def changed(self, now: SeatNow, change: SeatChange) -> None:
        """Take a change of a seat."""
        self._sheet.seats[now.seat] = now
        self._sheet.changes.append(change)
        self._news.set()

    def offered(self, reason: OfferReason) -> None:
        """Take why a call was offered."""
        self._sheet.offers.append(reason)
        self._news.set()

    def supervised(self, asked: Supervised) -> None:
        """Take what a supervisor asked for."""
        self._sheet.supervised.append(asked)
        self._news.set()

    async def write(self) -> None:
        """Write what has gathered; raises DatabaseTrouble, and then the same is written the next time."""
        if self._full is None:
            self._full, self._sheet = self._sheet, Unwritten()
        full = self._full
        if full:
            await self._database.in_transaction(lambda connection: seat_store.write_down(connection, full))
        self._full = None

    async def run(self) -> None:
        """Write until cancelled, and then once more."""
        try:
            while True:
                await self._news.wait()
                await asyncio.sleep(GATHER_SECONDS)
                self._news.clear()
                await self._write_surely()
        finally:
            with contextlib.suppress(DatabaseTrouble):
                await self.write()
                await self.write()

    async def _write_surely(self) -> None:
        told = False
        while True:
            try:
                await self.write()
            except DatabaseTrouble as error:
                if not told:
                    log.warning("座席状态写不进数据库, 先在内存里等", reason=type(error).__name__)
                    told = True
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return
