"""What the tests of the recording desk begin with."""

from pathlib import Path

from core.database import Database
from core.events import EndReason, RecordingCompressed, RecordingReady
from core.ids import CallId
from recordings import store
from recordings.desk import RecordingDesk
from recordings.model import Recording
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.recordings import FakeCallBook, archive, ended


class Given:
    """A recording desk on a fresh database, and a journal that knows one call."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.folder = folder
        self.path = folder / f"{CALL}.raw"
        self.clock = StandingClock()
        self.ear = Ear(RecordingReady, RecordingCompressed)
        self.outbox = self.ear.connect(database)
        self.database = database
        self.book = FakeCallBook()
        self.book.add(CALL, self.path)
        self.archive = archive(database, folder, self.clock, self.book)
        self.rule = folder.parent / "recordings.toml"
        self.desk = RecordingDesk(self.archive, self.outbox, self.rule)

    async def call(self, seconds: float, reason: EndReason = EndReason.ANSWERED) -> None:
        await self.desk.call_ended(ended(self.clock.forward(seconds), reason))

    async def told(self) -> list[RecordingReady]:
        await self.outbox.deliver_once()
        return [fact for fact in self.ear.heard if isinstance(fact, RecordingReady)]

    def heard(self, *, failed: bool = False) -> None:
        self.database.now(lambda c: store.mark_heard(c, CALL, failed=failed))

    def unheard(self) -> list[Recording]:
        return self.database.now(lambda c: store.unheard(c, "hotline"))

    def row(self, call_id: CallId = CALL) -> Recording:
        found = self.database.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found
