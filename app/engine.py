"""引擎进程: decisions for Asterisk, the journal, the outbox, tickets; says who listens to whom.

What it meets outside of itself is handed over as :class:`app.engine_edges.Edges`, so that a rehearsal
(``./hotline simulate``) runs this very engine on a virtual clock.
"""

import asyncio
import sys

import structlog

from agi_scripts.fastagi import AgiDoor, AgiServer
from agi_scripts.spool import AwaySpool
from app.archive import archive_of
from app.call_log_opening import open_call_log
from app.engine_edges import Edges, real_edges
from app.engine_seats import SeatRoom
from app.instance import Instance
from app.outward_listeners import outward_listeners
from app.own_process import run_process
from app.recogniser_line import LineNeeds, RecogniserLine
from app.study_watch import StudyWatch
from app.work_clocks import WorkClocks
from core.bus import Bus
from core.chore import Chore
from core.database import DatabaseTrouble
from core.events import (
    CallAnswered,
    CallArrived,
    CallEnded,
    Fact,
    LiveFact,
    RecordingCompressed,
    RecordingReady,
    SuggestionReady,
    TranscriptReady,
)
from core.night import Night
from core.outbox import KEEP_TOLD, Listener, Outbox
from queue_manager.desk import JournalDesk, Node
from queue_manager.forgetting import Forgetting
from queue_manager.watch import Watch
from recordings.desk import RecordingDesk
from recordings.rule import FILE as KEEPING_RULE
from tickets.desk import TicketDesk

log = structlog.get_logger(__name__)

SPOOL_SECONDS = 2.0
SWITCH_SECONDS = 0.0005


class Engine:
    """Everything of the engine, constructed once; nothing runs before :meth:`run`."""

    def __init__(self, instance: Instance, edges: Edges) -> None:
        """Wire the rooms."""
        self._instance = instance
        self._clock = edges.clock
        self._database = edges.database
        self._bus = Bus()
        self._outbox = Outbox(self._database)
        self._tickets = TicketDesk(self._database, self._outbox, edges.chance)
        archive = archive_of(instance, self._database, self._clock)
        self._recordings = RecordingDesk(archive, self._outbox, instance.profile / KEEPING_RULE)
        node = Node(
            name=instance.settings.node, logs=instance.asterisk / "log", recordings=instance.recordings
        )
        self._journal = JournalDesk(self._database, self._outbox, self._bus, node, self._clock)
        self._watch = Watch(self._journal, edges.ami, node)
        self._seats = SeatRoom(instance, edges, self._watch)
        self._call_log = open_call_log(instance, self._database, self._clock)
        self._work = WorkClocks(instance.profile, self._database, self._outbox, self._clock)
        sends = instance.settings.web.use
        self._study = StudyWatch(instance.profile, self._database, self._clock, sends=sends)
        self._night = self._make_night()
        self._line = self._make_line()
        self._outward = edges.outward
        self._agi = self._make_agi()
        self._bus.listen(LiveFact, self._line.tell)
        self._outbox.connect(*self._listeners())

    async def run(self) -> None:
        """Serve until cancelled."""
        await self._agi.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._seats.run())
                group.create_task(self._watch.run())
                group.create_task(self._outbox.deliver())
                group.create_task(self._fetch_away_calls())
                group.create_task(self._recordings.run())
                group.create_task(self._line.run())
                group.create_task(self._work.run())
                group.create_task(self._study.run())
                group.create_task(self._call_log.keeper.run())
                group.create_task(self._night.run())
                if self._outward is not None:
                    group.create_task(self._outward.run())
                self._instance.say_ready("engine")
                log.info("引擎就绪", node=self._instance.settings.node)
        finally:
            await self._agi.stop()

    def _listeners(self) -> list[Listener]:
        listeners = [
            Listener(
                name="tickets",
                wants={
                    CallAnswered: self._tickets.draft,
                    RecordingReady: self._tickets.add_recording,
                    RecordingCompressed: self._tickets.add_recording,
                    TranscriptReady: self._tickets.add_transcript,
                    SuggestionReady: self._tickets.add_suggestion,
                },
            ),
            Listener(name="recordings", wants={CallEnded: self._recordings.call_ended}),
            self._line.listener,
            self._call_log.log.listener,
        ]
        listeners += outward_listeners(self._instance, self._database, self._clock)
        return listeners + ([self._outward.listener] if self._outward else [])

    def _make_night(self) -> Night:
        keep_days = self._instance.settings.journal.keep_days
        chores: dict[str, Chore] = {
            "清理目击明细": Forgetting(self._database, self._clock, keep_days).tonight,
            "清理发件箱": lambda: self._outbox.forget_told(self._clock.now() - KEEP_TOLD),
            "核对录音": self._recordings.tidy_up,
        }
        return Night(self._clock, chores)

    def _make_line(self) -> RecogniserLine:
        return RecogniserLine(
            LineNeeds(
                socket=self._instance.intercom,
                node=self._instance.settings.node,
                database=self._database,
                outbox=self._outbox,
                clock=self._clock,
            )
        )

    def _make_agi(self) -> AgiServer:
        settings = self._instance.settings
        door = AgiDoor(port=settings.doors.agi, node=settings.node, prompts=self._instance.prompts)
        return AgiServer(door, self._seats.flows, self._saw, self._clock)

    async def _fetch_away_calls(self) -> None:
        """Take over the calls that Asterisk's own script noted while we were away, or too slow for it."""
        spool = AwaySpool(self._instance.away_spool, self._instance.settings.node)
        while True:
            try:
                if await spool.deliver(self._journal.note):
                    # some of them may be over, and nobody will tell us any more
                    self._watch.check_again()
            except DatabaseTrouble:
                log.warning("数据库不在, 值守来电稍后再登记")
            await asyncio.sleep(SPOOL_SECONDS)

    def _saw(self, fact: Fact) -> None:
        if isinstance(fact, CallArrived):
            self._watch.saw(fact)
        else:
            self._bus.tell(fact)


async def _serve(instance: Instance) -> int:
    # A citizen's next sentence must not wait 5 ms for the thread that writes rows to be interrupted.
    sys.setswitchinterval(SWITCH_SECONDS)
    edges = real_edges(instance)
    try:
        await Engine(instance, edges).run()
    finally:
        edges.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(run_process("engine", _serve))
