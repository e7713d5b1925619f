"""The watch on a manager interface that comes and goes: no call is lost, every gap is shown."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, MutableMapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
import structlog

from app.ports import free_port
from core.bus import Bus
from core.clock import SystemClock, from_epoch
from core.database import Database
from core.events import KEPT, EndReason
from core.ids import CallId, QueueName
from queue_manager import store
from queue_manager.ami import AmiDoor
from queue_manager.desk import JournalDesk, Node
from queue_manager.figures.figure import Window
from queue_manager.figures.policy import Policy
from queue_manager.figures.report import report_of
from queue_manager.figures_store import seen_in
from queue_manager.model import Blind, CallRow, GapRow
from queue_manager.sightings import NO_QUEUE, Mouth, Seen, Sighting
from queue_manager.watch import Watch
from tests.fakes.ami_calls import AmiCall
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import Ear, fresh_database
from tests.fakes.manager_server import ManagerServer

PATIENCE_SECONDS = 30.0
LIVE_SECONDS = 2.0
POLICY = Policy()
NAME, SECRET = "hotline", "a-secret-of-ours"
Found = TypeVar("Found")


class Given:
    """A watch and its Asterisk."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.clock = SystemClock()
        self.server = ManagerServer(NAME, SECRET, free_port())
        self.watch = self.new_watch()
        self.said: list[MutableMapping[str, Any]] = []
        self._task: asyncio.Task[None] | None = None

    def new_watch(self) -> Watch:
        node = Node(name="hotline", logs=self.folder, recordings=Path("/recordings"))
        journal = JournalDesk(self.database, Ear(*KEPT).connect(self.database), Bus(), node, self.clock)
        door = AmiDoor(host="127.0.0.1", port=self.server.port, user=NAME, secret=SECRET)
        return Watch(journal, door, node)

    async def begin(self) -> None:
        self._task = asyncio.create_task(self.watch.run())
        await self.until(self.heard_at)

    async def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def until(self, look: Callable[[], Found | None]) -> Found:
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := look()):
            assert time.monotonic() < end
            await asyncio.sleep(0.05)
        return found

    def heard_at(self) -> datetime | None:
        """When the journal knows that Asterisk was heard."""
        heard = self.database.now(lambda c: store.last_heard(c, "hotline"))
        return heard.at if heard else None

    def gaps(self) -> list[GapRow]:
        return self.database.now(lambda c: store.gaps_between(c, from_epoch(0), from_epoch(4e9)))

    def row(self, call_id: CallId) -> CallRow | None:
        return self.database.now(lambda c: store.call_of(c, call_id))

    def ended(self, call_id: CallId) -> CallRow | None:
        row = self.row(call_id)
        return row if row and row.end_reason else None

    async def one_waits(self, number: int) -> CallId:
        """A citizen in the queue, living in Asterisk."""
        call_id = CallId(f"hotline-{int(time.time())}.{number}")
        self.saw(call_id, Seen.ARRIVED)
        self.saw(call_id, Seen.QUEUED)
        self.server.channels.append(
            {"Uniqueid": call_id, "ChanVariable": f"CALL_ID={call_id}", "Channel": "PJSIP/t-00000001"}
        )
        await self.until(lambda: self.row(call_id))
        return call_id

    def saw(self, call_id: CallId, kind: Seen) -> None:
        queue = NO_QUEUE if kind is Seen.ARRIVED else QueueName("intake")
        self.watch.saw(
            Sighting(call_id=call_id, at=self.clock.now(), kind=kind, mouth=Mouth.AMI, queue=queue)
        )

    async def asterisk_comes_back(self, uptime: int, *living: CallId) -> None:
        channels = [c for c in self.server.channels if c["Uniqueid"] in living]
        self.server = ManagerServer(NAME, SECRET, self.server.port)
        self.server.channels, self.server.uptime = channels, uptime
        await self.server.start()


@pytest.fixture
async def given(tmp_path: Path) -> AsyncIterator[Given]:
    with fresh_database("sqlite://") as database, structlog.testing.capture_logs() as said:
        one = Given(database, tmp_path)
        one.said = said
        await one.server.start()
        await one.begin()
        yield one
        await one.end()
        await one.server.die()


async def test_what_asterisk_tells_counts_in_the_figures_within_two_seconds(given: Given) -> None:
    call = AmiCall(1, Random(1))
    call.arrives()
    call.enters()
    call.rings("8001")
    call.is_answered()
    now = NINE_O_CLOCK + timedelta(hours=1)
    window = Window(since=NINE_O_CLOCK, until=NINE_O_CLOCK + timedelta(days=1))

    def requests() -> float | None:
        seen = given.database.now(lambda connection: seen_in(connection, window, now, POLICY))
        return report_of(seen, None, POLICY).calls["requests"].num

    assert not requests()
    began = time.monotonic()
    for event in call.events:
        lines = (f"{name.capitalize()}: {said}\r\n" for name, said in event.items())
        await given.server.send_raw("".join((*lines, "\r\n")).encode())
    await given.until(requests)
    assert time.monotonic() - began < LIVE_SECONDS


async def test_the_first_time_there_is_no_gap(given: Given) -> None:
    assert given.gaps() == []


async def test_when_the_connection_was_lost_who_lives_goes_on_and_who_is_gone_is_closed(given: Given) -> None:
    stays, leaves = await given.one_waits(1), await given.one_waits(2)
    await given.server.die()
    await asyncio.sleep(0.2)
    await given.asterisk_comes_back(3600, stays)
    row = await given.until(lambda: given.ended(leaves))
    [gap] = await given.until(given.gaps)
    assert (gap.why, gap.closed) == (Blind.ASTERISK_AWAY, 1)
    assert row.end_reason is EndReason.UNKNOWN_END
    assert row.gone_after is not None
    assert gap.began_at <= row.gone_after
    assert row.gone_at == gap.ended_at
    assert given.ended(stays) is None


async def test_when_asterisk_restarted_those_who_were_cut_off_end_system_failure(given: Given) -> None:
    cut_off = await given.one_waits(1)
    await given.server.die()
    await given.asterisk_comes_back(0)
    row = await given.until(lambda: given.ended(cut_off))
    [gap] = await given.until(given.gaps)
    assert row.end_reason is EndReason.SYSTEM_FAILURE
    assert gap.why is Blind.ASTERISK_RESTARTED


async def test_when_the_engine_was_away_the_gap_begins_when_it_last_heard_asterisk(given: Given) -> None:
    leaves = await given.one_waits(1)
    heard_at = given.heard_at()
    await given.end()
    given.server.channels.clear()
    given.watch = given.new_watch()
    await given.begin()
    row = await given.until(lambda: given.ended(leaves))
    [gap] = await given.until(given.gaps)
    assert (gap.why, gap.began_at) == (Blind.ENGINE_AWAY, heard_at)
    assert row.end_reason is EndReason.UNKNOWN_END


async def test_a_ghost_whom_five_later_callers_have_passed_is_looked_for_and_closed(given: Given) -> None:
    ghost, waits = await given.one_waits(1), await given.one_waits(2)
    given.server.channels.pop(0)
    for number in range(3, 8):
        given.saw(await given.one_waits(number), Seen.ANSWERED)
    row = await given.until(lambda: given.ended(ghost))
    assert row.end_reason is EndReason.UNKNOWN_END
    assert given.ended(waits) is None
    assert any("向 Asterisk 核实" in line["event"] for line in given.said)
    assert given.gaps() == []
